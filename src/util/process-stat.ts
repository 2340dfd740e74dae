import { readFile } from "node:fs/promises";

/** What /proc says of a process. Source: proc(5), /proc/pid/stat. */
export interface ProcessStat {
  /** One letter: `T` is stopped (Ctrl-Z), `Z` a process that has ended and whose parent has not asked for its end. */
  readonly state: string;
  readonly parent: number;
  /** Clock ticks after the start of this machine: distinguishes a process from a later one of the same number. */
  readonly startTime: string;
}

/** Undefined: there is no such process, or no /proc. */
export async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field, the command in brackets, may have any character in it.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : { state: fields[0] ?? "", parent: Number(fields[1]), startTime: fields[19] ?? "" };
}

/** Whether the process of this number that began at this time still runs, or is stopped: one that has ended may still have its number. */
export async function isRunning({ pid, startTime }: { readonly pid: number; readonly startTime: string }): Promise<boolean> {
  const found = await statOf(pid);
  return found !== undefined && found.startTime === startTime && !"ZX".includes(found.state);
}
