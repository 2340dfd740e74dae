import { CATALOGUE, type ErrorId, isInstallerError, messageOf } from "../../errors/index.ts";
import type { Properties } from "./values.ts";

/**
 * A resource that exists but is not ready, such as a wait that ran out of time. The engine keeps it, and calls
 * its `update` the next time, so the wait goes on.
 */
export class InitializationFailed extends Error {
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: readonly string[];

  constructor(id: string, outputs: Properties, error: unknown) {
    super(describe(error), { cause: error });
    this.name = "InitializationFailed";
    this.id = id;
    this.outputs = outputs;
    this.reasons = [describe(error)];
  }
}

/** Begins the line of advice that is the error's own and not its catalogue entry's. */
export const ADVICE = "fix: ";

/** One line with the error's id in front, so that it can be reported again from the engine's output: see `errorIdIn`. The last line is what to do. */
export function describe(error: unknown): string {
  if (!isInstallerError(error)) return `INTERNAL: ${messageOf(error)}`;
  const advice = error.advice === CATALOGUE[error.id].advice ? error.advice : `${ADVICE}${error.advice}`;
  return [`${error.id}: ${messageOf(error)}`, ...error.details, advice].join("\n");
}

/** The catalogue's id in a message that came from the provider by way of the engine. */
export function errorIdIn(text: string): ErrorId | undefined {
  const found = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|USAGE|INTERRUPTED): /.exec(text)?.[1];
  return found !== undefined && found in CATALOGUE ? (found as ErrorId) : undefined;
}
