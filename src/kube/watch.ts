import { isInstallerError } from "../errors/index.ts";
import { type Clock, poll, type Probe } from "../util/index.ts";
import { explainApiError } from "./api-error.ts";
import type { KubeClient, KubeClientFactory } from "./client.ts";

/** One look: done, or why not. May throw API errors: they are reasons. */
export type Look<T> = (client: KubeClient, signal: AbortSignal | undefined) => Promise<Probe<T>>;

/** What something beside the look reports of a wait that goes on. */
export interface Finding<F> {
  /** Text behind the reason. */
  readonly hint?: string;
  /** Why waiting on is of no use. */
  readonly final?: F;
}

/** For a wait on a client that is in use beside it: the wait leaves it open. */
export const borrowed =
  (client: KubeClient): KubeClientFactory =>
  () =>
    Promise.resolve({ ...client, close: () => undefined });

/** Durations are milliseconds. */
export interface WatchOptions<F> {
  /** Makes the client; called on each try until it succeeds, then the client is kept and closed at the end. */
  readonly connect: KubeClientFactory;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** Called when the reason or its hint changes, and every 30 s. */
  readonly onWait?: ((reason: string, elapsedMs: number) => void) | undefined;
  /** Asked after each look that is not done; the client is absent while none could be made. */
  readonly examine?: ((client: KubeClient | undefined) => Promise<Finding<F>>) | undefined;
}

export type WatchResult<T, F> =
  | { readonly outcome: "done"; readonly value: T; readonly elapsedMs: number }
  /** `lastReason` is the reason with its hint. */
  | { readonly outcome: "timeout"; readonly reason: string; readonly lastReason: string; readonly elapsedMs: number }
  | { readonly outcome: "final"; readonly reason: string; readonly final: F; readonly elapsedMs: number };

/**
 * Looks at a cluster again and again until done, out of time, or `examine` finds that it is of no use. Whatever breaks in between (an API
 * server that restarts) is a reason to wait, not an error.
 * @throws the signal's reason, InstallerError of `look` and of `connect`: what is our own does not get better by waiting
 */
export async function watch<T, F = never>(look: Look<T>, options: WatchOptions<F>): Promise<WatchResult<T, F>> {
  const { signal, examine = () => Promise.resolve<Finding<F>>({}) } = options;
  let client: KubeClient | undefined;
  let reason = "not checked yet";
  const attempt = async (): Promise<Probe<T>> => {
    try {
      client ??= await options.connect(signal);
      return await look(client, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isInstallerError(error)) throw error;
      return { done: false, reason: explainApiError(error) };
    }
  };
  try {
    const result = await poll<{ readonly value: T } | { readonly final: F }>(
      async () => {
        const found = await attempt();
        if (found.done) return { done: true, value: { value: found.value } };
        reason = found.reason;
        const { hint = "", final } = await examine(client);
        return final === undefined ? { done: false, reason: `${reason}${hint}` } : { done: true, value: { final } };
      },
      {
        intervalMs: options.intervalMs,
        timeoutMs: options.timeoutMs,
        signal,
        ...(options.clock === undefined ? {} : { clock: options.clock }),
        ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
      },
    );
    const { elapsedMs } = result;
    if (result.outcome === "timeout") return { outcome: "timeout", reason, lastReason: result.lastReason, elapsedMs };
    return "final" in result.value
      ? { outcome: "final", reason, final: result.value.final, elapsedMs }
      : { outcome: "done", value: result.value.value, elapsedMs };
  } finally {
    client?.close();
  }
}
