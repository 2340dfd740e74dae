import { readFile, realpath } from "node:fs/promises";

/** `NAME=value` each; none of a process that is gone or another user's. */
export const environmentOf = async (pid: number): Promise<ReadonlySet<string>> =>
  new Set((await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")).split("\0"));

/**
 * Whether a process was started by the driver for the cluster in this folder, by the environment that the driver gives its engine and the engine its
 * plugins. A process of another folder's run, or of another program on the Automation API, is not ours to end.
 */
export async function isOfCluster(environment: ReadonlySet<string>, root: string): Promise<boolean> {
  if (!environment.has("PULUMI_AUTOMATION_API=true")) return false;
  const folder = [...environment].find((variable) => variable.startsWith(FOLDER))?.slice(FOLDER.length);
  // A run may have come by another way to the same folder.
  return folder !== undefined && (folder === root || (await real(folder)) === (await real(root)));
}

const FOLDER = "VIRT_IPI_DIR=";
const real = (path: string): Promise<string> => realpath(path).catch(() => path);

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
