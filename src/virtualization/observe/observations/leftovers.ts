import type { Look } from "../../../kube/index.ts";
import { causeText } from "../cause.ts";
import { leftoverCauses } from "../diagnose/leftovers.ts";
import { leaving } from "../diagnose/operands.ts";
import { OPERATOR_RESOURCES } from "../kinds.ts";
import { all, called, observe, type Seen } from "../seen.ts";
import type { Target } from "../target.ts";
import type { Clock } from "../../../util/index.ts";

/** Nothing of an earlier installation is in the way of a new one, nor on its way out: what is applied to that goes with it. */
export function noLeftovers(target: Target, clock: Clock): Look<undefined> {
  return async (client, signal) => {
    const seen = await observe(client, target, clock.now(), signal);
    const [first] = [...leftoverCauses(seen).map(causeText), ...goingOf(seen)];
    return first === undefined ? { done: true, value: undefined } : { done: false, reason: first };
  };
}

/** Operators' resources that are being deleted, even if only just now. */
const goingOf = (seen: Seen): readonly string[] =>
  OPERATOR_RESOURCES.flatMap((kind) =>
    all(seen, kind).flatMap((object) => {
      const going = leaving(object);
      return going === undefined ? [] : [`${called(kind, object)} is ${going}`];
    }),
  );
