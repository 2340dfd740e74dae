import type { Clock } from "../src/util/index.ts";
import type { Part } from "./part.ts";
import { secondsOf } from "./recipe.ts";

interface Build {
  readonly part: Part;
  /** Undefined while it waits for its turn. */
  startMs?: number;
}

/** Seconds for which a build counts as thought: the first short one says little of how fast a machine is. */
const DOUBT = 300;

/** Which builds wait, work and are done, and how long the rest will take. */
export class Progress {
  readonly #clock: Clock;
  readonly #parts: readonly Part[];
  readonly #atATime: number;
  readonly #builds = new Map<string, Build>();
  /** Of which it is known that nothing has to be built, or no more. */
  readonly #settled = new Set<string>();
  /** Seconds that builds took, and were thought to take. */
  #took = 0;
  #thought = 0;

  /** @param parts all that are to be supplied @param atATime how many builds work at once */
  constructor(clock: Clock, parts: readonly Part[], atATime: number) {
    this.#clock = clock;
    this.#parts = parts;
    this.#atATime = atATime;
  }

  /** Must be built. */
  queued(part: Part): void {
    this.#builds.set(part.id, { part });
  }

  started(part: Part): void {
    this.#builds.set(part.id, { part, startMs: this.#clock.now().getTime() });
  }

  /** There, however it came. @returns seconds that its build took, if there was one */
  settled(part: Part): number | undefined {
    const build = this.#builds.get(part.id);
    this.#builds.delete(part.id);
    this.#settled.add(part.id);
    if (build?.startMs === undefined) return undefined;
    const took = this.#secondsSince(build.startMs);
    this.#took += took;
    this.#thought += secondsOf(part);
    return took;
  }

  /** Seconds until everything is there, by what the builds that are done took against what they were thought to take; 0 without builds. */
  secondsLeft(): number {
    const pace = (this.#took + DOUBT) / (this.#thought + DOUBT);
    const left = [...this.#builds.values()].map(({ part, startMs }) => {
      const thought = secondsOf(part) * pace;
      return startMs === undefined ? thought : Math.max(0, thought - this.#secondsSince(startMs));
    });
    // What needs something that is built comes after it, and is most likely built too.
    const after = this.#parts.filter((part) => !this.#settled.has(part.id) && !this.#builds.has(part.id) && this.#waits(part));
    const shared = left.reduce((sum, each) => sum + each, 0) / this.#atATime;
    return Math.round(Math.max(shared, ...left) + after.reduce((sum, part) => sum + secondsOf(part) * pace, 0));
  }

  #waits(part: Part): boolean {
    return part.needs.some((need) => this.#builds.has(need) || this.#parts.some((other) => other.id === need && this.#waits(other)));
  }

  #secondsSince(startMs: number): number {
    return Math.max(0, Math.round((this.#clock.now().getTime() - startMs) / 1_000));
  }
}

/** For people: `40 s`, `9 min`. */
export const formatSeconds = (seconds: number | undefined): string =>
  seconds === undefined ? "-" : seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
