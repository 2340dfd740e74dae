import type { Reporter } from "../../events/index.ts";
import { messageOf } from "../../errors/index.ts";
import type { PlatformAccess } from "../../providers/index.ts";
import type { PreparedCluster } from "../../stack/index.ts";
import type { Context } from "../context.ts";
import { type JournalEntry, readJournal } from "../journal.ts";
import type { Phase } from "../phase.ts";
import { addPastRun, readPastRuns } from "./durations-file.ts";
import { Forecast } from "./forecast.ts";
import { LONGEST_NAME, type RunKind } from "./past-run.ts";

/** The first phase that takes its time: the machines are created. What is before it takes seconds. */
const FIRST = "create-infrastructure";

/** What a run owes to the runs before it, and leaves to those after it. */
export class RunHistory {
  readonly #phases: readonly string[];
  readonly #command: string;
  #forecast: Forecast | undefined;
  #kind: RunKind | undefined;
  #machines = 0;

  constructor(phases: readonly Phase[], command: string) {
    const ids = phases.map(({ id }) => id);
    this.#phases = ids.slice(ids.indexOf(FIRST));
    this.#command = command;
  }

  /** The reporter of the run: estimates are among its events as soon as they can be. */
  reporter(to: Reporter): Reporter {
    return { emit: (event) => (this.#forecast ?? to).emit(event) };
  }

  /** Before each phase. */
  async before({ id }: Phase, context: Context, to: Reporter): Promise<void> {
    const { cluster, clock, env, folder } = context;
    if (id !== FIRST || cluster === undefined) return;
    try {
      this.#kind = await runKindOf(cluster, this.#command, context);
    } catch (error) {
      context.signal.throwIfAborted();
      to.emit({ type: "log", level: "debug", message: `how long this takes is not estimated: ${messageOf(error)}` });
      return;
    }
    this.#machines = cluster.machines.length;
    const past = await readPastRuns(env, this.#kind);
    const alike = past.filter(({ machines }) => machines === this.#machines);
    const before = ofThisCluster(await readJournal(folder.journal, () => undefined));
    this.#forecast = new Forecast(
      {
        phases: this.#phases,
        done: endedIn(before),
        tried: triedIn(before),
        past: alike.length > 0 ? alike : past,
        clock,
      },
      to,
    );
  }

  /** However the run ended. */
  async leave({ env, clock }: Pick<Context, "env" | "clock">): Promise<void> {
    const phases = this.#forecast?.measured ?? [];
    if (this.#kind !== undefined && phases.length > 0)
      await addPastRun(env, { kind: this.#kind, machines: this.#machines, endedAt: clock.now().toISOString(), phases });
  }
}

/** @throws InstallerError of a platform that cannot be asked */
export async function runKindOf(
  { spec, platform, metadata }: Pick<PreparedCluster, "spec" | "platform" | "metadata">,
  command: string,
  context: PlatformAccess,
): Promise<RunKind> {
  return {
    distribution: spec.distribution,
    platform: platform.name,
    pace: ((await platform.pace?.(metadata, context)) ?? "any").slice(0, LONGEST_NAME),
    goal: command === "create infra" ? "machines" : spec.virtualization === undefined ? "cluster" : "virtualization",
  };
}

/** The entries since the last destroy. */
const ofThisCluster = (entries: readonly JournalEntry[]): readonly JournalEntry[] =>
  entries.slice(1 + entries.findLastIndex(({ phase, outcome }) => phase === "forget-cluster" && outcome === "done"));

const endedIn = (entries: readonly JournalEntry[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ phase, outcome }) => (outcome === "done" || outcome === "skipped" ? [phase] : [])));

/** Machines that were created go on while no run waits for them to be; after a failure nothing is known of that. */
function triedIn(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const tried = new Map<string, number>();
  for (const { phase, outcome, durationMs = 0 } of entries)
    tried.set(phase, (tried.get(phase) ?? 0) + (outcome === "interrupted" ? Math.max(0, durationMs) : 0));
  return tried;
}
