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
 * True if all that failed is objects in the cluster, because its API server did not answer or broke the connection, or the program did not reach its
 * engine. The official plugin asks once; what it asked for is applied again by the next update, under the same field manager.
 */
export function passes(failures: readonly Failure[]): boolean {
  return failures.length > 0 && failures.every((failure) => isOfEngine(failure) || isOfApi(failure));
}

const isOfApi = ({ urn, message }: Failure): boolean => urn !== undefined && kubernetesErrorId(typeOfUrn(urn), message) === "KUBE_UNREACHABLE";
const isOfEngine = ({ urn, message }: Failure): boolean => urn === undefined && ENGINE_NOT_REACHED.test(message);

/**
 * The URNs of a failed preview if nothing failed but objects in a cluster that are to be replaced. The plugin lets the API server try the new form
 * beside the old one, of which it then changes what cannot be changed; an update deletes the old one first.
 * @param replacing URNs that the preview would replace
 */
export function refusedReplacements(failures: readonly Failure[], replacing: ReadonlySet<string>): readonly string[] {
  const urns = failures.map(({ urn = "" }) => urn);
  return urns.every((urn) => replacing.has(urn) && typeOfUrn(urn).startsWith("kubernetes:")) ? [...new Set(urns)] : [];
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
      const said = failures();
      const [subject, problem] = said.every(isOfEngine)
        ? ["Pulumi's engine", "no answer"]
        : [said.flatMap(({ urn }) => (urn === undefined ? [] : [nameOfUrn(urn)]))[0] ?? "cluster", "the API server does not answer"];
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
