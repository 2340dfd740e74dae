import { ApiStatusError, type KubeClient, type KubeClientFactory, type Look, watch } from "../../kube/index.ts";
import { type Clock, systemClock } from "../../util/index.ts";
import type { CsrPolicy } from "./csr-approval.ts";

/** What a machine's console showed about a failure. `fatal`: it cannot pass, so the wait ends at once. */
export interface ConsoleSign {
  readonly machine: string;
  readonly cause: string;
  readonly fatal: boolean;
}

/** One line about a wait that goes on. */
export interface WaitReport {
  /** `api`, `nodes`, `etcd`, `bootstrap`, `workloads`… : the stage that is not passed yet. */
  readonly stage: string;
  /** The last cause, for people. */
  readonly reason: string;
  readonly elapsedMs: number;
}

export type WaitResult =
  | { readonly outcome: "done"; readonly elapsedMs: number }
  /** Out of time; `stage` and `lastReason` say what was missing at the end. */
  | { readonly outcome: "timeout"; readonly stage: string; readonly lastReason: string; readonly elapsedMs: number }
  /** A machine's console shows that waiting longer is of no use. */
  | { readonly outcome: "failed"; readonly stage: string; readonly machine: string; readonly cause: string; readonly elapsedMs: number };

/** What a wait takes that approves certificates, too. */
export interface WaitOptions extends CsrPolicy, PlainWaitOptions {}

/** What every wait takes. Durations are milliseconds. */
export interface PlainWaitOptions {
  /** Makes the API client; called on each try until it succeeds, then the client is kept and closed at the end. */
  readonly connect: KubeClientFactory;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly intervalMs?: number;
  /** Called when the reason changes, and every 30 s. */
  readonly onWait?: (report: WaitReport) => void;
  /** Things a person should know, once each: an ignored CSR and why. */
  readonly onWarning?: (message: string) => void;
  /** Reads the consoles for signs of failure; asked about every ten seconds. An error of it is no sign. */
  readonly consoleSigns?: (signal: AbortSignal | undefined) => Promise<readonly ConsoleSign[]>;
}

/** One condition of a wait: undefined when it holds, else the reason why not. May throw API errors: they are reasons. */
export interface Stage {
  readonly name: string;
  readonly check: (client: KubeClient, signal: AbortSignal | undefined) => Promise<string | undefined>;
}

const INTERVAL_MS = 2_000;
const CONSOLE_INTERVAL_MS = 10_000;

/**
 * Goes through all stages at each look, from the first: whatever breaks again in the middle (an API server
 * that restarts, a node that is gone) becomes the reason again instead of an error.
 * @throws the signal's reason when aborted, InstallerError of `connect`
 */
export async function waitForStages(stages: readonly Stage[], options: PlainWaitOptions): Promise<WaitResult> {
  const { onWait } = options;
  const readConsoles = consoleWatch(options);
  // Without any answer it is the API that is lost, whatever was asked.
  let stage = API;
  const look: Look<undefined> = async (client, signal) => {
    for (const { name, check } of stages) {
      try {
        const reason = await check(client, signal);
        stage = name;
        if (reason !== undefined) return { done: false, reason };
      } catch (error) {
        stage = error instanceof ApiStatusError ? name : API;
        throw error;
      }
    }
    return { done: true, value: undefined };
  };
  const result = await watch<undefined, ConsoleSign>(look, {
    connect: options.connect,
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    clock: options.clock,
    ...(onWait === undefined ? {} : { onWait: (reason, elapsedMs) => onWait({ stage, reason, elapsedMs }) }),
    examine: async () => {
      const signs = await readConsoles();
      const final = signs.find((sign) => sign.fatal);
      const hint = signs.map((sign) => ` [console of ${sign.machine}: ${sign.cause}]`).join("");
      return final === undefined ? { hint } : { hint, final };
    },
  });
  const { elapsedMs } = result;
  if (result.outcome === "done") return { outcome: "done", elapsedMs };
  if (result.outcome === "timeout") return { outcome: "timeout", stage, lastReason: result.lastReason, elapsedMs };
  const { machine, cause } = result.final;
  return { outcome: "failed", stage, machine, cause, elapsedMs };
}

const API = "api";

function consoleWatch(options: PlainWaitOptions): () => Promise<readonly ConsoleSign[]> {
  const now = (): number => (options.clock ?? systemClock).now().getTime();
  let next = Number.NEGATIVE_INFINITY;
  let last: readonly ConsoleSign[] = [];
  return async () => {
    if (options.consoleSigns === undefined || now() < next) return last;
    next = now() + CONSOLE_INTERVAL_MS;
    try {
      last = await options.consoleSigns(options.signal);
    } catch {
      // Reading consoles is a help, not a condition.
      options.signal?.throwIfAborted();
    }
    return last;
  };
}
