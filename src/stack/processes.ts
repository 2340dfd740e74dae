import { readFile } from "node:fs/promises";

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
