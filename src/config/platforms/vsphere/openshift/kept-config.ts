import type { InstallConfig } from "../../../install-config.ts";
import type { Contract } from "../../../openshift/contract.ts";
import { filled, notEmpty } from "../../../optional.ts";
import type { VsphereConfig, VspherePool } from "../spec.ts";
import { topologyPaths } from "../topology-paths.ts";

/** Of failure domains, vCenters, addresses of machines, and sizes. */
export const KEPT_AS_GIVEN = [
  ...["region", "zone", "server", "datacenter", "computeCluster", "datastore", "networks", "datacenters", "user"],
  ...["failureDomain", "ipAddrs", "networkDevice", "role"],
  ...["cpus", "coresPerSocket", "memoryMB", "diskSizeGB", "sizeGiB"],
] as const;

/** What versions that do not keep all leave out. */
const LEFT_OUT = { nodeNetworking: undefined, loadBalancer: undefined, dnsRecordsType: undefined, hosts: undefined } as const;

/** `platform.vsphere` as OpenShift's installer gives it to the cluster: paths complete, and no word on how the vCenters are reached. */
export function keptPlatform(platform: unknown, contract: Contract): VsphereConfig {
  const { username: _user, password: _password, ...vsphere } = platform as VsphereConfig;
  const { defaultMachinePlatform } = vsphere;
  return {
    ...vsphere,
    ...(defaultMachinePlatform === undefined ? {} : { defaultMachinePlatform: numbered(defaultMachinePlatform, contract) }),
    vcenters: vsphere.vcenters?.map(({ port: _port, ...vcenter }) => vcenter),
    failureDomains: vsphere.failureDomains?.map(keptDomain),
    ...(contract.inventory.keepsWholePlatform ? wholeKept(vsphere) : LEFT_OUT),
  };
}

/** What these versions write although it was not given. */
const wholeKept = ({ dnsRecordsType = "Internal", hosts, nodeNetworking }: VsphereConfig) => ({
  dnsRecordsType,
  hosts: hosts?.map((host) => ({ ...host, failureDomain: host.failureDomain ?? "" })),
  nodeNetworking: nodeNetworking && { external: {}, internal: {}, ...nodeNetworking },
});

function keptDomain({ topology = {}, ...domain }: NonNullable<VsphereConfig["failureDomains"]>[number]) {
  // A file in the old form may name none, which is one without a name.
  const networks = topology.networks ?? [""];
  const { computeCluster, datastore, resourcePool, folder, template } = topologyPaths(topology);
  const pool = notEmpty(resourcePool) ?? (computeCluster === "" ? undefined : `${computeCluster}/Resources`);
  return {
    ...domain,
    topology: {
      ...topology,
      networks,
      computeCluster,
      datastore,
      resourcePool: pool,
      folder: notEmpty(folder),
      template: notEmpty(template),
    },
  };
}

/** A pool's part; its zones are all of them where it names none. */
export function keptPool(pool: unknown, { platform }: InstallConfig, contract: Contract): VspherePool {
  const own = numbered(pool as VspherePool, contract);
  const all = (platform?.vsphere?.failureDomains ?? []).flatMap(({ name }) => name ?? []);
  return { ...own, zones: filled(own.zones) ?? all };
}

/** Numbers that are not given are 0; in some versions, there being no disks is said too. */
function numbered({ cpus = 0, coresPerSocket = 0, memoryMB = 0, osDisk, dataDisks, zones }: VspherePool, contract: Contract): VspherePool {
  const noDisks = contract.inventory.saysNoDisks ? { dataDisks: null as unknown as undefined } : {};
  return {
    cpus,
    coresPerSocket,
    memoryMB,
    osDisk: { diskSizeGB: osDisk?.diskSizeGB ?? 0 },
    ...(filled(dataDisks) === undefined ? noDisks : { dataDisks }),
    ...(filled(zones) === undefined ? {} : { zones }),
  };
}
