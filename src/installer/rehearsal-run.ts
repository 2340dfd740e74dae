import { InstallerError, messageOf } from "../errors/index.ts";
import { borrowed, watch, type KubeClient, type Look } from "../kube/index.ts";
import { controllerRuns, MACHINE_KINDS, machinesOf, NAMESPACE, readMachines, statesOf, type Machine, type MachineSet } from "../machines/index.ts";
import type { Probe } from "../util/index.ts";
import type { World } from "./context.ts";
import { addedOf, deleteFirst, hasChosen, hasOurPolicy, NEWEST, ownPolicy, rehearsalAnnotations, rivalsOf, type Before } from "./rehearsal-state.ts";

/** What a rehearsal took: one machine more, and away again. */
export interface Rehearsal {
  readonly machineSet: string;
  /** Absent where this run undid what an earlier one has left. */
  readonly machine?: string;
  readonly steps: readonly { readonly step: string; readonly elapsedMs: number }[];
}

const LOOK_MS = 1_000;
const UNDO_LIMIT_MS = 15_000;

/** One run for one MachineSet. */
export class RehearsalRun {
  readonly #client: KubeClient;
  readonly #world: World;
  readonly #set: string;
  readonly #timeoutMs: number;
  readonly #steps: { readonly step: string; readonly elapsedMs: number }[] = [];

  constructor(client: KubeClient, world: World, set: string, timeoutMs: number) {
    this.#client = client;
    this.#world = world;
    this.#set = set;
    this.#timeoutMs = timeoutMs;
  }

  async rehearse(set: MachineSet): Promise<Rehearsal> {
    const { clock, signal } = this.#world;
    let before: Before = {
      replicas: set.spec.replicas ?? 1,
      machines: (await this.#machines()).map(({ metadata }) => metadata.name),
      deletePolicy: set.spec.deletePolicy,
    };
    if (!(await controllerRuns(this.#client, clock, signal))) throw this.#failed("no machine controller acts");
    if (before.machines.length !== before.replicas || (set.status?.readyReplicas ?? 0) !== before.replicas)
      throw this.#failed(`it has ${set.status?.readyReplicas ?? 0} of ${before.replicas} machines ready`);
    await this.#refuseRivals(before, signal);
    try {
      await this.#patchSet({ metadata: { annotations: rehearsalAnnotations(before) }, spec: { replicas: before.replicas + 1 } }, signal);
      const machine = await this.#add(before);
      before = { ...before, added: machine };
      await this.#patchSet({ metadata: { annotations: rehearsalAnnotations(before) } }, signal);
      await this.#up(machine, before);
      await this.#lower(before, signal);
      await this.#down(machine);
      await this.#forget(before);
      return { machineSet: this.#set, machine, steps: this.#steps };
    } catch (error) {
      await this.#giveBack(before);
      throw error;
    }
  }

  async undo(before: Before): Promise<Rehearsal> {
    await this.#restore(before, this.#world.signal);
    await this.#step("remove what an earlier rehearsal has left", async () => {
      const extra = await this.#extra(before);
      return extra.length === 0 ? await this.#chosen(before, this.#world.signal) : { done: false, reason: await this.#states(extra) };
    });
    await this.#forget(before);
    return { machineSet: this.#set, steps: this.#steps };
  }

  /** @returns the name of the Machine that the set gets */
  async #add(before: Before): Promise<string> {
    const { name } = (
      await this.#step<Machine>("create a Machine", async () => {
        const [machine] = await this.#extra(before);
        return machine === undefined ? { done: false, reason: "the set has none yet" } : { done: true, value: machine };
      })
    ).metadata;
    await this.#markFirst(name, this.#world.signal);
    return name;
  }

  async #up(name: string, before: Before): Promise<void> {
    const reached = (step: string, isReached: (machine: Machine) => boolean): Promise<undefined> =>
      this.#step(step, async () => {
        const machine = (await this.#machines()).find(({ metadata }) => metadata.name === name);
        if (machine === undefined || machine.status?.phase === "Failed")
          throw this.#failed(`${name}: ${machine?.status?.errorMessage ?? "it was removed by somebody else"}`);
        return isReached(machine) ? { done: true, value: undefined } : { done: false, reason: await this.#states([machine]) };
      });
    await reached("create the virtual machine", ({ spec }) => spec.providerID !== undefined);
    await reached("register the node", ({ status }) => status?.nodeRef !== undefined);
    await this.#step("become Ready", async () => {
      const set = await this.#read();
      const ready = set?.status?.readyReplicas ?? 0;
      return ready > before.replicas ? { done: true, value: undefined } : { done: false, reason: `${ready} of ${before.replicas + 1} are Ready` };
    });
  }

  async #down(name: string): Promise<void> {
    const step = (title: string, isReached: (machine: Machine) => boolean): Promise<undefined> =>
      this.#step(title, async () => {
        const machine = (await this.#machines()).find(({ metadata }) => metadata.name === name);
        return machine === undefined || isReached(machine)
          ? { done: true, value: undefined }
          : { done: false, reason: await this.#states([machine]) };
      });
    await step("drain the node", ({ status }) => status?.conditions?.some(({ type, status: is }) => type === "Drained" && is === "True") === true);
    await step("remove the virtual machine", () => false);
  }

  /** One step, shown and measured as a phase. @throws InstallerError REHEARSAL_FAILED when it takes too long */
  async #step<T>(step: string, look: Look<T>): Promise<T> {
    const { reporter, signal, clock } = this.#world;
    const began = clock.now().getTime();
    const end = (outcome: "done" | "failed" | "interrupted"): void => {
      const durationMs = clock.now().getTime() - began;
      if (outcome === "done") this.#steps.push({ step, elapsedMs: durationMs });
      reporter.emit({ type: "phase-ended", phase: step.replaceAll(" ", "-"), outcome, durationMs });
    };
    reporter.emit({ type: "phase-started", phase: step.replaceAll(" ", "-"), title: `${this.#set}: ${step}` });
    try {
      const result = await watch(look, {
        connect: borrowed(this.#client),
        intervalMs: LOOK_MS,
        timeoutMs: this.#timeoutMs,
        signal,
        clock,
        onWait: (reason, elapsedMs) => reporter.emit({ type: "waiting", subject: this.#set, reason, elapsedMs }),
      });
      if (result.outcome !== "done") throw this.#failed(`"${step}" was not done in time; last cause: ${result.reason}`);
      end("done");
      return result.value;
    } catch (error) {
      end(signal.aborted ? "interrupted" : "failed");
      throw error;
    }
  }

  /** After a run that ends early: quick, and whatever stopped the run. */
  async #giveBack(before: Before): Promise<void> {
    const { clock, reporter } = this.#world;
    const say = (message: string): void => reporter.emit({ type: "log", level: "warning", message });
    const began = clock.now().getTime();
    const signal = AbortSignal.timeout(UNDO_LIMIT_MS);
    try {
      await this.#restore(before, signal);
    } catch (error) {
      say(`MachineSet ${this.#set} has one machine too many (${messageOf(error)}); run \`virt-ipi rehearse\` again to remove it`);
      return;
    }
    const chosen = await watch(() => this.#chosen(before, signal), {
      connect: borrowed(this.#client),
      intervalMs: LOOK_MS,
      timeoutMs: UNDO_LIMIT_MS - (clock.now().getTime() - began),
      clock,
    });
    const isWhole = chosen.outcome === "done" && (await this.#givePolicyBack(before, signal).catch(() => false));
    say(
      `MachineSet ${this.#set} has its ${before.replicas} machines again${isWhole ? "" : `, but still deletePolicy ${NEWEST}`}; ` +
        "run `virt-ipi rehearse` again to wait until the other one is removed",
    );
  }

  /** The number as it was, and the machine that was not there before goes first. A number that somebody else has set since is left. */
  async #restore(before: Before, signal: AbortSignal): Promise<void> {
    for (const { metadata } of await this.#extra(before, signal)) await this.#markFirst(metadata.name, signal);
    const set = await this.#read(signal);
    if (set?.spec.replicas === before.replicas + 1) await this.#lower(before, signal);
  }

  async #lower(before: Before, signal: AbortSignal): Promise<void> {
    await this.#refuseRivals(before, signal);
    await this.#patchSet({ spec: { replicas: before.replicas, deletePolicy: NEWEST } }, signal);
  }

  /** With one machine too many the controllers would choose among the one that was added and these. */
  async #refuseRivals(before: Before, signal: AbortSignal): Promise<void> {
    const [rival] = rivalsOf(before, await this.#machines(signal));
    if (rival === undefined) return;
    const why = rival.status?.errorMessage ?? rival.status?.errorReason ?? "it is marked to be deleted first";
    throw this.#failed(`${rival.metadata.name} could be removed in place of the machine of a rehearsal (${why}); delete it before`);
  }

  /** Done when the policy of the lower number is needed no more. */
  async #chosen(before: Before, signal: AbortSignal): Promise<Probe<undefined>> {
    // First the set: what it says to have observed, its Machines show then.
    const set = await this.#read(signal);
    if (set === undefined || !hasOurPolicy(set, before)) return { done: true, value: undefined };
    return hasChosen(set, await this.#machines(signal), before);
  }

  async #forget(before: Before): Promise<void> {
    const { signal } = this.#world;
    await this.#givePolicyBack(before, signal);
    await this.#patchSet({ metadata: { annotations: rehearsalAnnotations(undefined) } }, signal);
  }

  /** @returns true: it is as it was */
  async #givePolicyBack(before: Before, signal: AbortSignal): Promise<true> {
    const set = await this.#read(signal);
    if (set !== undefined && hasOurPolicy(set, before)) await this.#patchSet({ spec: ownPolicy(before) }, signal);
    return true;
  }

  /** So that it goes before one that replaced another meanwhile, and is newer. */
  async #markFirst(name: string, signal: AbortSignal): Promise<void> {
    await this.#client.patch(MACHINE_KINDS.machines, { namespace: NAMESPACE, name }, { metadata: { annotations: deleteFirst(true) } }, signal);
  }

  async #extra(before: Before, signal?: AbortSignal): Promise<readonly Machine[]> {
    return addedOf(before, await this.#machines(signal));
  }

  async #machines(signal = this.#world.signal): Promise<readonly Machine[]> {
    return machinesOf(this.#set, await readMachines(this.#client, signal));
  }

  async #states(machines: readonly Machine[]): Promise<string> {
    return (await statesOf(this.#client, machines, this.#world.signal)).join(", ");
  }

  async #read(signal = this.#world.signal): Promise<MachineSet | undefined> {
    return await this.#client.read<MachineSet>(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name: this.#set }, signal);
  }

  async #patchSet(change: object, signal: AbortSignal): Promise<void> {
    await this.#client.patch(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name: this.#set }, change, signal);
  }

  #failed(why: string): InstallerError {
    return new InstallerError("REHEARSAL_FAILED", `MachineSet ${this.#set}: ${why}`, { value: this.#set });
  }
}
