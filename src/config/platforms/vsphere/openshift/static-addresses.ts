import type { StaticHost } from "../../../cluster-spec.ts";
import { MACHINE_API_NAMESPACE } from "../../../openshift/machine-objects.ts";
import { isGateOpen } from "../../../openshift/gates.ts";
import { present } from "../../../optional.ts";
import type { PlatformAssetInput, PlatformManifest } from "../../openshift-platform.ts";
import type { NetworkDevice } from "./provider-spec.ts";

const GROUP = "installer.openshift.io";
const KIND = "IPPool";
const GATE = "ClusterAPIMachineManagement";

/** There is no such pool: the installer itself answers the claims of the first machines. */
const poolName = (index: number): string => `default-${index}`;
const addressPool = (index: number) => ({ group: GROUP, name: poolName(index), resource: KIND });

/** The interface of a machine whose addresses the user gives: the first one of its machine, the others ask a DHCP server. */
export const hostDevice = (device: NetworkDevice, index: number, { nameservers, ipAddrs }: StaticHost): NetworkDevice =>
  index > 0 ? device : { ...device, ...named(nameservers), addressesFromPools: ipAddrs.map((_, address) => addressPool(address)) };

/** Interfaces of machines that are made later: each asks for an address of its own. */
export const laterDevice = (device: NetworkDevice, index: number, nameservers: readonly string[]): NetworkDevice => ({
  ...device,
  ...named(nameservers),
  addressesFromPools: [addressPool(index)],
});

const named = (nameservers: readonly string[]): Pick<NetworkDevice, "nameservers"> => (nameservers.length === 0 ? {} : { nameservers });

/** For each address of a machine its claim, and the address itself: both are there before anybody asks. Source: kubernetes-sigs/cluster-api, ipam. */
export function addressManifests(
  { openshift, contract }: PlatformAssetInput,
  machine: string,
  { ipAddrs, gateway }: StaticHost,
): readonly PlatformManifest[] {
  const isNew = contract.inventory.newIpamBehindGate && isGateOpen(openshift.config, GATE);
  const apiVersion = `ipam.cluster.x-k8s.io/${isNew ? "v1beta2" : "v1beta1"}`;
  return ipAddrs.flatMap((cidr, index) => {
    const name = `${machine}-claim-0-${index}`;
    const [address = "", prefix = ""] = cidr.split("/");
    const poolRef = { apiGroup: GROUP, kind: KIND, name: poolName(index) };
    const metadata = { name, namespace: MACHINE_API_NAMESPACE };
    return [
      {
        path: `openshift/99_openshift-machine-api_claim-${name}.yaml`,
        object: {
          apiVersion,
          kind: "IPAddressClaim",
          metadata: { ...metadata, finalizers: ["machine.openshift.io/ip-claim-protection"] },
          spec: { poolRef },
          status: { addressRef: { name } },
        },
      },
      {
        path: `openshift/99_openshift-machine-api_address-${name}.yaml`,
        object: {
          apiVersion,
          kind: "IPAddress",
          metadata,
          spec: { address, claimRef: { name }, ...present("gateway", gateway), poolRef, prefix: Number(prefix) },
        },
      },
    ];
  });
}
