import type { Clock } from "../util/index.ts";
import { explainApiError } from "./api-error.ts";

export interface RepeatOptions {
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What a round could not be done for, in front of the API's reason. */
  readonly failed: string;
  /** Whether an error ends it, since it does not get better by waiting; otherwise the next round follows. */
  readonly ends?: (error: unknown) => boolean;
  /** Called with what is in the way once, until that changes or is gone. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Does one round after the other until the signal; one that fails is followed by the next.
 * @param round says what is in the way, if anything is; may throw API errors
 * @throws the signal's reason, what `ends` it
 */
export async function repeat(round: () => Promise<string | undefined>, options: RepeatOptions): Promise<never> {
  const { intervalMs, clock, signal, failed, onProblem, ends = () => false } = options;
  for (let before: string | undefined; ; await clock.sleep(intervalMs, signal)) {
    const problem = await round().catch((error: unknown) => {
      signal.throwIfAborted();
      if (ends(error)) throw error;
      return `${failed}: ${explainApiError(error)}`;
    });
    if (problem !== undefined && problem !== before) onProblem(problem);
    before = problem;
  }
}
