import { MACHINE_ANNOTATIONS } from "../../providers/index.ts";
import type { Machine } from "../observe/kinds.ts";
import { phaseOf } from "../observe/machine-states.ts";

/** Why a Machine is to be looked at: what its virtual machine does now; `missing` for one that is not there. */
export interface NoticedState {
  readonly machine: Machine;
  readonly state: string;
}

/**
 * The controllers look at a Machine when it changes, and every ten minutes. What happens to its virtual machine changes no Machine, so
 * the ones are compared with the others.
 */
export class NoticedStates {
  /** What was noticed already of each Machine, by name. */
  readonly #noticed = new Map<string, string>();

  /** @param states of all virtual machines, by name. @returns each difference once */
  of(machines: readonly Machine[], states: ReadonlyMap<string, string>): readonly NoticedState[] {
    const found: NoticedState[] = [];
    for (const machine of machines) {
      const { name, annotations } = machine.metadata;
      const state = states.get(name) ?? "missing";
      const known = annotations?.[MACHINE_ANNOTATIONS.instanceState];
      const isSettled = !SETTLED.has(phaseOf(machine)) || known === undefined || known === state;
      if (isSettled) this.#noticed.delete(name);
      else if (this.#noticed.get(name) !== state) {
        this.#noticed.set(name, state);
        found.push({ machine, state });
      }
    }
    return found;
  }
}

/** One that is being created or removed is looked at all the time, and one that has failed never again. */
const SETTLED: ReadonlySet<string> = new Set(["Provisioned", "Running"]);
