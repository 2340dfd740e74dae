import { MACHINE_ANNOTATIONS } from "../../providers/index.ts";
import { parseDuration, type Clock } from "../../util/index.ts";
import { DRAIN_TIMEOUT_ANNOTATION } from "../names.ts";
import type { Machine } from "../observe/kinds.ts";

/** A drain that has lasted too long. */
export interface OverdueDrain {
  readonly machine: Machine;
  /** As its annotation has it: `30m`. */
  readonly limit: string;
}

/**
 * The controllers try to drain a node for ever. A Machine whose annotation has a limit is drained for so long: from its deletion, or from when
 * it was seen that nothing holds back its drain any more.
 */
export class DrainLimits {
  readonly #clock: Clock;
  /** Machines that were seen held back by a hook, and since when they are not. */
  readonly #held = new Map<string, number | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(machines: readonly Machine[]): readonly OverdueDrain[] {
    const now = this.#clock.now().getTime();
    return machines.flatMap((machine) => {
      const { name, annotations = {}, deletionTimestamp } = machine.metadata;
      const limit = annotations[DRAIN_TIMEOUT_ANNOTATION];
      const limitMs = parseDuration(limit ?? "");
      if (limit === undefined || limitMs === undefined || deletionTimestamp === undefined || !isDraining(machine)) {
        this.#held.delete(name);
        return [];
      }
      if ((machine.spec.lifecycleHooks?.preDrain ?? []).length > 0) {
        this.#held.set(name, undefined);
        return [];
      }
      const since = this.#held.has(name) ? (this.#held.get(name) ?? now) : Date.parse(deletionTimestamp);
      if (this.#held.has(name)) this.#held.set(name, since);
      return now - since < limitMs ? [] : [{ machine, limit }];
    });
  }
}

const isDraining = ({ metadata, status }: Machine): boolean =>
  status?.nodeRef !== undefined &&
  metadata.annotations?.[MACHINE_ANNOTATIONS.excludeDrain] === undefined &&
  status.conditions?.some(({ type, status: is }) => type === "Drained" && is === "True") !== true;
