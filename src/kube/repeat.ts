import type { Clock } from "../util/index.ts";
import { explainApiError } from "./api-error.ts";

export interface RepeatOptions {
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What a round could not be done for, in front of the API's reason. */
  readonly failed: string;
  /** Called with what is in the way once, until that changes or is gone. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Does one round after the other until the signal; one that fails is followed by the next.
 * @param round says what is in the way, if anything is; may throw API errors
 * @throws the signal's reason
 */
export async function repeat(round: () => Promise<string | undefined>, options: RepeatOptions): Promise<never> {
  const { intervalMs, clock, signal, failed, onProblem } = options;
  for (let before: string | undefined; ; await clock.sleep(intervalMs, signal)) {
    const problem = await round().catch((error: unknown) => {
      signal.throwIfAborted();
      return `${failed}: ${explainApiError(error)}`;
    });
    if (problem !== undefined && problem !== before) onProblem(problem);
    before = problem;
  }
}
