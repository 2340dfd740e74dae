import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run, type RunResult } from "../../../src/exec/index.ts";
import { PARTS } from "../../../setup/parts/index.ts";
import { setUp } from "../../../setup/driver.ts";
import { cacheFolder, ROOT } from "../../../setup/paths.ts";

const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

/** A Pulumi project in a folder of its own, with a file backend and a stack `dev`, driven by the real CLI. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the CLI without questions; any exit code is an answer. */
  pulumi(...args: readonly string[]): Promise<RunResult>;
  write(name: string, text: string): Promise<void>;
}

/** The real CLI and our host, from the cache that `virt-ipi setup` fills; this checkout's host comes first. */
export async function installedTools(): Promise<string> {
  const cacheDir = cacheFolder();
  await setUp({ parts: PARTS, root: ROOT, cacheDir, only: ["pulumi", "pulumi-language-nodejs"] });
  return join(cacheDir, "bin");
}

export async function createProject(bin: string, program: string, options = "{typescript: false}"): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "language-host-"));
  await Promise.all(["state", "home"].map((name) => mkdir(join(folder, name))));
  const env = {
    PATH: [bin, process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write("Pulumi.yaml", `name: tiny\nruntime: {name: nodejs, options: ${options}}\n`);
  await write("package.json", JSON.stringify({ name: "tiny", type: "module", main: "index.ts", dependencies: { "@pulumi/pulumi": "*" } }));
  await write("index.ts", program);
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const pulumi = (...args: readonly string[]): Promise<RunResult> =>
    run(join(bin, "pulumi"), [...args, "--non-interactive", "--color=never"], { cwd: folder, env, accept: ANY_CODE });
  const created = await pulumi("stack", "init", "dev");
  if (created.exitCode !== 0) throw new Error(created.stderr);
  return { folder, env, pulumi, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
