import { isInstallerError } from "../../errors/index.ts";
import { type Clock, poll, systemClock } from "../../util/index.ts";
import { ApiStatusError, explainApiError, type KubeClient, type KubeClientFactory } from "../../kube/index.ts";
import type { CsrPolicy } from "./csr-approval.ts";

/** What a machine's console told about a failure. `fatal`: it cannot pass, so the wait ends at once. */
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
  /** Out of time; `stage` and `lastReason` tell what was missing at the end. */
  | { readonly outcome: "timeout"; readonly stage: string; readonly lastReason: string; readonly elapsedMs: number }
  /** A machine's console shows that waiting longer is of no use. */
  | { readonly outcome: "failed"; readonly stage: string; readonly machine: string; readonly cause: string; readonly elapsedMs: number };

/** What both waits take. Durations are milliseconds. */
export interface WaitOptions extends CsrPolicy {
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

interface Blocked {
  readonly stage: string;
  readonly reason: string;
}

/**
 * Goes through all stages at each look, from the first: whatever breaks again in the middle (an API server
 * that restarts, a node that is gone) becomes the reason again instead of an error.
 * @throws the signal's reason when aborted, InstallerError of `connect`
 */
export async function waitForStages(stages: readonly Stage[], options: WaitOptions): Promise<WaitResult> {
  let client: KubeClient | undefined;
  let blocked: Blocked = { stage: stages[0]?.name ?? "api", reason: "not looked at yet" };
  const readConsoles = consoleWatch(options);
  const look = async (): Promise<Blocked | undefined> => {
    try {
      client ??= await options.connect(options.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      // A kubeconfig that cannot be used does not get better by waiting.
      if (isInstallerError(error)) throw error;
      return { stage: "api", reason: explainApiError(error) };
    }
    for (const stage of stages) {
      try {
        const reason = await stage.check(client, options.signal);
        if (reason !== undefined) return { stage: stage.name, reason };
      } catch (error) {
        options.signal?.throwIfAborted();
        // Without any answer it is the API that is lost, whatever was asked.
        return { stage: error instanceof ApiStatusError ? stage.name : "api", reason: explainApiError(error) };
      }
    }
    return undefined;
  };
  try {
    const result = await poll<ConsoleSign | undefined>(
      async () => {
        const found = await look();
        if (found === undefined) return { done: true, value: undefined };
        blocked = found;
        const signs = await readConsoles();
        const fatal = signs.find((sign) => sign.fatal);
        if (fatal !== undefined) return { done: true, value: fatal };
        const hints = signs.map((sign) => ` [console of ${sign.machine}: ${sign.cause}]`).join("");
        return { done: false, reason: `${found.reason}${hints}` };
      },
      {
        intervalMs: options.intervalMs ?? INTERVAL_MS,
        timeoutMs: options.timeoutMs,
        signal: options.signal,
        ...(options.clock === undefined ? {} : { clock: options.clock }),
        onWait: (reason, elapsedMs) => options.onWait?.({ stage: blocked.stage, reason, elapsedMs }),
      },
    );
    if (result.outcome === "timeout") return { ...result, stage: blocked.stage };
    if (result.value === undefined) return { outcome: "done", elapsedMs: result.elapsedMs };
    const { machine, cause } = result.value;
    return { outcome: "failed", stage: blocked.stage, machine, cause, elapsedMs: result.elapsedMs };
  } finally {
    client?.close();
  }
}

function consoleWatch(options: WaitOptions): () => Promise<readonly ConsoleSign[]> {
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
