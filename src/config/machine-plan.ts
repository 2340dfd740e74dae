import type { ClusterSpec, MachinePlan, MachinePool, MachineRole } from "./cluster-spec.ts";
import type { Identity } from "./identity.ts";
import { freeMacAddress } from "./network/mac-address.ts";
import { ADDRESS_OFFSETS, addressAt } from "./network/managed-addresses.ts";
import type { PlatformConfig } from "./platforms/platform-config.ts";
import { platformConfigOf } from "./platforms/registry.ts";

/** All machines that the installer creates, bootstrap first, in an order that never changes for the same input. */
export function planMachines(spec: ClusterSpec, identity: Identity): readonly MachinePlan[] {
  const { controlPlane, compute } = spec.pools;
  const planner = new Planner(spec, identity);
  // OpenShift too puts the bootstrap machine where the first control-plane machine goes, and gives it the same sockets.
  const plans = [planner.machine("bootstrap", 0, { ...controlPlane, ...platformConfigOf(spec)?.bootstrapSize?.(spec), name: "bootstrap" })];
  for (const pool of [controlPlane, ...(spec.machineManagement === "MachineSets" ? [] : compute)])
    for (let index = 0; index < pool.replicas; index++) plans.push(planner.machine(pool.role, index, pool));
  return plans;
}

/**
 * All machines that there will be once the cluster is installed, those too that it creates itself, whose names are not known yet: how many they are
 * and how large, for what must be there before.
 */
export function expectedMachines(spec: ClusterSpec, identity: Identity): readonly MachinePlan[] {
  const { machineManagement: _, ...allOurs } = spec;
  return planMachines(allOurs, identity);
}

class Planner {
  readonly #spec: ClusterSpec;
  readonly #platform: PlatformConfig | undefined;
  readonly #infraID: string;
  readonly #macs: Set<string>;

  constructor(spec: ClusterSpec, { infraID }: Identity) {
    this.#spec = spec;
    this.#platform = platformConfigOf(spec);
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
      ...this.#platform?.machine?.(role, index, pool, staticHost),
    };
  }

  #newMac(name: string): string {
    const mac = freeMacAddress(this.#infraID, name, (each) => this.#macs.has(each), this.#platform?.macRange);
    this.#macs.add(mac);
    return mac;
  }
}

/** Who a compute machine is until it is a node: what the one bootstrap credential of compute machines says. */
export const COMPUTE_BOOTSTRAP_USER = "system:bootstrap:virt-ipi";

/** Who the machine controller is to the API server. */
export const MACHINE_CONTROLLER_USER = "system:virt-ipi:machine-controller";

/**
 * Who a machine is when it asks for its first certificate. A control-plane machine makes that credential itself, from the authority's key
 * that it has, so that no other machine can ask in its name: see `templates/kubernetes/scripts/machine-certificates`.
 */
export const bootstrapUserOf = ({ name, role }: Pick<MachinePlan, "name" | "role">): string =>
  role === "compute" ? COMPUTE_BOOTSTRAP_USER : `system:bootstrap:${name}`;

/** Shell command that prints a compute machine's name, where that is not among what it is started with: the cluster starts all of a set alike. */
export const hostNameCommandOf = (spec: ClusterSpec): string | undefined =>
  spec.machineManagement === "MachineSets" ? platformConfigOf(spec)?.hostNameCommand : undefined;

/** CIDR of the machine network, where virt-ipi creates it and decides all addresses in it. */
export const managedNetwork = (spec: ClusterSpec): string | undefined => platformConfigOf(spec)?.managedNetwork?.(spec);

/** Addresses in the machine networks that belong to no single machine, as far as they are known: VIPs, gateways and DNS servers. */
export function reservedAddresses(spec: ClusterSpec): readonly string[] {
  const managed = managedNetwork(spec);
  const ofHosts = spec.hosts.flatMap(({ gateway, nameservers }) => [...(gateway === undefined ? [] : [gateway]), ...nameservers]);
  // The gateway of a managed network is its DNS server too.
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
