import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { ClusterSpec, MachinePool, MachineRole, StaticHost } from "./cluster-spec.ts";
import type { Identity } from "./identity.ts";
import type { VSphereMachinePlan } from "./platforms/vsphere/spec.ts";

/** One virtual machine to be made: everything about it that is decided before it exists. */
export interface MachinePlan {
  /** `<infraID>-bootstrap`, `<infraID>-master-0`, `<infraID>-worker-0`: VM, host and node name. */
  readonly name: string;
  readonly role: MachineRole;
  /** Number within its pool. */
  readonly index: number;
  readonly pool: string;
  readonly cpus: number;
  readonly memoryMB: number;
  readonly diskSizeGB: number;
  /** Lower-case, from the range that KVM (52:54:00) or vSphere (00:50:56:00 to 3f) leaves to the user; each once in a plan. */
  readonly macAddress: string;
  /** Set when the address is ours to decide (managed network or static host); without prefix length. */
  readonly ipAddress?: string;
  /** The host entry this machine was matched with. */
  readonly staticHost?: StaticHost;
  /** Present exactly on vSphere. */
  readonly vsphere?: VSphereMachinePlan;
}

/** Where things sit in the first machine network when it is ours. Offsets from the network address. */
export const ADDRESS_OFFSETS = { gateway: 1, apiVip: 5, ingressVip: 6, bootstrap: 9, controlPlane: 10, compute: 20, firstDynamic: 100 } as const;

/** The address `offset` places after the network address of an IPv4 CIDR. */
export function addressAt(cidr: string, offset: number): string {
  const network = ipaddr.IPv4.networkAddressFromCIDR(cidr).toByteArray();
  const value = (network[0] ?? 0) * 2 ** 24 + (network[1] ?? 0) * 2 ** 16 + (network[2] ?? 0) * 2 ** 8 + (network[3] ?? 0) + offset;
  return [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join(".");
}

/** All machines of a cluster, bootstrap first, in an order that never changes for the same input. */
export function planMachines(spec: ClusterSpec, identity: Identity): readonly MachinePlan[] {
  const { controlPlane, compute } = spec.pools;
  const planner = new Planner(spec, identity);
  // OpenShift too puts the bootstrap machine where the first control-plane machine goes, and gives it the same sockets.
  const plans = [planner.machine("bootstrap", 0, { ...controlPlane, ...bootstrapSize(spec), name: "bootstrap" })];
  for (const pool of [controlPlane, ...compute])
    for (let index = 0; index < pool.replicas; index++) plans.push(planner.machine(pool.role, index, pool));
  return plans;
}

function bootstrapSize(spec: ClusterSpec): { cpus: number; memoryMB: number; diskSizeGB: number } | undefined {
  return spec.platform.name === "kvm" ? spec.platform.bootstrap : undefined;
}

class Planner {
  readonly #spec: ClusterSpec;
  readonly #infraID: string;
  readonly #macs: Set<string>;

  constructor(spec: ClusterSpec, { infraID }: Identity) {
    this.#spec = spec;
    this.#infraID = infraID;
    this.#macs = new Set(spec.hosts.flatMap(({ macAddress }) => macAddress?.toLowerCase() ?? []));
  }

  machine(role: MachineRole, index: number, pool: MachinePool): MachinePlan {
    const name = role === "bootstrap" ? `${this.#infraID}-bootstrap` : `${this.#infraID}-${pool.name}-${index}`;
    const staticHost = this.#spec.hosts.filter((host) => host.role === role)[index];
    const ipAddress = staticHost?.ipAddrs[0]?.split("/")[0] ?? managedAddress(this.#spec, role, index);
    return {
      name,
      role,
      index,
      pool: pool.name,
      cpus: pool.cpus,
      memoryMB: pool.memoryMB,
      diskSizeGB: pool.diskSizeGB,
      macAddress: staticHost?.macAddress?.toLowerCase() ?? this.#newMac(name),
      ...(ipAddress === undefined ? {} : { ipAddress }),
      ...(staticHost === undefined ? {} : { staticHost }),
      ...vsphereOf(role, index, pool, staticHost),
    };
  }

  /** One address in four million is taken by chance: then the next that belongs to the name. */
  #newMac(name: string): string {
    for (let attempt = 0; ; attempt++) {
      const mac = macAddressOf(this.#infraID, attempt === 0 ? name : `${name}/${attempt}`, this.#spec.platform.name);
      if (this.#macs.has(mac)) continue;
      this.#macs.add(mac);
      return mac;
    }
  }
}

/** In turn over the pool's zones, as OpenShift's installer does, unless the user has said where this machine goes. */
function vsphereOf(role: MachineRole, index: number, { vsphere }: MachinePool, host: StaticHost | undefined): Pick<MachinePlan, "vsphere"> {
  if (vsphere === undefined) return {};
  const { zones, coresPerSocket, dataDisks } = vsphere;
  const failureDomain = host?.failureDomain ?? zones[index % zones.length] ?? "";
  return { vsphere: { failureDomain, coresPerSocket, dataDisks: role === "bootstrap" ? [] : dataDisks } };
}

/** Who a compute machine is until it is a node: what the one bootstrap credential of compute machines says. */
export const COMPUTE_BOOTSTRAP_USER = "system:bootstrap:virt-ipi";

/**
 * Who a machine is when it asks for its first certificate. A control-plane machine makes that credential itself, from the authority's key
 * that it has, so that no other machine can ask in its name: see `templates/kubernetes/scripts/machine-certificates`.
 */
export const bootstrapUserOf = ({ name, role }: Pick<MachinePlan, "name" | "role">): string =>
  role === "compute" ? COMPUTE_BOOTSTRAP_USER : `system:bootstrap:${name}`;

/** CIDR of the machine network, where it is ours and we decide its addresses. */
function managedNetwork({ platform, networking }: ClusterSpec): string | undefined {
  return platform.name === "kvm" && platform.network.kind === "managed" ? networking.machineNetwork[0] : undefined;
}

/** Addresses in the machine networks that belong to no single machine, as far as they are known: VIPs, gateways and DNS servers. */
export function reservedAddresses(spec: ClusterSpec): readonly string[] {
  const managed = managedNetwork(spec);
  const ofHosts = spec.hosts.flatMap(({ gateway, nameservers }) => [...(gateway === undefined ? [] : [gateway]), ...nameservers]);
  // The gateway of a network of ours is its DNS server too.
  const ofNetwork = managed === undefined ? [] : [addressAt(managed, ADDRESS_OFFSETS.gateway)];
  return [...new Set([...spec.vips.api, ...spec.vips.ingress, ...ofNetwork, ...ofHosts])];
}

/** A machine's addresses as far as we decide them, without prefix length. */
export function plannedAddresses({ ipAddress, staticHost }: Pick<MachinePlan, "ipAddress" | "staticHost">): readonly string[] {
  const fixed = (staticHost?.ipAddrs ?? []).map((address) => address.split("/")[0] ?? address);
  return [...new Set([...(ipAddress === undefined ? [] : [ipAddress]), ...fixed])];
}

function managedAddress(spec: ClusterSpec, role: MachineRole, index: number): string | undefined {
  const cidr = managedNetwork(spec);
  if (cidr === undefined) return undefined;
  const first = role === "bootstrap" ? ADDRESS_OFFSETS.bootstrap : role === "control-plane" ? ADDRESS_OFFSETS.controlPlane : ADDRESS_OFFSETS.compute;
  return addressAt(cidr, first + index);
}

/**
 * A MAC address that stays the same for a machine's whole life, also when it is made again.
 * @param platform `vsphere` takes it from the only range in which vCenter accepts addresses that it has not given out itself
 */
export function macAddressOf(infraID: string, machineName: string, platform = "kvm"): string {
  const [first = 0, ...rest] = createHash("sha256").update(`${infraID}/${machineName}`).digest().subarray(0, 3);
  const prefix = platform === "vsphere" ? ["00", "50", "56"] : ["52", "54", "00"];
  const bytes = [platform === "vsphere" ? first & 0x3f : first, ...rest];
  return [...prefix, ...bytes.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
