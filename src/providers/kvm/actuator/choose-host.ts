import type { Libvirt } from "../libvirt.ts";
import { availableMB } from "../preflight/host.ts";
import type { MachineHost } from "./provider-spec.ts";
import { refusal } from "./reasons.ts";

export interface HostMemory {
  readonly totalMB: number;
  /** What machines could have now: free, or held by caches. */
  readonly availableMB: number;
  /** What all running machines may use at most: they take it bit by bit. */
  readonly committedMB: number;
}

export async function memoryOf(libvirt: Libvirt): Promise<HostMemory> {
  const printed = await libvirt.virshAll([["nodememstats"], ["domstats", "--balloon", "--list-active"]]);
  const kib = (pattern: RegExp): number => [...printed.matchAll(pattern)].reduce((sum, [, amount]) => sum + Number(amount), 0);
  return {
    totalMB: Math.floor(kib(/^total\s*:\s*(\d+) KiB/gm) / 1024),
    availableMB: availableMB(printed),
    committedMB: Math.ceil(kib(/^\s*balloon\.maximum=(\d+)/gm) / 1024),
  };
}

export interface HostOffer {
  readonly host: MachineHost;
  readonly memory: HostMemory;
  /** Of machines that are being made there and do not run yet. */
  readonly promisedMB: number;
}

/**
 * The hosts that have room for a machine, the freest first: by the memory that no machine may use yet, times the host's weight. Equal ones stay in
 * the order of the spec.
 * @throws ActuatorRefusal MemoryExceedsHosts, InsufficientMemory
 */
export function rankHosts(offers: readonly HostOffer[], memoryMB: number): readonly MachineHost[] {
  const shown = offers
    .map(({ host, memory, promisedMB }) => `${memory.availableMB - promisedMB} of ${memory.totalMB} MiB free on ${host.uri}`)
    .join(", ");
  if (offers.every(({ memory }) => memory.totalMB < memoryMB))
    throw refusal("MemoryExceedsHosts", `memoryMB: no host has ${memoryMB} MiB at all (${shown})`);
  const free = ({ host, memory, promisedMB }: HostOffer): number => (memory.totalMB - memory.committedMB - promisedMB) * host.weight;
  const fitting = offers.filter(({ memory, promisedMB }) => memory.availableMB - promisedMB >= memoryMB);
  if (fitting.length === 0) throw refusal("InsufficientMemory", `${memoryMB} MiB are wanted, but there are only ${shown}`);
  return fitting.toSorted((a, b) => free(b) - free(a)).map(({ host }) => host);
}
