import { type ErrorId, isInstallerError } from "../../errors/index.ts";
import { type Clock, poll, type Probe, systemClock } from "../../util/index.ts";
import { explainApiError, type ObjectClient, type ObjectClientFactory } from "../../kube/index.ts";
import { causeText, type Cause } from "./cause.ts";
import { diagnose } from "./diagnose/index.ts";
import { observe, type Target } from "./seen.ts";

export interface WatchOptions {
  readonly connect: ObjectClientFactory;
  readonly target: Target;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly intervalMs?: number | undefined;
  /** What is waited for and why, when it changes and every 30 s. */
  readonly onWait?: ((text: string) => void) | undefined;
  /** The causes that have to do with what is waited for; default all. */
  readonly concerns?: readonly ErrorId[] | undefined;
}

export type WatchResult<T> =
  | { readonly outcome: "done"; readonly value: T }
  /** Out of time, or `stuck`: a cause that waiting does not mend. The first cause is the one to mend. */
  | { readonly outcome: "stuck" | "timeout"; readonly reason: string; readonly causes: readonly Cause[] };

const INTERVAL_MS = 3_000;
/** The whole look takes some twenty requests. */
const DIAGNOSE_MS = 9_000;

/** One look: done, or why not. May throw API errors: they are reasons. */
export type Look<T> = (client: ObjectClient, signal: AbortSignal | undefined) => Promise<Probe<T>>;

/**
 * Looks until it is done, out of time, or until a cause has lasted that takes a person. An API server that is away in between is
 * a reason to wait.
 * @throws the signal's reason, InstallerError of `look` and of `connect`
 */
export async function watch<T>(look: Look<T>, options: WatchOptions): Promise<WatchResult<T>> {
  const { signal } = options;
  const clock = options.clock ?? systemClock;
  const doctor = doctorOf(options, clock);
  let client: ObjectClient | undefined;
  let reason = "not looked at yet";
  const attempt = async (): Promise<Probe<T>> => {
    try {
      client ??= await options.connect();
      return await look(client, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isInstallerError(error)) throw error;
      return { done: false, reason: explainApiError(error) };
    }
  };
  try {
    const result = await poll<T | Stuck>(
      async () => {
        const found = await attempt();
        if (found.done) return found;
        reason = found.reason;
        const stuck = client === undefined ? false : await doctor.examine(client);
        if (stuck) return { done: true, value: STUCK };
        const [first] = doctor.causes();
        return { done: false, reason: first === undefined ? reason : `${reason}; ${causeText(first)}` };
      },
      {
        intervalMs: options.intervalMs ?? INTERVAL_MS,
        timeoutMs: options.timeoutMs,
        signal,
        clock,
        ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
      },
    );
    if (result.outcome === "done" && result.value !== STUCK) return { outcome: "done", value: result.value as T };
    return { outcome: result.outcome === "done" ? "stuck" : "timeout", reason, causes: doctor.causes() };
  } finally {
    client?.close();
  }
}

const STUCK = Symbol("stuck");
type Stuck = typeof STUCK;

interface Doctor {
  /** Looks again if it is time; true if a cause has lasted longer than its patience. */
  examine(client: ObjectClient): Promise<boolean>;
  causes(): readonly Cause[];
}

function doctorOf({ target, signal, concerns }: WatchOptions, clock: Clock): Doctor {
  const since = new Map<string, number>();
  let causes: readonly Cause[] = [];
  let next = 0;
  const keyOf = ({ id, object }: Cause): string => `${id} ${object}`;
  return {
    causes: () => causes,
    examine: async (client) => {
      const now = clock.now();
      if (now.getTime() < next) return false;
      next = now.getTime() + DIAGNOSE_MS;
      try {
        causes = diagnose(await observe(client, target, now, signal)).filter(({ id }) => concerns?.includes(id) ?? true);
      } catch {
        // What cannot be looked at now is looked at the next time; the wait itself tells that the API is away.
        signal?.throwIfAborted();
        return false;
      }
      const seen = new Set(causes.map(keyOf));
      for (const key of since.keys()) if (!seen.has(key)) since.delete(key);
      for (const key of seen) if (!since.has(key)) since.set(key, now.getTime());
      const lasting = causes.findIndex(
        (cause) => cause.patienceMs !== undefined && now.getTime() - (since.get(keyOf(cause)) ?? 0) >= cause.patienceMs,
      );
      // What ends the wait is told first.
      if (lasting > 0) causes = [...causes.slice(lasting), ...causes.slice(0, lasting)];
      return lasting >= 0;
    },
  };
}
