import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { statOf } from "./process-stat.ts";

/** A process, distinguished from every other one of this and other machines. The last three only where there is a /proc. */
export interface LockOwner {
  readonly pid: number;
  readonly hostname: string;
  /** What it does, for people: `create cluster`. */
  readonly purpose: string;
  /** ISO 8601 */
  readonly since: string;
  readonly startTime?: string;
  /** Of this start of the machine. */
  readonly bootId?: string;
  /** Where its number counts: containers of one machine have their own. */
  readonly pidNamespace?: string;
}

/** This process. */
export async function thisOwner(purpose: string): Promise<LockOwner> {
  const [stat, bootId, pidNamespace] = await Promise.all([
    statOf(process.pid),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
      (text) => text.trim(),
      () => undefined,
    ),
    readlink("/proc/self/ns/pid").catch(() => undefined),
  ]);
  return {
    pid: process.pid,
    hostname: hostname(),
    purpose,
    since: new Date().toISOString(),
    ...(stat === undefined || bootId === undefined || pidNamespace === undefined ? {} : { startTime: stat.startTime, bootId, pidNamespace }),
  };
}

/**
 * Whether a process still lives, by its number and the time it was started: one that is stopped lives. `elsewhere` cannot be distinguished from
 * here: it is on another machine or in another container.
 */
export async function lifeOf(owner: LockOwner, here: LockOwner): Promise<"alive" | "stopped" | "gone" | "elsewhere"> {
  if (owner.bootId === undefined || here.bootId === undefined) return owner.hostname === here.hostname ? lifeByNumber(owner.pid) : "elsewhere";
  // A machine that was started again since.
  if (owner.bootId !== here.bootId) return owner.hostname === here.hostname ? "gone" : "elsewhere";
  if (owner.pidNamespace !== here.pidNamespace) return "elsewhere";
  const stat = await statOf(owner.pid);
  if (stat === undefined || stat.startTime !== owner.startTime || "ZX".includes(stat.state)) return "gone";
  return stat.state === "T" ? "stopped" : "alive";
}

function lifeByNumber(pid: number): "alive" | "gone" {
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "gone";
  }
}
