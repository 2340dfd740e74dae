import { credentialsIn, type Environment } from "../../../util/index.ts";
import type { InstallConfig } from "../../install-config.ts";
import type { KvmConfig } from "./spec.ts";
import { forbidden, invalid, type IssueDraft, required, unsupported } from "../../issue.ts";
import { isSystemFolder } from "../../system-folders.ts";
import { imageRules, isCleanPath } from "../os-image.ts";
import { hostRules } from "../static-hosts.ts";
import type { SizeInput } from "../machine-size.ts";
import { addressRules } from "./addresses.ts";
import { kvmCapabilityRules } from "./openshift.ts";
import { connectionUriProblem } from "./connection-uri.ts";

const PATH = "platform.kvm";
const SMALLEST = { cpus: 1, memoryMB: 1024, diskSizeGB: 8 } as const;
const LONGEST_INTERFACE = 15;

export function kvmRules(config: InstallConfig, env: Environment): readonly IssueDraft[] {
  const kvm = config.platform?.kvm;
  if (kvm === undefined) return [];
  const hosts = kvm.hosts ?? [];
  return [
    ...uriRules(kvm.uri, `${PATH}.uri`, env),
    ...machineHostRules(config, kvm, env),
    ...storageRules(kvm.storagePool),
    ...networkRules(kvm.network),
    ...imageRules(`${PATH}.clusterOSImage`, kvm.clusterOSImage),
    ...sizeRules(kvm.bootstrap, `${PATH}.bootstrap`),
    ...sizeRules(kvm.defaultMachinePlatform, `${PATH}.defaultMachinePlatform`),
    ...sizeRules(config.controlPlane.platform?.kvm, "controlPlane.platform.kvm"),
    ...config.compute.flatMap((pool, index) => sizeRules(pool.platform?.kvm, `compute[${index}].platform.kvm`)),
    ...hostRules(config, PATH, hosts, kvm),
    ...hostCountRules(config, hosts),
    ...addressRules(config),
    ...kvmCapabilityRules(config),
  ];
}

function machineHostRules({ machineManagement }: InstallConfig, kvm: KvmConfig, env: Environment): readonly IssueDraft[] {
  const { machineHosts = [], uri = "qemu:///system", network, storagePool } = kvm;
  const at = `${PATH}.machineHosts`;
  if (machineHosts.length === 0) return [];
  return [
    ...(machineManagement === "MachineSets" ? [] : [forbidden(at, "is only possible with machineManagement: MachineSets")]),
    ...(network?.bridge === undefined ? [forbidden(at, "needs network.bridge: a managed network is on one host")] : []),
    ...(storagePool?.name === undefined ? [forbidden(at, "needs storagePool.name: a pool of the cluster's own is on one host")] : []),
    ...machineHosts.flatMap((host, index) => [
      ...uriRules(host, `${at}[${index}]`, env),
      ...([uri, ...machineHosts.slice(0, index)].includes(host) ? [invalid(`${at}[${index}]`, host, "names a host a second time")] : []),
    ]),
  ];
}

function uriRules(uri: string | undefined, at: string, env: Environment): readonly IssueDraft[] {
  const problem = uri === undefined ? undefined : connectionUriProblem(uri, env);
  if (problem === undefined) return [];
  return [problem.supported === undefined ? invalid(at, uri, problem.message) : unsupported(at, uri, problem.supported)];
}

function storageRules(pool: KvmConfig["storagePool"]): readonly IssueDraft[] {
  if (pool === undefined) return [];
  const at = `${PATH}.storagePool`;
  if (pool.name !== undefined && pool.path !== undefined) return [invalid(at, pool, "give either name or path")];
  if (pool.name === undefined && pool.path === undefined) return [required(at, "give the name of a pool or the path of a folder")];
  // It is part of metadata.json, where no password belongs.
  if (pool.name !== undefined && (!/^[^\s/]+$/.test(pool.name) || credentialsIn(pool.name).length > 0))
    return [invalid(`${at}.name`, pool.name, "must be the name of a libvirt pool: no spaces, no slashes")];
  if (pool.path !== undefined && !isCleanPath(pool.path))
    return [invalid(`${at}.path`, pool.path, "must be an absolute path of a folder below /, without ..")];
  if (pool.path !== undefined && isSystemFolder(pool.path))
    return [invalid(`${at}.path`, pool.path, "is a folder of the system; give one of the machines' own below it, such as /srv/virt-ipi")];
  return [];
}

function networkRules(network: KvmConfig["network"]): readonly IssueDraft[] {
  if (network === undefined) return [];
  const at = `${PATH}.network.bridge`;
  if ((network.bridge ?? "") === "") return [required(at, "name a bridge, or leave network out for a managed network")];
  return network.bridge !== undefined && (network.bridge.length > LONGEST_INTERFACE || !/^[\w.@-]+$/.test(network.bridge))
    ? [invalid(at, network.bridge, "is not the name of a network interface")]
    : [];
}

function sizeRules(size: SizeInput | undefined, path: string): readonly IssueDraft[] {
  const parts: readonly [string, number | undefined, number][] = [
    ["cpus", size?.cpus, SMALLEST.cpus],
    ["memoryMB", size?.memoryMB, SMALLEST.memoryMB],
    ["osDisk.diskSizeGB", size?.osDisk?.diskSizeGB, SMALLEST.diskSizeGB],
  ];
  return parts.flatMap(([key, value, least]) =>
    value === undefined || value >= least ? [] : [invalid(`${path}.${key}`, value, `must be at least ${least}`)],
  );
}

function hostCountRules(config: InstallConfig, hosts: NonNullable<KvmConfig["hosts"]>): readonly IssueDraft[] {
  const limits = {
    bootstrap: 1,
    "control-plane": config.controlPlane.replicas,
    compute: config.compute.reduce((sum, pool) => sum + pool.replicas, 0),
  } as const;
  const counts = { bootstrap: 0, "control-plane": 0, compute: 0 };
  return hosts.flatMap(({ role }, index) => {
    if (role === undefined || ++counts[role] <= limits[role]) return [];
    return [forbidden(`${PATH}.hosts[${index}].role`, `there are more ${role} hosts than machines of that role (${limits[role]})`)];
  });
}
