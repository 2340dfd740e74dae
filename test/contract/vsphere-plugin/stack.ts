import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import automation from "@pulumi/pulumi/automation/index.js";
import { ROOT } from "../../../setup/paths.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { programsFolder } from "../../helpers/vcsim.ts";

/** A stack of the real engine with its state in a folder of its own, whose vSphere plugin is the one that users have. */
export interface TestStack extends AsyncDisposable {
  readonly stack: automation.Stack;
  readonly folder: string;
  /** The state as it lies on disk. */
  state(): Promise<string>;
}

export async function vsphereStack(vcsim: Vcsim, program: automation.PulumiFn, env: Readonly<Record<string, string>> = {}): Promise<TestStack> {
  const bin = programsFolder("pulumi", "pulumi-resource-vsphere");
  const folder = await mkdtemp(join(tmpdir(), "vsphere-stack-"));
  const [state, work] = [join(folder, "state"), join(folder, "work")];
  await Promise.all([state, work].map((each) => mkdir(each)));
  const plugins = { providers: [{ name: "vsphere", path: join(ROOT, "bin/plugin") }] };
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "contract", program },
    {
      workDir: work,
      projectSettings: { name: "contract", runtime: "nodejs", plugins } as unknown as automation.ProjectSettings,
      envVars: {
        PATH: [bin, process.env["PATH"] ?? ""].join(delimiter),
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        SSL_CERT_FILE: vcsim.caFile,
        ...env,
      },
    },
  );
  return {
    stack,
    folder,
    state: () => readFile(join(state, ".pulumi/stacks/contract/dev.json"), "utf8"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
