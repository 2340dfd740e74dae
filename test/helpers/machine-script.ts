import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { run, type RunResult } from "../../src/exec/index.ts";

const TEMPLATES = resolve(import.meta.dirname, "../../templates");

/** A folder that stands for a machine: its scripts, with the machine's paths in the folder, and the commands that they call. */
export interface MachineFolder {
  readonly path: string;
  /** Writes a command into `bin`, which comes first in the PATH. */
  command(name: string, text: string): Promise<void>;
  /** Copies a script of `templates` into `bin`, each text of `places` replaced by the other; its console is the file `console`. */
  script(name: string, template: string, places?: Readonly<Record<string, string>>): Promise<void>;
  /** Runs one of the commands. */
  run(name: string): Promise<RunResult>;
  /** Runs one of the commands in network and process namespaces of its own, which end with it. */
  runAlone(name: string, ...args: readonly string[]): Promise<RunResult>;
  dispose(): Promise<void>;
}

export async function machineFolder(): Promise<MachineFolder> {
  const path = await mkdtemp(join(tmpdir(), "virt-ipi-machine-"));
  const bin = join(path, "bin");
  await mkdir(bin);
  const options = { env: { PATH: `${bin}${delimiter}${process.env["PATH"]}` }, timeoutMs: 600_000 };
  const command = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  };
  return {
    path,
    command,
    script: async (name, template, places = {}) => {
      let text = await readFile(join(TEMPLATES, template), "utf8");
      for (const [there, here] of Object.entries({ ...places, "/dev/ttyS0": join(path, "console") })) text = text.replaceAll(there, here);
      await command(name, text);
    },
    run: (name) => run(join(bin, name), [], options),
    runAlone: (name, ...args) => run("unshare", ["--net", "--pid", "--fork", "--kill-child", join(bin, name), ...args], options),
    dispose: () => rm(path, { recursive: true, force: true }),
  };
}
