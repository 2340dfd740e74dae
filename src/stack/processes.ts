import { readFile } from "node:fs/promises";

/** What /proc tells of a process. Source: proc(5), /proc/pid/stat. */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  /** Clock ticks after the start of this machine: tells a process from a later one of the same number. */
  readonly startTime: string;
}

/** Undefined: there is no such process, or no /proc. */
export async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field, the command in brackets, may have any character in it.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : { state: fields[0] ?? "", parent: Number(fields[1]), startTime: fields[19] ?? "" };
}

/** `NAME=value` each; none of a process that is gone or another user's. */
export const environmentOf = async (pid: number): Promise<ReadonlySet<string>> =>
  new Set((await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")).split("\0"));

/** Sends a signal; a process that has ended meanwhile needs none. */
export function sendSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether the process lives and is a pulumi: numbers are given again to other programs. */
export async function isPulumi(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (command !== undefined) return /(^|\/)pulumi\0/.test(command);
  try {
    process.kill(pid, 0);
    return process.platform !== "linux";
  } catch {
    return false;
  }
}
