import type { OpMap } from "@pulumi/pulumi/automation/index.js";
import type { Reporter } from "../events/index.ts";
import { nameOfUrn, typeOfUrn } from "../pulumi/index.ts";
import type { Clock } from "../util/index.ts";
import type { Failure } from "./failure.ts";
import { kubernetesErrorId } from "./kubernetes-failures.ts";

/** Two minutes in all: what an API server takes to start again on a slow machine, and what a virtual IP takes to move. */
const PAUSES_MS = [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];

/**
 * A call of the program that reached no engine. gRPC shares connections by their address within a process, so a program that starts can be given the
 * failed one of an engine that has ended. Source: grpc-js, load-balancer-pick-first; Pulumi's automation server puts its words in front.
 */
const ENGINE_NOT_REACHED = /\b14 UNAVAILABLE: No connection established\b/;

/**
 * What an API server says while the certificate of a webhook is new to it or to the webhook's pods: OLM and cert-manager change the Secret and the
 * caBundle one after the other, and pods see a changed Secret later still. Source: Go's crypto/x509, UnknownAuthorityError
 */
const WEBHOOK_CERTIFICATE = /x509: certificate signed by unknown authority/;
/** While a webhook's pods start again. Sources: Go's net; k8s.io/apiserver, util/proxy */
const WEBHOOK_DOWN = /connection refused|no endpoints available for service/;

/** What passes by itself, and how it is said. */
const PASSING: readonly { readonly problem: string; readonly isMet: (failure: Failure) => boolean }[] = [
  { problem: "no answer", isMet: ({ urn, message }) => urn === undefined && ENGINE_NOT_REACHED.test(message) },
  { problem: "the API server does not answer", isMet: (failure) => kubernetesId(failure) === "KUBE_UNREACHABLE" },
  { problem: "a webhook's certificate is not the one that the cluster knows", isMet: (failure) => isOfWebhook(failure, WEBHOOK_CERTIFICATE) },
  { problem: "a webhook does not answer", isMet: (failure) => isOfWebhook(failure, WEBHOOK_DOWN) },
];

const kubernetesId = ({ urn, message }: Failure): string | undefined => (urn === undefined ? undefined : kubernetesErrorId(typeOfUrn(urn), message));
const isOfWebhook = (failure: Failure, text: RegExp): boolean => kubernetesId(failure) === "KUBE_WEBHOOK_FAILED" && text.test(failure.message);
const passingProblem = (failure: Failure): string | undefined => PASSING.find(({ isMet }) => isMet(failure))?.problem;

/**
 * True if all that failed is objects in the cluster, because its API server did not answer or broke the connection, a webhook started again or its certificate
 * was renewed, or the program did not reach its engine. The official plugin asks once; what it asked for is applied again by the next update, under the
 * same field manager.
 */
export function passes(failures: readonly Failure[]): boolean {
  return failures.length > 0 && failures.every((failure) => passingProblem(failure) !== undefined);
}

export interface AgainOptions {
  /** What the last try failed by. */
  readonly failures: () => readonly Failure[];
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Before each further try, in milliseconds. */
  readonly pausesMs?: readonly number[] | undefined;
}

/** Runs an operation of the engine again, after a growing pause, as long as it fails only by what passes by itself. */
export async function againWhilePassing<T>(operation: () => Promise<T>, options: AgainOptions): Promise<T> {
  const { failures, reporter, clock, signal, pausesMs = PAUSES_MS } = options;
  const start = clock.now().getTime();
  for (let tries = 0; ; tries++) {
    try {
      return await operation();
    } catch (error) {
      const pauseMs = pausesMs[tries];
      if (pauseMs === undefined || signal.aborted || !passes(failures())) throw error;
      // An object says more of what happened than the engine, which fails with it.
      const said = failures().find(({ urn }) => urn !== undefined) ?? failures()[0];
      const subject = said?.urn === undefined ? "Pulumi's engine" : nameOfUrn(said.urn);
      const problem = said === undefined ? undefined : passingProblem(said);
      const reason = `${problem}; trying again in ${pauseMs / 1_000} s`;
      reporter.emit({ type: "log", level: "warning", message: `${subject}: ${reason}` });
      reporter.emit({ type: "waiting", subject, reason, elapsedMs: clock.now().getTime() - start });
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** What several tries have changed together: what an earlier one made is the same to the last. @param tries number of resources by operation, in order */
export function summed(tries: readonly OpMap[]): OpMap {
  const sum = { ...tries.at(-1) };
  for (const [operation, count = 0] of tries.slice(0, -1).flatMap((each) => Object.entries(each))) {
    if (operation === "same") continue;
    sum[operation as keyof OpMap] = (sum[operation as keyof OpMap] ?? 0) + count;
    if (operation !== "delete" && sum.same !== undefined) sum.same -= count;
  }
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count > 0));
}
