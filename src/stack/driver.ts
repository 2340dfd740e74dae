import { join, resolve } from "node:path";
import type { EngineEvent, OpMap, ProjectSettings, PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { InstallerError } from "../errors/index.ts";
import type { Reporter } from "../events/index.ts";
import { readTextIfExists, type Clock } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { nameOf, translate, type Translation } from "./engine-events.ts";
import { PROJECT, pulumiEnvironment, recordStack, stackOf, type Env, type StackRecord } from "./environment.ts";
import { failedCreate, forgetFailedCreates, readFailedCreates, recordFailedCreates } from "./failed-creates.ts";
import { failureOf, type Failure } from "./failure.ts";
import { endOrphanedPlugins } from "./orphaned-plugins.ts";
import { leftovers, withoutPending, withoutResources, type Deployment, type StateResource } from "./pending-operations.ts";
import { PLUGIN_NAME, type OwnedObject } from "../providers/index.ts";
import { removeBrokenAttributes } from "./state-attributes.ts";
import { freeStaleLocks } from "./state-lock.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** The folder of all `pulumi-resource-<name>`. */
export const PLUGIN_FOLDER = join(ROOT, "bin", "plugin");

/** The plugins that come with us; the same ones as in Pulumi.yaml. Each finds out itself whether an official one is to be had instead. */
export const PLUGINS = [PLUGIN_NAME, "kubernetes", "vsphere"] as const;

/** How the SDK begins the message of a program that threw; what runs in the engine then may end first. */
const PROGRAM_FAILED = "Unhandled exception: ";
const PROGRAM_GRACE_MS = 5_000;

/** A refresh that failed because there is nothing to look at. */
const GONE = /\brefreshing urn:\S+.*(404 Not Found|has already been deleted)/s;
/** What cannot be read either while one of the machines that it names is gone, and is still there itself. Losing it loses nothing. */
const PLACEMENT = new Set(["cluster-rule", "vm-group"]);

export type Step = NonNullable<Translation["step"]>;

export interface DriverOptions {
  readonly folder: ClusterFolder;
  readonly clusterName: string;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env: Env;
  /** Folder of our own provider's executable; default ours. */
  readonly pluginFolder?: string | undefined;
  /** Look at what is really there first: see Platform. */
  readonly refresh?: boolean | undefined;
  /** What exists outside, for undoing what a killed run left half made. */
  readonly scan?: (() => Promise<readonly OwnedObject[]>) | undefined;
  readonly remove?: ((object: OwnedObject) => Promise<void>) | undefined;
}

export interface UpdateResult {
  /** Number of resources by operation: `create`, `same`, `delete`… */
  readonly changes: OpMap;
}

/** Runs the program through Pulumi's Automation API: only the `pulumi` binary is needed, the program runs in this process. */
export interface StackDriver {
  /** @param onStep told each step of the engine, for mapping it to phases @throws InstallerError of the first failure, INTERRUPTED, STATE_LOCKED */
  up(program: PulumiFn, onStep?: (step: Step) => void): Promise<UpdateResult>;
  preview(program: PulumiFn, onStep?: (step: Step) => void): Promise<OpMap>;
  /** Removes all resources; true if there was a stack. */
  destroy(): Promise<boolean>;
  /** Frees stale locks and settles the pending operations of a killed run. @returns the URNs of the state, none without a stack */
  recover(): Promise<readonly string[]>;
}

/**
 * Opens the state of a cluster. Makes nothing yet.
 * @throws InstallerError PULUMI_MISSING
 */
export async function openStack(options: DriverOptions): Promise<StackDriver> {
  const { folder, env } = options;
  const record = await stackOf(folder, options.clusterName, env);
  const environment = await pulumiEnvironment(folder, record, env);
  const { findPulumi, pulumiCommand } = await import("./pulumi-command.ts");
  const command = await pulumiCommand(await findPulumi(environment["PATH"] ?? "", env));
  const automation = await import("@pulumi/pulumi/automation/index.js");
  const settings = (): object => ({
    workDir: folder.workspace,
    projectSettings: projectSettings(options.pluginFolder ?? PLUGIN_FOLDER),
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
      throw error;
    }
  };
  const none: PulumiFn = async () => ({});
  return new Driver(options, record, {
    create,
    select: () => ifThere(() => LocalWorkspace.selectStack(args(none), settings())),
    open: async () => {
      const workspace = await LocalWorkspace.create(settings());
      const exported = await ifThere(() => workspace.exportStack(record.stack));
      if (exported === undefined) return undefined;
      return {
        deployment: exported.deployment as Deployment,
        replace: (deployment) => workspace.importStack(record.stack, { ...exported, deployment }),
      };
    },
  });
}

/** A stack's state, as Pulumi exports it. */
interface OpenState {
  readonly deployment: Deployment;
  replace(deployment: Deployment): Promise<void>;
}

/** How the driver comes to its stack: the last two find none before the first update. */
interface Access {
  create(program: PulumiFn): Promise<Stack>;
  select(): Promise<Stack | undefined>;
  /** Asks for the state without selecting the stack first: each command of `pulumi` counts. */
  open(): Promise<OpenState | undefined>;
}

/** After each operation the SDK asks for outputs and history, by three more commands; the engine's events have told what we need. */
function withoutQuestions(stack: Stack): Stack {
  return Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) });
}

/** Pulumi.yaml of the CLI: the same project and plugins as the one in the checkout. */
function projectSettings(pluginFolder: string): ProjectSettings {
  const settings = {
    name: PROJECT,
    runtime: { name: "nodejs", options: { typescript: false } },
    main: join(ROOT, "src/stack/main.ts"),
    plugins: { providers: PLUGINS.map((name) => ({ name, path: name === PLUGIN_NAME ? pluginFolder : PLUGIN_FOLDER })) },
  };
  // The SDK's type lacks `plugins`; the object is written to Pulumi.yaml as it is.
  return settings as unknown as ProjectSettings;
}

class Driver implements StackDriver {
  readonly #options: DriverOptions;
  readonly #record: StackRecord;
  readonly #access: Access;
  /** URNs that the last operation could not refresh because what they stand for is gone. */
  #gone: readonly string[] = [];

  constructor(options: DriverOptions, record: StackRecord, access: Access) {
    this.#options = options;
    this.#record = record;
    this.#access = access;
  }

  async up(program: PulumiFn, onStep?: (step: Step) => void): Promise<UpdateResult> {
    return await this.#withoutGone(() => this.#up(program, onStep));
  }

  async preview(program: PulumiFn, onStep?: (step: Step) => void): Promise<OpMap> {
    return await this.#withoutGone(() => this.#preview(program, onStep));
  }

  /** Some resources of the official vSphere provider fail in a refresh when they are gone, where others are told as gone. */
  async #withoutGone<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      const gone = new Set(this.#gone);
      const state = gone.size === 0 ? undefined : await this.#access.open();
      if (state === undefined) throw error;
      for (const urn of gone) this.#options.reporter.emit({ type: "log", level: "warning", message: `${nameOf(urn)} is gone, and is made again` });
      const rest = withoutResources(withoutPending(state.deployment), gone);
      const lost = (state.deployment.resources ?? []).filter(({ urn }) => gone.has(urn));
      const pending = lost.map((resource) => ({ type: "creating" as const, resource }));
      for (const object of leftovers({ ...rest, pending_operations: pending }, (await this.#options.scan?.()) ?? []))
        if (PLACEMENT.has(object.kind)) await this.#options.remove?.(object);
      await state.replace(rest);
      return await operation();
    }
  }

  async #up(program: PulumiFn, onStep?: (step: Step) => void): Promise<UpdateResult> {
    let changes: OpMap = {};
    await this.#watch(
      onStep,
      async (common) => await (await this.#access.create(program)).up({ ...common, suppressProgress: true, refresh: this.#options.refresh ?? false }),
      (summary) => (changes = summary),
    );
    return { changes };
  }

  async #preview(program: PulumiFn, onStep?: (step: Step) => void): Promise<OpMap> {
    const result = await this.#watch(
      onStep,
      async (common) =>
        await (await this.#access.create(program)).preview({ ...common, suppressProgress: true, refresh: this.#options.refresh ?? false }),
    );
    return result.changeSummary;
  }

  async destroy(): Promise<boolean> {
    const stack = await this.#watch(undefined, async () => await this.#access.select());
    if (stack === undefined) return false;
    await this.#watch(
      undefined,
      async (common) =>
        await withoutQuestions(stack).destroy({ ...common, suppressProgress: true, remove: true, refresh: this.#options.refresh ?? false }),
    );
    return true;
  }

  async recover(): Promise<readonly string[]> {
    const { signal, reporter, folder } = this.#options;
    const freed = await freeStaleLocks({
      backend: this.#record.backend,
      stack: this.#record.stack,
      signal,
      onWait: (reason, elapsedMs) => reporter.emit({ type: "waiting", subject: "state", reason, elapsedMs }),
    });
    if (freed > 0) reporter.emit({ type: "log", level: "info", message: "freed the lock that a killed run left on the state" });
    await endOrphanedPlugins(folder, signal);
    await removeBrokenAttributes(this.#record.backend);
    const state = await this.#access.open();
    if (state === undefined) return [];
    const { deployment } = state;
    const urns = (deployment.resources ?? []).map(({ urn }) => urn);
    const killed = deployment.pending_operations ?? [];
    const pending = [...killed, ...(await readFailedCreates(folder))];
    if (pending.length === 0) return urns;
    for (const object of leftovers({ ...deployment, pending_operations: pending }, (await this.#options.scan?.()) ?? [])) {
      reporter.emit({ type: "log", level: "info", message: `removing the half-made ${object.kind} ${object.name} of the last run` });
      await this.#options.remove?.(object);
    }
    reporter.emit({
      type: "log",
      level: "info",
      message: `${pending.length} unfinished ${pending.length === 1 ? "operation" : "operations"} of the last run will be tried again`,
    });
    if (killed.length > 0) await state.replace(withoutPending(deployment));
    await forgetFailedCreates(folder);
    return urns;
  }

  /** Runs one engine operation: events to the reporter, failures to one error, abort to Cancel. */
  async #watch<T>(
    onStep: ((step: Step) => void) | undefined,
    operation: (common: { onEvent: (event: EngineEvent) => void; signal: AbortSignal; color: "never" }) => Promise<T>,
    onSummary?: (changes: OpMap) => void,
  ): Promise<T> {
    const { signal, reporter, clock, folder } = this.#options;
    signal.throwIfAborted();
    const failures: Failure[] = [];
    const failed: StateResource[] = [];
    this.#gone = [];
    const stuck = new AbortController();
    let grace: NodeJS.Timeout | undefined;
    const began = new Map<string, number>();
    const now = (): number => clock.now().getTime();
    const onEvent = (event: EngineEvent): void => {
      if (event.summaryEvent !== undefined) onSummary?.(event.summaryEvent.resourceChanges);
      const translated = translate(event, (urn) => now() - (began.get(urn) ?? now()));
      if (translated.step?.status === "started") began.set(translated.step.urn, now());
      if (translated.failure !== undefined) failures.push(translated.failure);
      const halfMade = failedCreate(event);
      if (halfMade !== undefined) failed.push(halfMade);
      // Resources that wait for what the program could not find out would keep the SDK waiting for ever.
      if (translated.failure?.message.startsWith(PROGRAM_FAILED) === true) grace ??= setTimeout(() => stuck.abort(), PROGRAM_GRACE_MS);
      for (const each of translated.events) reporter.emit(each);
      if (translated.step !== undefined) onStep?.(translated.step);
    };
    try {
      return await operation({ onEvent, signal: AbortSignal.any([signal, stuck.signal]), color: "never" });
    } catch (error) {
      // The reason is ours to choose: interrupted by the user, or out of time.
      if (signal.aborted)
        throw signal.reason instanceof InstallerError
          ? signal.reason
          : new InstallerError("INTERRUPTED", "the run was interrupted; Pulumi has ended in order");
      if (error instanceof InstallerError) throw error;
      const text = error instanceof Error ? error.message : String(error);
      reporter.emit({ type: "log", level: "debug", message: text });
      this.#gone = failures.flatMap(({ urn, message }) => (urn !== undefined && GONE.test(message) ? [urn] : []));
      if (/the stack is currently locked by/.test(text))
        throw new InstallerError("STATE_LOCKED", "another run works on the state of this cluster", { value: this.#record.stack });
      throw failureOf(failures, text);
    } finally {
      clearTimeout(grace);
      await recordFailedCreates(folder, failed, failures);
    }
  }
}
