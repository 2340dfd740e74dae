import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import { conditionOf, CORE_KINDS, type KubeClient, type KubeObject, nameOf, objectKind, textAt } from "../../kube/index.ts";
import { systemClock } from "../../util/index.ts";
import { apiStage } from "./bootstrap-complete.ts";
import { CLIENT_SIGNER, isPending, SERVING_SIGNER } from "./csr-approval.ts";
import { waitForStages, type PlainWaitOptions, type Stage, type WaitResult } from "./wait.ts";

const CLUSTER_VERSIONS = objectKind("config.openshift.io/v1", "ClusterVersion");
const CLUSTER_OPERATORS = objectKind("config.openshift.io/v1", "ClusterOperator");
const ROUTES = objectKind("route.openshift.io/v1", "Route");

/** As OpenShift's own installer, which takes an operator for settled then. */
const SETTLED_AFTER_MS = 30_000;
const NAMES_SHOWN = 3;

/**
 * Waits until OpenShift has installed itself: the cluster version is Available, and no operator has been progressing for half a minute. Approves
 * nothing: requests of machines that somebody else started are that person's to judge, so they are named instead.
 * @throws the signal's reason when aborted
 */
export function waitForOpenShiftInstall(options: PlainWaitOptions): Promise<WaitResult> {
  return waitForStages(
    [
      apiStage,
      {
        name: "version",
        check: async (client, signal) => {
          const reason = versionReason(await client.read(CLUSTER_VERSIONS, { name: "version" }, signal));
          return reason === undefined ? undefined : `${reason}${await pendingHint(client, signal)}`;
        },
      },
      operatorsStage(options),
    ],
    options,
  );
}

/** Why the version operator is not done, or undefined when it is. */
export function versionReason(version: KubeObject | undefined): string | undefined {
  if (version === undefined) return "there is no ClusterVersion yet";
  const available = conditionOf(version, "Available");
  const failing = conditionOf(version, "Failing");
  const progressing = conditionOf(version, "Progressing");
  if (failing?.status === "True") return `the cluster version operator reports: ${failing.message || "a failure"}`;
  if (progressing?.status === "True") return progressing.message || "the cluster version operator is at work";
  const isDone = available?.status === "True" && failing?.status === "False" && progressing?.status === "False";
  return isDone ? undefined : "the cluster version operator has not reported yet";
}

/** Why the operators are not settled, or undefined when none is progressing. */
export function operatorsReason(operators: readonly KubeObject[]): string | undefined {
  if (operators.length === 0) return "no operator has reported yet";
  const moving = operators.filter((operator) => conditionOf(operator, "Progressing")?.status !== "False");
  if (moving.length === 0) return undefined;
  const said = moving.slice(0, NAMES_SHOWN).map((operator) => {
    const message = conditionOf(operator, "Progressing")?.message ?? "";
    return `${nameOf(operator)}${message === "" ? "" : ` (${message})`}`;
  });
  return `${moving.length} of ${operators.length} operators are progressing: ${shortList(said, moving.length)}`;
}

function operatorsStage({ clock = systemClock }: PlainWaitOptions): Stage {
  let quietSince: number | undefined;
  return {
    name: "operators",
    check: async (client, signal) => {
      const reason = operatorsReason((await client.list(CLUSTER_OPERATORS, undefined, signal)) ?? []);
      const now = clock.now().getTime();
      quietSince = reason === undefined ? (quietSince ?? now) : undefined;
      return (
        reason ?? (now - (quietSince ?? now) < SETTLED_AFTER_MS ? "the operators have stopped progressing; waiting whether it stays so" : undefined)
      );
    },
  };
}

/** Requests of kubelets that nobody has decided: without them compute machines do not become nodes. */
async function pendingHint(client: KubeClient, signal: AbortSignal | undefined): Promise<string> {
  const all = (await client.list<V1CertificateSigningRequest>(CORE_KINDS.certificateSigningRequests, undefined, signal)) ?? [];
  const names = all
    .filter((request) => isPending(request) && [CLIENT_SIGNER, SERVING_SIGNER].includes(request.spec.signerName))
    .map(({ metadata }) => metadata?.name ?? "");
  if (names.length === 0) return "";
  return ` [${names.length} certificate ${names.length === 1 ? "request waits" : "requests wait"} for approval: ${shortList(names.slice(0, NAMES_SHOWN), names.length)}]`;
}

/** URL of the web console, where the cluster has one. @throws what `explainApiError` understands */
export async function consoleUrl(client: KubeClient, signal?: AbortSignal): Promise<string | undefined> {
  const host = textAt(await client.read(ROUTES, { namespace: "openshift-console", name: "console" }, signal), "status", "ingress", 0, "host");
  return host === "" ? undefined : `https://${host}`;
}

const shortList = (shown: readonly string[], count: number): string =>
  `${shown.join(", ")}${count > shown.length ? ` and ${count - shown.length} more` : ""}`;
