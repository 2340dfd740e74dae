import type { PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { InstallerError, messageOf } from "../errors/index.ts";
import { fileErrorOf, readTextIfExists, refuseOtherUsers, type Environment } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { PROJECT, pulumiEnvironment, recordStack, type StackRecord } from "./environment.ts";
import { failureOf } from "./failure.ts";
import type { Deployment } from "./pending-operations.ts";
import { projectSettings } from "./project-settings.ts";

/** A stack's state, as Pulumi exports it. */
export interface OpenState {
  readonly deployment: Deployment;
  replace(deployment: Deployment): Promise<void>;
}

/** How the driver comes to its stack: the last two find none before the first update. */
export interface Access {
  create(program: PulumiFn): Promise<Stack>;
  select(): Promise<Stack | undefined>;
  /** Asks for the state without selecting the stack first: each command of `pulumi` counts. */
  open(): Promise<OpenState | undefined>;
}

export interface AccessOptions {
  readonly folder: ClusterFolder;
  readonly record: StackRecord;
  readonly env: Environment;
  /** Folder of our own provider's executable; default ours. */
  readonly pluginFolder?: string | undefined;
}

/**
 * The ways to one stack by the Automation API and the user's `pulumi`.
 * @throws InstallerError PULUMI_MISSING, PEERS_UNKNOWN
 */
export async function stackAccess({ folder, record, env, pluginFolder }: AccessOptions): Promise<Access> {
  // While it runs an operation the SDK serves the program and takes events on ports of this process.
  refuseOtherUsers();
  const environment = await pulumiEnvironment(folder, record, env);
  const { findPulumi, pulumiCommand } = await import("./pulumi-command.ts");
  const command = await pulumiCommand(await findPulumi(environment["PATH"] ?? "", env));
  const automation = await import("@pulumi/pulumi/automation/index.js");
  const settings = (): object => ({
    workDir: folder.workspace,
    projectSettings: projectSettings(pluginFolder),
    // The user's own too (credentials of a backend, a passphrase): the SDK would take those of the process, not of `env`.
    envVars: { ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)), ...environment },
    secretsProvider: "passphrase",
    pulumiCommand: command,
    ...(environment["PULUMI_HOME"] === undefined ? {} : { pulumiHome: environment["PULUMI_HOME"] }),
  });
  const args = (program: PulumiFn): { stackName: string; projectName: string; program: PulumiFn } => ({
    stackName: record.stack,
    projectName: PROJECT,
    program,
  });
  const { LocalWorkspace, StackAlreadyExistsError } = automation;
  const create = async (program: PulumiFn): Promise<Stack> => {
    // Each command of `pulumi` takes a third of a second: a stack that was not seen yet is not asked for first.
    const seen = (await readTextIfExists(folder.stack)) !== undefined;
    const stack = await (seen
      ? LocalWorkspace.createOrSelectStack(args(program), settings())
      : LocalWorkspace.createStack(args(program), settings()).catch(async (error: unknown) => {
          if (error instanceof StackAlreadyExistsError) return await LocalWorkspace.selectStack(args(program), settings());
          throw error;
        }));
    await recordStack(folder, record);
    return withoutQuestions(stack);
  };
  const ifThere = async <T>(operation: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof automation.StackNotFoundError || /no stack named|no previous deployment/.test(String(error))) return undefined;
      if (error instanceof InstallerError) throw error;
      throw fileErrorOf(error) ?? failureOf([], messageOf(error));
    }
  };
  const none: PulumiFn = async () => ({});
  return {
    create,
    select: () => ifThere(async () => withoutQuestions(await LocalWorkspace.selectStack(args(none), settings()))),
    open: async () => {
      const found = await ifThere(async () => {
        const workspace = await LocalWorkspace.create(settings());
        return { workspace, exported: await workspace.exportStack(record.stack) };
      });
      if (found === undefined) return undefined;
      const { workspace, exported } = found;
      return {
        deployment: exported.deployment as Deployment,
        replace: async (deployment) => void (await ifThere(() => workspace.importStack(record.stack, { ...exported, deployment }))),
      };
    },
  };
}

/** After each operation the SDK asks for outputs and history, by three more commands; the engine's events have brought what we need. */
function withoutQuestions(stack: Stack): Stack {
  return Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) });
}
