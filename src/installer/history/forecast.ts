import type { InstallerEvent, Reporter } from "../../events/index.ts";
import type { Clock } from "../../util/index.ts";
import { estimate, type Estimate } from "./estimate.ts";
import { MOST_STEPS, type PastPhase, type PastRun } from "./past-run.ts";
import { stepOf } from "./steps.ts";

/** At least this long between two estimates of one step. */
const EVERY_MS = 30_000;

interface Current {
  readonly phase: string;
  /** Times by the clock. */
  readonly began: number;
  readonly steps: Map<string, number>;
  /** How long it went on in earlier runs. */
  readonly before: number;
}

export interface ForecastOptions {
  /** Ids of all phases of this run that take their time, in their order. */
  readonly phases: readonly string[];
  /** Those that an earlier run of the cluster has ended: they are only looked at again. */
  readonly done: ReadonlySet<string>;
  /** Those that earlier runs of the cluster were in when they stopped, and for how many milliseconds what they waited for has gone on. */
  readonly tried: ReadonlyMap<string, number>;
  readonly past: readonly PastRun[];
  readonly clock: Clock;
}

/** Follows the events of a run: says what is left of it by earlier runs, and measures it for later ones. */
export class Forecast implements Reporter {
  readonly #options: ForecastOptions;
  readonly #reporter: Reporter;
  readonly #measured: PastPhase[] = [];
  #current: Current | undefined;
  #saidAt = Number.NEGATIVE_INFINITY;

  /** @param reporter is given every event, and the estimates among them */
  constructor(options: ForecastOptions, reporter: Reporter) {
    this.#options = options;
    this.#reporter = reporter;
  }

  /** The phases that came to their end in this run and in no other. */
  get measured(): readonly PastPhase[] {
    return this.#measured;
  }

  emit(event: InstallerEvent): void {
    this.#reporter.emit(event);
    const now = this.#options.clock.now().getTime();
    if (event.type === "phase-started") this.#begin(event.phase, now);
    else if (event.type === "phase-ended") this.#end(event);
    else this.#follow(event, now);
  }

  #begin(phase: string, now: number): void {
    if (!this.#options.phases.includes(phase)) return;
    this.#current = { phase, began: now, steps: new Map(), before: this.#options.tried.get(phase) ?? 0 };
    this.#say(now);
  }

  #follow(event: InstallerEvent, now: number): void {
    if (this.#current === undefined) return;
    const { steps } = this.#current;
    const step = stepOf(event);
    const isNew = step !== undefined && !steps.has(step) && steps.size < MOST_STEPS;
    if (isNew) steps.set(step, now);
    if (isNew || now - this.#saidAt >= EVERY_MS) this.#say(now);
  }

  #end({ phase, outcome, durationMs }: Extract<InstallerEvent, { readonly type: "phase-ended" }>): void {
    const current = this.#current;
    this.#current = undefined;
    const { done, tried } = this.#options;
    if (current?.phase !== phase || (outcome !== "done" && outcome !== "skipped") || done.has(phase) || tried.has(phase)) return;
    const steps = [...current.steps].map(([step, at]) => ({ step, atMs: Math.max(0, at - current.began) }));
    this.#measured.push({ phase, durationMs: Math.max(0, durationMs), steps });
  }

  #say(now: number): void {
    const left = this.#left(now);
    if (left === undefined || this.#current === undefined) return;
    this.#saidAt = now;
    this.#reporter.emit({ type: "estimate", phase: this.#current.phase, ...left });
  }

  #left(now: number): Estimate | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const { phases, done, past } = this.#options;
    const left = phases.slice(phases.indexOf(current.phase)).filter((phase) => !done.has(phase));
    if (left[0] !== current.phase) return estimate(past, { phases: left, steps: new Map(), elapsedMs: 0 });
    const steps = new Map([...current.steps].map(([step, at]) => [step, now - at]));
    return estimate(past, { phases: left, steps, elapsedMs: now - current.began + current.before });
  }
}
