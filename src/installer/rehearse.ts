import { planMachineSets } from "../config/index.ts";
import { InstallerError, messageOf } from "../errors/index.ts";
import { borrowed, watch, type KubeClient, type Look } from "../kube/index.ts";
import { controllerRuns, MACHINE_KINDS, machinesOf, NAMESPACE, readMachines, stateOf, type Machine, type MachineSet } from "../machines/index.ts";
import { MACHINE_ANNOTATIONS } from "../providers/index.ts";
import { isRecord } from "../util/index.ts";
import type { Options, World } from "./context.ts";
import { poolSets, withMachineSets } from "./machines.ts";

/** What a rehearsal took: one machine more, and away again. */
export interface Rehearsal {
  readonly machineSet: string;
  /** Absent where this run undid what an earlier one has left. */
  readonly machine?: string;
  readonly steps: readonly { readonly step: string; readonly elapsedMs: number }[];
}

/** On a MachineSet: how it was before a rehearsal that has not ended. */
const ANNOTATION = "virt-ipi.io/rehearsal";
const LOOK_MS = 1_000;
const UNDO_LIMIT_MS = 15_000;

interface Before {
  readonly replicas: number;
  readonly machines: readonly string[];
}

/**
 * Has the cluster create one machine more of a pool and remove that very one, and measures each step. The cluster is left as it was found; where a
 * run ends early, its set is given back its number, and the next run removes the rest.
 * @param pool the first compute pool unless given
 * @throws InstallerError SCALE_INVALID, REHEARSAL_FAILED, CLUSTER_UNKNOWN, MACHINE_SETS_OFF, KUBE_UNREACHABLE, the signal's reason
 */
export async function rehearse(world: World, options: Options, pool: string | undefined): Promise<Rehearsal> {
  return await withMachineSets(world, async (client, { spec, identity }) => {
    const name = pool ?? planMachineSets(spec, identity)[0]?.pool.name ?? "";
    // Of several the first: what it does, the others do.
    const [set] = await poolSets(client, { spec, identity }, name, world.signal);
    if (set === undefined) throw new InstallerError("SCALE_INVALID", `pool ${name} has no MachineSet`, { value: name });
    const run = new Run(client, world, set.metadata.name, options.timeouts?.install ?? spec.timeouts.install);
    const left = beforeOf(set);
    return left === undefined ? await run.rehearse(set) : await run.undo(left);
  });
}

class Run {
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
    const before: Before = { replicas: set.spec.replicas ?? 1, machines: (await this.#machines()).map(({ metadata }) => metadata.name) };
    if (!(await controllerRuns(this.#client, clock, signal))) throw this.#failed("no machine controller acts");
    if (before.machines.length !== before.replicas || (set.status?.readyReplicas ?? 0) !== before.replicas)
      throw this.#failed(`it has ${set.status?.readyReplicas ?? 0} of ${before.replicas} machines ready`);
    try {
      const annotations = { [ANNOTATION]: JSON.stringify(before) };
      await this.#patchSet({ metadata: { annotations }, spec: { replicas: before.replicas + 1 } }, signal);
      const machine = await this.#up(before);
      await this.#patchSet({ spec: { replicas: before.replicas } }, signal);
      await this.#down(machine);
      await this.#forget();
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
      return extra.length === 0 ? { done: true, value: undefined } : { done: false, reason: extra.map(stateOf).join(", ") };
    });
    await this.#forget();
    return { machineSet: this.#set, steps: this.#steps };
  }

  async #up(before: Before): Promise<string> {
    const { name } = (
      await this.#step<Machine>("create a Machine", async () => {
        const [machine] = await this.#extra(before);
        return machine === undefined ? { done: false, reason: "the set has none yet" } : { done: true, value: machine };
      })
    ).metadata;
    await this.#markFirst(name, this.#world.signal);
    const reached = (step: string, isReached: (machine: Machine) => boolean): Promise<undefined> =>
      this.#step(step, async () => {
        const machine = (await this.#machines()).find(({ metadata }) => metadata.name === name);
        if (machine === undefined || machine.status?.phase === "Failed")
          throw this.#failed(`${name}: ${machine?.status?.errorMessage ?? "it was removed by somebody else"}`);
        return isReached(machine) ? { done: true, value: undefined } : { done: false, reason: stateOf(machine) };
      });
    await reached("create the virtual machine", ({ spec }) => spec.providerID !== undefined);
    await reached("register the node", ({ status }) => status?.nodeRef !== undefined);
    await this.#step("become Ready", async () => {
      const set = await this.#read();
      const ready = set?.status?.readyReplicas ?? 0;
      return ready > before.replicas ? { done: true, value: undefined } : { done: false, reason: `${ready} of ${before.replicas + 1} are Ready` };
    });
    return name;
  }

  async #down(name: string): Promise<void> {
    const step = (title: string, isReached: (machine: Machine) => boolean): Promise<undefined> =>
      this.#step(title, async () => {
        const machine = (await this.#machines()).find(({ metadata }) => metadata.name === name);
        return machine === undefined || isReached(machine) ? { done: true, value: undefined } : { done: false, reason: stateOf(machine) };
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
    const say = (message: string): void => this.#world.reporter.emit({ type: "log", level: "warning", message });
    try {
      await this.#restore(before, AbortSignal.timeout(UNDO_LIMIT_MS));
      say(
        `MachineSet ${this.#set} has its ${before.replicas} machines again; run \`virt-ipi rehearse\` again to wait until the other one is removed`,
      );
    } catch (error) {
      say(`MachineSet ${this.#set} has one machine too many (${messageOf(error)}); run \`virt-ipi rehearse\` again to remove it`);
    }
  }

  /** The number as it was, and the machine that was not there before goes first. A number that somebody else has set since is left. */
  async #restore(before: Before, signal: AbortSignal): Promise<void> {
    for (const { metadata } of await this.#extra(before, signal)) await this.#markFirst(metadata.name, signal);
    const set = await this.#read(signal);
    if (set?.spec.replicas === before.replicas + 1) await this.#patchSet({ spec: { replicas: before.replicas } }, signal);
  }

  async #forget(): Promise<void> {
    await this.#patchSet({ metadata: { annotations: { [ANNOTATION]: null } } }, this.#world.signal);
  }

  async #markFirst(name: string, signal: AbortSignal): Promise<void> {
    const annotations = { [MACHINE_ANNOTATIONS.deleteFirst]: "rehearsal" };
    await this.#client.patch(MACHINE_KINDS.machines, { namespace: NAMESPACE, name }, { metadata: { annotations } }, signal);
  }

  /** The set's machines that were not there before. */
  async #extra({ machines }: Before, signal?: AbortSignal): Promise<readonly Machine[]> {
    return (await this.#machines(signal)).filter(({ metadata }) => !machines.includes(metadata.name));
  }

  async #machines(signal = this.#world.signal): Promise<readonly Machine[]> {
    return machinesOf(this.#set, await readMachines(this.#client, signal));
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

function beforeOf({ metadata }: MachineSet): Before | undefined {
  const text = metadata.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  const failed = (): InstallerError =>
    new InstallerError("REHEARSAL_FAILED", `MachineSet ${metadata.name} has an annotation ${ANNOTATION} that cannot be read`, {
      value: text,
      advice: `Scale the set as it shall be, then run: kubectl annotate machineset ${metadata.name} -n ${NAMESPACE} ${ANNOTATION}-`,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failed();
  }
  if (!isRecord(value) || typeof value["replicas"] !== "number" || !Array.isArray(value["machines"])) throw failed();
  return { replicas: value["replicas"], machines: value["machines"].map(String) };
}
