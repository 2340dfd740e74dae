import type { Look } from "../../../kube/index.ts";
import type { Clock } from "../../../util/index.ts";

/**
 * Done only when the same answer has held for a while: for what a controller has yet to take note of, and which until then looks
 * as if nothing had been asked of it.
 */
export function steady<T>(look: Look<T>, forMs: number, clock: Clock): Look<T> {
  let held: { readonly answer: string; readonly since: number } | undefined;
  return async (client, signal) => {
    const found = await look(client, signal);
    if (!found.done) {
      held = undefined;
      return found;
    }
    const answer = JSON.stringify(found.value);
    const now = clock.now().getTime();
    if (held?.answer !== answer) held = { answer, since: now };
    return now - held.since >= forMs ? found : { done: false, reason: "looking whether the controllers have more to do" };
  };
}
