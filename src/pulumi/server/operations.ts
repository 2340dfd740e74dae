import type { z } from "zod";
import { InstallerError } from "../../errors/index.ts";
import type { Runner } from "../../exec/index.ts";
import { type Clock, LONGEST_TIMER_MS, type Environment } from "../../util/index.ts";
import { progressOf, type LogSink } from "../resource/progress.ts";
import type { AnyResource, CheckFailure, ResourceContext } from "../resource/resource.ts";
import { isUnknownAt, type Properties } from "../resource/values.ts";

/** What the server knows besides the request, once it is configured. */
export interface Surroundings {
  readonly config: Properties;
  readonly run: Runner;
  readonly env: Environment;
  readonly clock: Clock;
  readonly sink: LogSink;
  /** Aborted by Cancel. */
  readonly cancelled: AbortSignal;
}

/**
 * Runs one operation with a context whose signal ends on Cancel and when its time is over.
 * @param timeoutSeconds the user's customTimeouts; 0 is none
 */
export async function within<T>(
  around: Surroundings,
  urn: string,
  timeoutSeconds: number,
  operation: (context: ResourceContext) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new InstallerError("RESOURCE_TIMEOUT", `not done within ${timeoutSeconds} s`, { value: urn })),
    Math.min(timeoutSeconds * 1_000, LONGEST_TIMER_MS),
  );
  if (timeoutSeconds === 0) clearTimeout(timer);
  const signal = AbortSignal.any([around.cancelled, timeout.signal]);
  const context: ResourceContext = {
    config: around.config,
    run: around.run,
    env: around.env,
    clock: around.clock,
    progress: progressOf(urn, around.sink, around.clock),
    signal,
    timeoutMs: timeoutSeconds === 0 ? undefined : timeoutSeconds * 1_000,
    urn,
  };
  try {
    signal.throwIfAborted();
    return await operation(context);
  } catch (error) {
    // A program that was stopped says INTERRUPTED; only the signal knows whether by the user or by the clock.
    throw timeout.signal.aborted && error instanceof InstallerError && error.id === "INTERRUPTED" ? timeout.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Failures of the schema, except where a value is not known yet, then those of the resource's own rules. */
export function checkInputs(resource: AnyResource, news: Properties, old: Properties | undefined): readonly CheckFailure[] {
  const parsed = resource.inputs.safeParse(news);
  if (!parsed.success) {
    return parsed.error.issues
      .filter((issue) => !isUnknownAt(news, issue.path))
      .map((issue) => ({ property: propertyOf(issue), reason: issue.message }));
  }
  return resource.check?.(parsed.data, old === undefined ? undefined : resource.inputs.safeParse(old).data) ?? [];
}

const propertyOf = (issue: z.core.$ZodIssue): string =>
  issue.path.map(String).join(".") || (issue.code === "unrecognized_keys" ? issue.keys.join(",") : "");

/** Known inputs in the resource's type. @throws InstallerError INTERNAL: the engine sends only what check has passed */
export function parseInputs(resource: AnyResource, properties: Properties): Record<string, unknown> {
  const parsed = resource.inputs.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new InstallerError(
    "INTERNAL",
    `inputs are not valid: ${parsed.error.issues.map((issue) => `${propertyOf(issue)}: ${issue.message}`).join("; ")}`,
  );
}
