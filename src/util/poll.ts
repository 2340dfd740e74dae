import { systemClock, type Clock } from "./clock.ts";

/** What one look at the world found: done with a value, or not yet, and why. */
export type Probe<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly reason: string };

export interface PollOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** Called when the reason changes, and at least every `heartbeatMs`. */
  readonly onWait?: (reason: string, elapsedMs: number) => void;
  readonly heartbeatMs?: number;
}

export type PollResult<T> =
  | { readonly outcome: "done"; readonly value: T; readonly elapsedMs: number }
  | { readonly outcome: "timeout"; readonly lastReason: string; readonly elapsedMs: number };

/**
 * Looks again and again until done or out of time. A probe that throws ends the poll with that error, so
 * a probe turns what may pass into a reason and throws only what cannot.
 * @throws whatever the probe throws, or the signal's reason
 */
export async function poll<T>(probe: () => Promise<Probe<T>>, options: PollOptions): Promise<PollResult<T>> {
  const clock = options.clock ?? systemClock;
  const heartbeat = options.heartbeatMs ?? 30_000;
  const start = clock.now().getTime();
  let reported = "";
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await probe();
    const elapsedMs = clock.now().getTime() - start;
    if (found.done) return { outcome: "done", value: found.value, elapsedMs };
    if (found.reason !== reported || elapsedMs - reportedAt >= heartbeat) {
      reported = found.reason;
      reportedAt = elapsedMs;
      options.onWait?.(found.reason, elapsedMs);
    }
    if (elapsedMs >= options.timeoutMs) return { outcome: "timeout", lastReason: found.reason, elapsedMs };
    await clock.sleep(Math.min(options.intervalMs, Math.max(1, options.timeoutMs - elapsedMs)), options.signal);
  }
}
