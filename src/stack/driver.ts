import type { EngineEvent, OpMap, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { InstallerError, isInstallerError, messageOf } from "../errors/index.ts";
import type { Reporter } from "../events/index.ts";
import type { OwnedObject, Platform } from "../providers/index.ts";
import { type Clock, fileErrorOf, type Environment } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { checkRoom, freeReserve } from "./disk-room.ts";
import { nameOfUrn } from "../pulumi/index.ts";
import { translate, type Translation } from "./engine-events.ts";
import { stackIsRecorded, stackOf, type StackRecord } from "./environment.ts";
import { begunCreate, failedCreate, forgetFailedCreates, readFailedCreates, recordFailedCreates, withoutTaken } from "./failed-creates.ts";
import { failureOf, withoutSummary, type Failure } from "./failure.ts";
import { endOrphanedPlugins } from "./orphaned-plugins.ts";
import { exportedAddresses, leftovers, withoutPending, withoutResources, type Deployment, type StateResource } from "./pending-operations.ts";
import { againWhilePassing, summed } from "./passing-failures.ts";
import { refusedTrials, type RefusedTrials } from "./refused-trials.ts";
import { stackAccess, type Access } from "./stack-access.ts";
import { removeBrokenAttributes } from "./state-attributes.ts";
import { freeStaleLocks } from "./state-lock.ts";
import { restoreState } from "./state-restore.ts";

/** How the SDK begins the message of a program that threw; what runs in the engine then may end first. */
const PROGRAM_FAILED = "Unhandled exception: ";
const PROGRAM_GRACE_MS = 5_000;

/** Then the state may lack what the run made last. */
const UNWRITTEN = new Set(["DISK_FULL", "FILE_UNWRITABLE"]);

const REFRESHING = /\brefreshing urn:\S+/;

export type Step = NonNullable<Translation["step"]>;

export interface DriverOptions {
  readonly folder: ClusterFolder;
  readonly clusterName: string;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env: Environment;
  /** Folder of our own provider's executable; default ours. */
  readonly pluginFolder?: string | undefined;
  /** What the machines are made on, as far as the state concerns it. Its `refreshes`: look at what is really there first. */
  readonly platform?: Pick<Platform, "refreshes" | "isGone" | "createdAgainWithMachines"> | undefined;
  /** What exists outside, for undoing what a killed run left partly created. */
  readonly scan?: (() => Promise<readonly OwnedObject[]>) | undefined;
  readonly remove?: ((object: OwnedObject) => Promise<void>) | undefined;
  /** Before each further try of what failed only because the cluster's API did not answer, in milliseconds; default two minutes in all. */
  readonly pausesMs?: readonly number[] | undefined;
}

export interface UpdateResult {
  /** Number of resources by operation: `create`, `same`, `delete`… */
  readonly changes: OpMap;
}

/** Runs the program through Pulumi's Automation API: only the `pulumi` binary is needed, the program runs in this process. */
export interface StackDriver {
  /** @param onStep called for each step of the engine, for mapping it to phases @throws InstallerError of the first failure, INTERRUPTED, STATE_LOCKED */
  up(program: PulumiFn, onStep?: (step: Step) => void): Promise<UpdateResult>;
  preview(program: PulumiFn, onStep?: (step: Step) => void): Promise<OpMap>;
  /** Removes all resources; true if there was a stack. */
  destroy(): Promise<boolean>;
  /** Frees stale locks and settles the pending operations of a killed run. @returns the URNs of the state, none without a stack */
  recover(): Promise<readonly string[]>;
  /** The machines' addresses as the last update reported them, by name; none without a stack. */
  addresses(): Promise<ReadonlyMap<string, string>>;
}

/**
 * Opens the state of a cluster. Makes nothing yet.
 * @throws InstallerError PULUMI_MISSING
 */
export async function openStack(options: DriverOptions): Promise<StackDriver> {
  const { folder, clusterName, env, pluginFolder } = options;
  const record = await stackOf(folder, clusterName, env);
  return new Driver(options, record, await stackAccess({ folder, record, env, pluginFolder }));
}

class Driver implements StackDriver {
  readonly #options: DriverOptions;
  readonly #record: StackRecord;
  readonly #access: Access;
  /** URNs that the last operation could not refresh because what they stand for is gone. */
  #gone: readonly string[] = [];
  /** What the last operation said of its failure. */
  #failures: readonly Failure[] = [];
  /** What the last operation failed to make. */
  #failedCreates: readonly StateResource[] = [];
  /** What the last operation began to make. */
  #creates: readonly StateResource[] = [];

  constructor(options: DriverOptions, record: StackRecord, access: Access) {
    this.#options = options;
    this.#record = record;
    this.#access = access;
  }

  async addresses(): Promise<ReadonlyMap<string, string>> {
    return exportedAddresses((await this.#access.open())?.deployment ?? {});
  }

  async up(program: PulumiFn, onStep?: (step: Step) => void): Promise<UpdateResult> {
    const summaries: OpMap[] = [];
    await this.#again(() => this.#withoutGone(() => this.#up(program, onStep, (changes) => summaries.push(changes)), "up"));
    return { changes: summed(summaries) };
  }

  async preview(program: PulumiFn, onStep?: (step: Step) => void): Promise<OpMap> {
    return await this.#again(() => this.#withoutGone(() => this.#preview(program, onStep), "preview"));
  }

  /** What every operation is asked for. */
  get #asked(): { readonly suppressProgress: true; readonly refresh: boolean } {
    return { suppressProgress: true, refresh: this.#options.platform?.refreshes ?? false };
  }

  #again<T>(operation: () => Promise<T>): Promise<T> {
    const { reporter, clock, signal, pausesMs } = this.#options;
    return againWhilePassing(operation, { failures: () => this.#failures, reporter, clock, signal, pausesMs });
  }

  /** What a refresh failed on because it is gone is taken out of the state, and the operation tried again. A preview forgets nothing. */
  async #withoutGone<T>(operation: () => Promise<T>, kind: "up" | "preview"): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      const gone = new Set(this.#gone);
      const state = gone.size === 0 ? undefined : await this.#access.open();
      if (state === undefined) throw error;
      for (const urn of gone)
        this.#options.reporter.emit({ type: "log", level: "warning", message: `${nameOfUrn(urn)} is gone, and is created again` });
      const before = state.deployment;
      const rest = withoutResources(withoutPending(before), gone);
      if (kind === "up")
        await this.#removeUnread(
          (before.resources ?? []).filter(({ urn }) => gone.has(urn)),
          rest,
        );
      await state.replace(rest);
      try {
        return await operation();
      } finally {
        if (kind === "preview") await state.replace(before);
      }
    }
  }

  /** What could not be read because of a machine that is gone, and yet is there. */
  async #removeUnread(unread: readonly StateResource[], rest: Deployment): Promise<void> {
    const pending = unread.map((resource) => ({ type: "creating" as const, resource }));
    for (const object of leftovers({ ...rest, pending_operations: pending }, (await this.#options.scan?.()) ?? []))
      if (this.#options.platform?.createdAgainWithMachines?.has(object.kind) === true) await this.#options.remove?.(object);
  }

  async #up(program: PulumiFn, onStep: ((step: Step) => void) | undefined, onSummary: (changes: OpMap) => void): Promise<void> {
    await checkRoom(this.#options.folder);
    try {
      await this.#watch(onStep, async (common) => await (await this.#access.create(program)).up({ ...common, ...this.#asked }), onSummary);
    } catch (error) {
      // What was made last may be missing in a state that could not be written.
      if (isInstallerError(error) && UNWRITTEN.has(error.id)) this.#failedCreates = [...this.#creates, ...this.#failedCreates];
      throw error;
    } finally {
      await freeReserve(this.#options.folder);
      await recordFailedCreates(this.#options.folder, this.#failedCreates).catch((error: unknown) =>
        this.#warn(`what this run failed to create could not be recorded: ${messageOf(error)}`),
      );
    }
  }

  /** @param untried objects in a cluster that are left out of the engine's look */
  async #preview(program: PulumiFn, onStep: ((step: Step) => void) | undefined, untried: RefusedTrials = new Map()): Promise<OpMap> {
    const steps = new Map<string, string>();
    const onEachStep = (step: Step): void => {
      steps.set(step.urn, step.operation);
      onStep?.(step);
    };
    try {
      const { changeSummary } = await this.#watch(onEachStep, async (common) => {
        const stack = await this.#access.create(program);
        return await stack.preview({
          ...common,
          ...this.#asked,
          exclude: [...untried.keys()],
        });
      });
      return summed([...[...untried.values()].map((operation) => ({ [operation]: 1 })), changeSummary]);
    } catch (error) {
      const refused = refusedTrials(this.#failures, steps);
      if (refused.size === 0) throw error;
      return await this.#preview(program, onStep, new Map([...untried, ...refused]));
    }
  }

  async destroy(): Promise<boolean> {
    const stack = await this.#watch(undefined, async () => await this.#access.select());
    if (stack === undefined) return false;
    const remove = (): Promise<unknown> => this.#watch(undefined, async (common) => await stack.destroy({ ...common, ...this.#asked, remove: true }));
    await this.#again(remove);
    return true;
  }

  async recover(): Promise<readonly string[]> {
    const { signal, reporter, folder } = this.#options;
    const freed = await freeStaleLocks({
      backend: this.#record.backend,
      stack: this.#record.stack,
      root: folder.root,
      signal,
      onWait: (reason, elapsedMs) => reporter.emit({ type: "waiting", subject: "state", reason, elapsedMs }),
    });
    if (freed > 0) reporter.emit({ type: "log", level: "info", message: "freed the lock that a killed run left on the state" });
    await endOrphanedPlugins(folder, signal);
    await removeBrokenAttributes(this.#record.backend);
    await restoreState(this.#record, await stackIsRecorded(folder), (message) => this.#warn(message));
    const state = await this.#access.open();
    if (state === undefined) return [];
    const { deployment } = state;
    const urns = (deployment.resources ?? []).map(({ urn }) => urn);
    const killed = deployment.pending_operations ?? [];
    const pending = [...killed, ...(await readFailedCreates(folder, (message) => this.#warn(message)))];
    if (pending.length === 0) return urns;
    for (const object of leftovers({ ...deployment, pending_operations: pending }, (await this.#options.scan?.()) ?? [])) {
      reporter.emit({ type: "log", level: "info", message: `removing the partly created ${object.kind} ${object.name} of the last run` });
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

  #warn(message: string): void {
    this.#options.reporter.emit({ type: "log", level: "warning", message });
  }

  /** Runs one engine operation: events to the reporter, failures to one error, abort to Cancel. */
  async #watch<T>(
    onStep: ((step: Step) => void) | undefined,
    operation: (common: { onEvent: (event: EngineEvent) => void; signal: AbortSignal; color: "never" }) => Promise<T>,
    onSummary?: (changes: OpMap) => void,
  ): Promise<T> {
    const { signal, reporter, clock } = this.#options;
    signal.throwIfAborted();
    const failures: Failure[] = [];
    const remarks: Failure[] = [];
    const failed: StateResource[] = [];
    const creates: StateResource[] = [];
    this.#gone = [];
    this.#failures = [];
    const stuck = new AbortController();
    let grace: NodeJS.Timeout | undefined;
    const began = new Map<string, number>();
    const now = (): number => clock.now().getTime();
    const onEvent = (event: EngineEvent): void => {
      if (event.summaryEvent !== undefined) onSummary?.(event.summaryEvent.resourceChanges);
      const translated = translate(event, (urn) => now() - (began.get(urn) ?? now()));
      if (translated.step?.status === "started") began.set(translated.step.urn, now());
      if (translated.failure !== undefined) failures.push(translated.failure);
      if (translated.remark !== undefined) remarks.push(translated.remark);
      const halfMade = failedCreate(event);
      if (halfMade !== undefined) failed.push(halfMade);
      const begun = begunCreate(event);
      if (begun !== undefined) creates.push(begun);
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
          : new InstallerError("INTERRUPTED", "the run was interrupted; Pulumi has stopped cleanly");
      if (error instanceof InstallerError) throw error;
      const text = error instanceof Error ? error.message : String(error);
      reporter.emit({ type: "log", level: "debug", message: text });
      this.#gone = failures.flatMap(({ urn, message }) =>
        urn !== undefined && REFRESHING.test(message) && this.#options.platform?.isGone?.(message) === true ? [urn] : [],
      );
      if (/the stack is currently locked by/.test(text))
        throw new InstallerError("STATE_LOCKED", "another run works on the state of this cluster", { value: this.#record.stack });
      throw fileErrorOf(error) ?? failureOf(failures, text, remarks);
    } finally {
      clearTimeout(grace);
      this.#failedCreates = withoutTaken(failed, failures);
      this.#failures = withoutSummary(failures);
      this.#creates = creates;
    }
  }
}
