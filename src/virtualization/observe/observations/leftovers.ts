import type { Look } from "../../../kube/index.ts";
import { causeText } from "../cause.ts";
import { leftoverCauses } from "../diagnose/leftovers.ts";
import { observe } from "../seen.ts";
import type { Target } from "../target.ts";
import type { Clock } from "../../../util/index.ts";

/** Nothing of an earlier installation is in the way of a new one. */
export function noLeftovers(target: Target, clock: Clock): Look<undefined> {
  return async (client, signal) => {
    const [first] = leftoverCauses(await observe(client, target, clock.now(), signal));
    return first === undefined ? { done: true, value: undefined } : { done: false, reason: causeText(first) };
  };
}
