import type { MachinePool } from "../../../cluster-spec.ts";
import { present } from "../../../optional.ts";
import type { PlatformAssetInput } from "../../openshift-platform.ts";
import { templateName, vmFolder, vmGroupName, type VSpherePlatformSpec } from "../spec.ts";

/** One network interface. */
export interface NetworkDevice {
  readonly networkName?: string;
  readonly nameservers?: readonly string[];
  readonly addressesFromPools?: readonly { readonly group: string; readonly name: string; readonly resource: string }[];
}

/** How the cluster makes a machine in a failure domain. Source: openshift/api, machine/v1beta1, VSphereMachineProviderSpec. */
export interface VSphereProviderSpec {
  readonly apiVersion: string;
  readonly kind: string;
  readonly network: { readonly devices: readonly NetworkDevice[] | null };
  readonly template: string;
  readonly workspace: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** @param change of the network interfaces, where machines have addresses that the user gives */
export function providerSpec(
  { spec, identity: { infraID } }: Pick<PlatformAssetInput, "spec" | "identity">,
  pool: MachinePool,
  domainName: string,
  change: (device: NetworkDevice, index: number) => NetworkDevice = (device) => device,
): VSphereProviderSpec {
  const { failureDomains } = spec.platform as VSpherePlatformSpec;
  const domain = failureDomains.find(({ name }) => name === domainName);
  // The rules have seen to it that zones and hosts name failure domains.
  if (domain === undefined) throw new Error(`there is no failure domain ${domainName}`);
  const { topology, server, name } = domain;
  const { coresPerSocket = pool.cpus, dataDisks = [] } = pool.vsphere ?? {};
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "VSphereMachineProviderSpec",
    credentialsSecret: { name: "vsphere-cloud-credentials" },
    userDataSecret: { name: `${pool.name}-user-data` },
    template: topology.template ?? templateName(infraID, name),
    snapshot: "",
    network: { devices: topology.networks.map((networkName, index) => change({ networkName }, index)) },
    workspace: {
      server,
      datacenter: topology.datacenter,
      datastore: topology.datastore,
      folder: vmFolder(topology, infraID),
      resourcePool: topology.resourcePool,
      ...present("vmGroup", topology.hostGroup === undefined ? undefined : vmGroupName(infraID, name)),
    },
    ...present("tagIDs", topology.tagIDs.length === 0 ? undefined : topology.tagIDs),
    numCPUs: pool.cpus,
    numCoresPerSocket: coresPerSocket,
    memoryMiB: pool.memoryMB,
    diskGiB: pool.diskSizeGB,
    ...present("dataDisks", dataDisks.length === 0 ? undefined : dataDisks),
  };
}
