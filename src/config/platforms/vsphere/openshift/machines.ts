import type { MachinePool, MachineRole, StaticHost } from "../../../cluster-spec.ts";
import {
  fileNumber,
  machineLabels,
  MACHINE_API_NAMESPACE,
  machineObject,
  machineSetObject,
  specOf,
  streamLabels,
} from "../../../openshift/machine-objects.ts";
import type { PlatformAssetInput, PlatformManifest } from "../../openshift-platform.ts";
import { machineOf } from "../machine.ts";
import { type NetworkDevice, providerSpec, type VSphereProviderSpec } from "./provider-spec.ts";
import { addressManifests, hostDevice, laterDevice } from "./static-addresses.ts";

const FOLDER = "openshift/99_openshift-cluster-api_";

/** The machines of the control plane, and what makes those of the others: MachineSets, or with addresses of their own machines too. */
export function machineManifests(input: PlatformAssetInput): readonly PlatformManifest[] {
  const { controlPlane, compute } = input.spec.pools;
  const masters = machinesOf(input, controlPlane);
  return [
    ...manifestsOf(input, controlPlane, masters),
    ...(masters.length > 1 ? [controlPlaneMachineSet(input, controlPlane, masters)] : []),
    ...compute.flatMap((pool) => [
      ...machineSets(input, pool),
      ...(input.spec.hosts.length === 0 ? [] : manifestsOf(input, pool, machinesOf(input, pool))),
    ]),
  ];
}

interface OneMachine {
  readonly index: number;
  readonly failureDomain: string;
  readonly provider: VSphereProviderSpec;
  readonly host?: StaticHost;
}

const hostsOf = ({ spec }: PlatformAssetInput, role: MachineRole): readonly StaticHost[] => spec.hosts.filter((host) => host.role === role);

function machinesOf(input: PlatformAssetInput, pool: MachinePool): readonly OneMachine[] {
  const hosts = hostsOf(input, pool.role);
  return Array.from({ length: pool.replicas }, (_, index) => {
    const host = hosts[index];
    const failureDomain = machineOf(pool.role, index, pool, host).vsphere?.failureDomain ?? "";
    const change = host === undefined ? undefined : (device: NetworkDevice, number: number) => hostDevice(device, number, host);
    return { index, failureDomain, provider: providerSpec(input, pool, failureDomain, change), ...(host === undefined ? {} : { host }) };
  });
}

const manifestsOf = (input: PlatformAssetInput, pool: MachinePool, machines: readonly OneMachine[]): readonly PlatformManifest[] =>
  machines.flatMap(({ index, provider, host }) => {
    const object = machineObject(input, pool.name, index, provider);
    return [
      { path: `${FOLDER}${pool.name}-machines-${fileNumber(index, machines.length)}.yaml`, object },
      ...(host === undefined ? [] : addressManifests(input, object.metadata.name, host)),
    ];
  });

/** One for each zone, with an equal share of the machines: the first have one more where that leaves some. */
function machineSets(input: PlatformAssetInput, pool: MachinePool): readonly PlatformManifest[] {
  const zones = pool.vsphere?.zones ?? [];
  const isStatic = input.spec.hosts.length > 0;
  const nameservers = hostsOf(input, pool.role)[0]?.nameservers ?? [];
  const change = isStatic ? (device: NetworkDevice, number: number) => laterDevice(device, number, nameservers) : undefined;
  return zones.map((zone, index) => {
    const share = Math.floor(pool.replicas / zones.length) + (index < pool.replicas % zones.length ? 1 : 0);
    const labels = { "machine.openshift.io/cluster-api-cluster": input.identity.infraID };
    return {
      path: `${FOLDER}worker-machineset-${fileNumber(index, zones.length)}.yaml`,
      // The machines that are there at first have manifests of their own then.
      object: machineSetObject(input, pool.name, index, isStatic ? 0 : share, providerSpec(input, pool, zone, change), labels),
    };
  });
}

/** Replaces control-plane machines in the failure domains of the first ones: where a machine goes is left out of its provider spec. */
function controlPlaneMachineSet(input: PlatformAssetInput, pool: MachinePool, machines: readonly OneMachine[]): PlatformManifest {
  const { openshift, contract, identity } = input;
  const { state = "Active", strategy = {} } = openshift.config.controlPlane.machineSet ?? {};
  const labels = machineLabels(identity.infraID, pool.name);
  const domains = [...new Set(machines.map(({ failureDomain }) => failureDomain))];
  const last = machines.at(-1);
  const devices = last?.provider.network.devices?.[0];
  const provider = {
    ...last?.provider,
    template: "",
    workspace: {},
    network: {
      devices: devices?.addressesFromPools === undefined ? null : [(({ networkName: _ofDomain, ...rest }) => rest)(devices)],
    },
  };
  return {
    path: "openshift/99_openshift-machine-api_master-control-plane-machine-set.yaml",
    object: {
      apiVersion: "machine.openshift.io/v1",
      kind: "ControlPlaneMachineSet",
      metadata: {
        name: "cluster",
        namespace: MACHINE_API_NAMESPACE,
        labels: { "machine.openshift.io/cluster-api-cluster": identity.infraID, ...streamLabels(openshift) },
      },
      spec: {
        replicas: pool.replicas,
        selector: { matchLabels: labels },
        state,
        strategy,
        template: {
          machineType: "machines_v1beta1_machine_openshift_io",
          machines_v1beta1_machine_openshift_io: {
            failureDomains: { platform: "VSphere", vsphere: domains.map((name) => ({ name })) },
            metadata: { labels: { ...labels, ...streamLabels(openshift) } },
            spec: specOf(provider, contract),
          },
        },
      },
      status: {},
    },
  };
}
