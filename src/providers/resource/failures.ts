import { CATALOGUE, isInstallerError, messageOf, type ErrorId } from "../../errors/index.ts";
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

/** One line with the error's id in front, so that it can be told again from the engine's output: see `errorIdIn`. */
export function describe(error: unknown): string {
  if (!isInstallerError(error)) return `INTERNAL: ${messageOf(error)}`;
  return [`${error.id}: ${messageOf(error)}`, ...error.details, error.advice].join("\n");
}

/** The catalogue's id in a message that came from the provider by way of the engine. */
export function errorIdIn(text: string): ErrorId | undefined {
  const found = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|USAGE|INTERRUPTED): /.exec(text)?.[1];
  return found !== undefined && found in CATALOGUE ? (found as ErrorId) : undefined;
}
