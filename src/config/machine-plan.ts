import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { ClusterSpec, MachineRole, StaticHost } from "./cluster-spec.ts";
import type { Identity } from "./identity.ts";

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
  /** Lower-case, in the range of locally administered KVM addresses (52:54:00). */
  readonly macAddress: string;
  /** Set when the address is ours to decide (managed network or static host); without prefix length. */
  readonly ipAddress?: string;
  /** The host entry this machine was matched with. */
  readonly staticHost?: StaticHost;
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
  const plans = [one(spec, identity, "bootstrap", 0, "bootstrap", { ...controlPlane, ...bootstrapSize(spec) })];
  for (let index = 0; index < controlPlane.replicas; index++)
    plans.push(one(spec, identity, "control-plane", index, controlPlane.name, controlPlane));
  for (const pool of compute) for (let index = 0; index < pool.replicas; index++) plans.push(one(spec, identity, "compute", index, pool.name, pool));
  return plans;
}

function bootstrapSize(spec: ClusterSpec): { cpus: number; memoryMB: number; diskSizeGB: number } | undefined {
  return spec.platform.name === "kvm" ? spec.platform.bootstrap : undefined;
}

interface Size {
  readonly cpus: number;
  readonly memoryMB: number;
  readonly diskSizeGB: number;
}

function one(spec: ClusterSpec, identity: Identity, role: MachineRole, index: number, pool: string, size: Size): MachinePlan {
  const name = role === "bootstrap" ? `${identity.infraID}-bootstrap` : `${identity.infraID}-${pool}-${index}`;
  const staticHost = spec.hosts.filter((host) => host.role === role)[index];
  const ipAddress = staticHost?.ipAddrs[0]?.split("/")[0] ?? managedAddress(spec, role, index);
  return {
    name,
    role,
    index,
    pool,
    cpus: size.cpus,
    memoryMB: size.memoryMB,
    diskSizeGB: size.diskSizeGB,
    macAddress: staticHost?.macAddress?.toLowerCase() ?? macAddressOf(identity.infraID, name),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(staticHost === undefined ? {} : { staticHost }),
  };
}

function managedAddress(spec: ClusterSpec, role: MachineRole, index: number): string | undefined {
  const cidr = spec.networking.machineNetwork[0];
  if (spec.platform.name !== "kvm" || spec.platform.network.kind !== "managed" || cidr === undefined) return undefined;
  const first = role === "bootstrap" ? ADDRESS_OFFSETS.bootstrap : role === "control-plane" ? ADDRESS_OFFSETS.controlPlane : ADDRESS_OFFSETS.compute;
  return addressAt(cidr, first + index);
}

/** A MAC address that stays the same for a machine's whole life, also when it is made again. */
export function macAddressOf(infraID: string, machineName: string): string {
  const digest = createHash("sha256").update(`${infraID}/${machineName}`).digest();
  return ["52", "54", "00", ...[...digest.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
