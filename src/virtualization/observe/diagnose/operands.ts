import { conditionOf, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../../kube/index.ts";
import { said, SOON, type Cause } from "../cause.ts";
import { type KindName, OPERANDS } from "../kinds.ts";
import { incompleteOf, isBehind, ROLLOUT_KINDS } from "../rollout.ts";
import { all, called, kubectlName, type Seen } from "../seen.ts";

/** HyperConverged and what it stands for. What an operand says itself counts more than what HyperConverged says of it. */
export function operandCauses(seen: Seen): readonly Cause[] {
  const operands = OPERANDS.flatMap((kind) => all(seen, kind).flatMap((object) => operandCause(seen, kind, object)));
  return [
    ...placeCauses(seen),
    ...operands,
    ...(operands.length === 0 ? all(seen, "hyperConvergeds").flatMap((one) => hyperConvergedCause(seen, one)) : []),
  ];
}

/** The operator only takes the one resource in its own namespace. */
function placeCauses(seen: Seen): readonly Cause[] {
  if (seen.target.source !== "OLM") return [];
  const isRight = (one: KubeObject): boolean => seen.target.namespaces.includes(namespaceOf(one)) && nameOf(one) === "kubevirt-hyperconverged";
  const found = all(seen, "hyperConvergeds");
  // Beside the right one it is only a nuisance.
  const patience = found.some(isRight) ? {} : { patienceMs: SOON };
  return found
    .filter((one) => !isRight(one))
    .map((one) => ({
      id: "VIRT_WRONG_PLACE" as const,
      object: called("hyperConvergeds", one),
      message: `the operator takes only ${seen.target.namespaces.join(", ")}/kubevirt-hyperconverged`,
      fix: `Delete it: kubectl -n ${namespaceOf(one)} delete hyperconverged ${nameOf(one)}. If it does not go, its finalizers have to be removed.`,
      ...patience,
    }));
}

/**
 * KubeVirt and CDI call themselves degraded while they are updated, and available all the same. Source: kubevirt pkg/virt-operator/util/client.go;
 * controller-lifecycle-operator-sdk pkg/sdk/cr-status.go, MarkCrUpgradeHealingDegraded
 */
const UPDATING: readonly string[] = ["UpdateInProgress", "UpgradeStarted"];

/** Reasons for which something is not available that say less than what progresses. Source: cluster-network-addons-operator pkg/controller/statusmanager */
const STARTING: readonly string[] = ["", "Startup"];

/** Why a resource with the usual conditions is not well; undefined if it is. */
export function conditionTrouble(object: KubeObject): string | undefined {
  const going = leaving(object);
  if (going !== undefined) return going;
  const [available, progressing, degraded, synchronized] = ["Available", "Progressing", "Degraded", "Synchronized"].map((type) =>
    conditionOf(object, type),
  );
  const updating = degraded?.status === "True" && UPDATING.includes(degraded.reason) ? degraded : undefined;
  if (degraded?.status === "True" && updating === undefined) return worded("Degraded", degraded);
  // CDI says why with one of its conditions only, network addons what they wait for; and what CDI calls degraded later has no reason.
  const progress = progressing?.status !== "True" ? undefined : progressing.reason === "" ? (updating ?? progressing) : progressing;
  if (available !== undefined && available.status !== "True" && (!STARTING.includes(available.reason) || progress === undefined))
    return worded("not Available", available);
  if (progress !== undefined) return worded("Progressing", progress);
  if (available !== undefined) return undefined;
  // All that KubeVirt says of a second one, or of one outside of the operator's namespace.
  if (synchronized?.status === "False") return worded("not Synchronized", synchronized);
  const phase = textAt(object, "status", "phase");
  return phase === "" ? "its operator has said nothing of it yet" : `phase ${phase}`;
}

/** With the reason and the message of a condition, as far as it has them. */
function worded(what: string, { reason, message }: { readonly reason: string; readonly message: string }): string {
  return `${what}${reason === "" ? "" : `, ${reason}`}${message === "" ? "" : `: ${said(message)}`}`;
}

/** Since when something is being deleted and what holds it, which keeps the conditions of its better days; undefined if it stays. */
export function leaving({ metadata }: KubeObject): string | undefined {
  if (metadata?.deletionTimestamp === undefined) return undefined;
  return `being deleted, since ${metadata.deletionTimestamp} and held by ${(metadata.finalizers ?? []).join(", ") || "nothing"}`;
}

function operandCause(seen: Seen, kind: KindName, object: KubeObject): readonly Cause[] {
  // What is only being deleted just now is no trouble; what does not go is reported with the leftovers.
  if (leaving(object) !== undefined) return [];
  const pools = listAt(object, "status", "storagePoolStatuses").filter((pool) => textAt(pool, "phase") !== "" && textAt(pool, "phase") !== "Ready");
  const trouble =
    pools.length > 0
      ? `pool ${pools.map((pool) => `${textAt(pool, "name")} is ${textAt(pool, "phase")} (${textAt(pool, "currentReady") || "0"} of ${textAt(pool, "desiredReady") || "?"} nodes)`).join(", ")}`
      : conditionTrouble(object);
  if (trouble === undefined) return [];
  return [
    {
      id: "VIRT_COMPONENT_NOT_READY",
      object: called(kind, object),
      message: `${trouble}${awaited(seen, object, trouble)}`,
      fix: `kubectl describe ${kubectlName(kind, object)} shows more.`,
    },
  ];
}

/** By kind of a resource: what it says as long as something that its operator has made is not ready. */
const VAGUE: Readonly<Record<string, RegExp>> = {
  KubeVirt: /\b(DeploymentInProgress|UpdateInProgress)\b/,
  CDI: /^Degraded$|\b(DeployStarted|UpgradeStarted)\b/,
};

/**
 * What KubeVirt and CDI wait for while they deploy or update, which their conditions do not say: they repeat them, or are degraded without a reason,
 * whenever something of their own is not ready, long after it was deployed too. Source: kubevirt 1.7, pkg/virt-operator/kubevirt.go, syncInstallation and
 * isReady; controller-lifecycle-operator-sdk pkg/sdk/reconciler/reconciler.go, CheckDegraded
 */
function awaited(seen: Seen, object: KubeObject, trouble: string): string {
  if (VAGUE[object.kind ?? ""]?.test(trouble) !== true) return "";
  const waits = ROLLOUT_KINDS.flatMap((kind) => incompleteOf(kind, all(seen, kind), object));
  return waits.length === 0 ? "" : `; it waits for ${waits.join(", ")}`;
}

function hyperConvergedCause(seen: Seen, object: KubeObject): readonly Cause[] {
  if (!seen.target.namespaces.includes(namespaceOf(object)) || leaving(object) !== undefined) return [];
  const trouble = hyperConvergedTrouble(object);
  if (trouble === undefined) return [];
  return [
    {
      id: "VIRT_COMPONENT_NOT_READY",
      object: called("hyperConvergeds", object),
      message: trouble,
      fix: `The reason names the component: kubectl -n ${namespaceOf(object)} get kubevirt,cdi,ssp,networkaddonsconfig,pods.`,
    },
  ];
}

/** Why HyperConverged is not ready, by its five conditions; undefined if it is. Source: HCO hyperconverged_controller.go */
export function hyperConvergedTrouble(object: KubeObject): string | undefined {
  const complete = conditionOf(object, "ReconcileComplete");
  if (complete === undefined) return leaving(object) ?? "the operator has said nothing of it yet";
  const trouble = conditionTrouble(object);
  if (trouble !== undefined) return trouble;
  if (complete.status !== "True") return `not reconciled, ${complete.reason}: ${said(complete.message)}`;
  return isBehind(object) ? BEHIND : undefined;
}

export const BEHIND = "its last change is not taken up yet";
