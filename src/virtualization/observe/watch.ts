import type { ErrorId } from "../../errors/index.ts";
import { type Clock, systemClock } from "../../util/index.ts";
import { type KubeClient, type KubeClientFactory, type Look, watch } from "../../kube/index.ts";
import { causeText, type Cause } from "./cause.ts";
import { diagnose } from "./diagnose/index.ts";
import { observe } from "./seen.ts";
import type { Target } from "./target.ts";

export interface WatchOptions {
  readonly connect: KubeClientFactory;
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
  /** Out of time, or `stuck`: a cause that waiting does not fix. The first cause is the one to fix. */
  | { readonly outcome: "stuck" | "timeout"; readonly reason: string; readonly causes: readonly Cause[] };

const INTERVAL_MS = 3_000;
/** The whole look takes some twenty requests. */
const DIAGNOSE_MS = 9_000;

/**
 * Looks until it is done, out of time, or until a cause has lasted that takes a person. An API server that is away in between is
 * a reason to wait.
 * @throws the signal's reason, InstallerError of `look` and of `connect`
 */
export async function watchTarget<T>(look: Look<T>, options: WatchOptions): Promise<WatchResult<T>> {
  const { clock = systemClock } = options;
  const doctor = doctorOf(options, clock);
  const result = await watch<T, true>(look, {
    connect: options.connect,
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    clock,
    onWait: options.onWait,
    examine: async (client) => {
      if (client !== undefined && (await doctor.examine(client))) return { final: true };
      const [first] = doctor.causes();
      return first === undefined ? {} : { hint: `; ${causeText(first)}` };
    },
  });
  if (result.outcome === "done") return { outcome: "done", value: result.value };
  return { outcome: result.outcome === "final" ? "stuck" : "timeout", reason: result.reason, causes: doctor.causes() };
}

interface Doctor {
  /** Looks again if it is time; true if a cause has lasted longer than its patience. */
  examine(client: KubeClient): Promise<boolean>;
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
        // What cannot be looked at now is looked at the next time; the wait itself reports that the API is away.
        signal?.throwIfAborted();
        return false;
      }
      const seen = new Set(causes.map(keyOf));
      for (const key of since.keys()) if (!seen.has(key)) since.delete(key);
      for (const key of seen) if (!since.has(key)) since.set(key, now.getTime());
      const lasting = causes.findIndex(
        (cause) => cause.patienceMs !== undefined && now.getTime() - (since.get(keyOf(cause)) ?? 0) >= cause.patienceMs,
      );
      // What ends the wait is reported first.
      if (lasting > 0) causes = [...causes.slice(lasting), ...causes.slice(0, lasting)];
      return lasting >= 0;
    },
  };
}
