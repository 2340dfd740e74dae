import { at, conditionOf, fullName, type KubeObject, listAt, nameOf, namespaceOf, saysTooLarge, textAt } from "../../../kube/index.ts";
import { LATER, said, SOON, type Cause } from "../cause.ts";
import { all, called, find, type Seen } from "../seen.ts";
import type { OlmTarget } from "../target.ts";
import { podTrouble } from "./pods.ts";

/** CatalogSource, OperatorGroup, Subscription, InstallPlan and ClusterServiceVersion, in the order that OLM comes to them. */
export function olmCauses(seen: Seen): readonly Cause[] {
  const { olm } = seen.target;
  if (olm === undefined) return [];
  if (seen.objects.subscriptions === undefined)
    return [
      {
        id: "VIRT_OLM_MISSING",
        object: "the cluster",
        message: "has no Operator Lifecycle Manager: the kind Subscription is unknown",
        fix: "Deploy OLM, or use virtualization.source: Manifests.",
        patienceMs: SOON,
      },
    ];
  return [...catalogCauses(seen, olm), ...groupCauses(seen), ...subscriptionCauses(seen, olm), ...planCauses(seen, olm), ...csvCauses(seen)];
}

function catalogCauses(seen: Seen, { catalogSource, packageName }: OlmTarget): readonly Cause[] {
  const catalog = find(seen, "catalogSources", catalogSource.name, catalogSource.namespace);
  if (catalog === undefined) {
    const others = all(seen, "catalogSources").map(fullName);
    return [
      {
        id: "VIRT_CATALOG_MISSING",
        object: `CatalogSource ${catalogSource.namespace}/${catalogSource.name}`,
        message: `does not exist; there ${others.length === 0 ? "is none" : `are ${others.join(", ")}`}`,
        fix: `Give one that holds package ${packageName} under virtualization.catalogSource.`,
        patienceMs: SOON,
      },
    ];
  }
  const state = textAt(catalog, "status", "connectionState", "lastObservedState");
  if (state === "READY") return [];
  const pods = all(seen, "pods").filter((pod) => pod.metadata?.labels?.["olm.catalogSource"] === nameOf(catalog));
  const trouble = pods.flatMap((pod) => podTrouble(pod) ?? [])[0];
  const address = textAt(catalog, "status", "connectionState", "address") || textAt(catalog, "spec", "address");
  return [
    {
      id: "VIRT_CATALOG_UNHEALTHY",
      object: called("catalogSources", catalog),
      message: `is not READY but ${state === "" ? "not connected yet" : state}${address === "" ? "" : ` (${address})`}${trouble === undefined ? "" : `; its pod: ${trouble.message}`}`,
      fix:
        trouble?.id === "VIRT_IMAGE_PULL"
          ? "Check the index image, the pull secret and the way to its registry; on OKD only images without pull secret can be used."
          : "Check that the catalog's pod runs and that its gRPC address can be reached from the cluster.",
    },
  ];
}

function groupCauses(seen: Seen): readonly Cause[] {
  const { namespaces } = seen.target;
  const groups = all(seen, "operatorGroups").filter((group) => namespaces.includes(namespaceOf(group)));
  const made = namespaces.some((namespace) => all(seen, "subscriptions").some((subscription) => namespaceOf(subscription) === namespace));
  if (groups.length === 0 && made)
    return [
      {
        id: "VIRT_OPERATOR_GROUP",
        object: `Namespace ${namespaces.join(", ")}`,
        message: "has no OperatorGroup, so OLM installs nothing in it",
        fix: "Run `virt-ipi resume` to create it again.",
        patienceMs: SOON,
      },
    ];
  if (groups.length <= 1) return [];
  return [
    {
      id: "VIRT_OPERATOR_GROUP",
      object: `Namespace ${namespaces.join(", ")}`,
      message: `has ${groups.length} OperatorGroups (${groups.map(nameOf).join(", ")}), and OLM works with one only`,
      fix: "Delete all but kubevirt-hyperconverged-group.",
      patienceMs: SOON,
    },
  ];
}

function subscriptionCauses(seen: Seen, olm: OlmTarget): readonly Cause[] {
  return all(seen, "subscriptions")
    .filter((subscription) => nameOf(subscription) === olm.subscription)
    .flatMap((subscription) => {
      const causes: Cause[] = [];
      const object = called("subscriptions", subscription);
      const bad = (type: string): string | undefined => {
        const condition = conditionOf(subscription, type);
        return condition?.status === "True" ? said(condition.message || condition.reason) : undefined;
      };
      const unpack = bad("BundleUnpackFailed");
      if (unpack !== undefined)
        causes.push({
          id: "VIRT_UNPACK_FAILED",
          object,
          message: `the bundle could not be unpacked: ${unpack}`,
          fix: "Check the way to the bundle's registry; then delete the failed Job and its ConfigMap in the catalog's namespace, and the Subscription is tried again.",
          patienceMs: SOON,
        });
      const resolution = bad("ResolutionFailed");
      if (resolution !== undefined && unpack === undefined) causes.push(resolutionCause(object, resolution, olm));
      const plan = bad("InstallPlanFailed");
      if (plan !== undefined) causes.push(planCause(object, plan));
      return causes;
    });
}

/** What OLM says in an upgrade until the old version has gone (24 s seen on a busy machine), and for ever where a Subscription was deleted alone. */
const BETWEEN_VERSIONS = /exists and is not referenced by a subscription/;
const UPGRADE_MS = 120_000;

function resolutionCause(object: string, message: string, { packageName, channel, startingCSV, catalogSource }: OlmTarget): Cause {
  const group = /operatorgroup|multiple OperatorGroup/i.test(message);
  const fix = group
    ? "There must be exactly one OperatorGroup in the namespace, with the install mode that the operator supports."
    : `Compare package ${packageName}, channel ${channel}${startingCSV === undefined ? "" : ` and ${startingCSV}`} with what catalog ${catalogSource.name} holds: kubectl get packagemanifest ${packageName}.`;
  const patienceMs = BETWEEN_VERSIONS.test(message) ? UPGRADE_MS : SOON;
  return { id: group ? "VIRT_OPERATOR_GROUP" : "VIRT_RESOLUTION_FAILED", object, message: `cannot be resolved: ${message}`, fix, patienceMs };
}

function planCause(object: string, message: string): Cause {
  if (saysTooLarge(message))
    return {
      id: "VIRT_DEFINITION_TOO_LARGE",
      object,
      message: `a CustomResourceDefinition is too large to be applied: ${message}`,
      fix: "Apply it by server-side apply (kubectl apply --server-side), or raise the request limit of etcd (--max-request-bytes).",
      patienceMs: SOON,
    };
  return {
    id: "VIRT_INSTALL_PLAN_FAILED",
    object,
    message: `its InstallPlan failed: ${message}`,
    fix: "Fix what the message names, delete the failed InstallPlan, and OLM creates a new one.",
    patienceMs: SOON,
  };
}

/** Plans that failed, and those that wait for an approval which we do not give. What other Subscriptions have planned stands in nobody's way. */
function planCauses(seen: Seen, olm: OlmTarget): readonly Cause[] {
  const namesOf = (plan: KubeObject): readonly string[] => listAt(plan, "spec", "clusterServiceVersionNames").map(String);
  const plans = all(seen, "installPlans").filter((plan) => isPlanOf(olm.subscription, plan));
  // Where one plan holds the version, the others stand in nobody's way either.
  const offered = plans.some((plan) => olm.startingCSV !== undefined && namesOf(plan).includes(olm.startingCSV));
  return plans.flatMap((plan) => {
    const phase = textAt(plan, "status", "phase");
    const object = called("installPlans", plan);
    if (phase === "Failed") return [planCause(object, said(conditionOf(plan, "Installed")?.message ?? textAt(plan, "status", "message")))];
    if (phase !== "RequiresApproval" || at(plan, "spec", "approved") === true || olm.approval !== "Manual") return [];
    const names = namesOf(plan);
    const wanted = olm.startingCSV;
    if (wanted === undefined || offered || installed(seen, olm) !== "") return [];
    return [
      {
        id: "VIRT_INSTALL_PLAN_OTHER" as const,
        object,
        message: `would install ${names.join(", ")}, not ${wanted}, so it is not approved`,
        fix: `Give a startingCSV that channel ${olm.channel} holds, or delete the Subscription and the plan that are not yours.`,
        patienceMs: SOON,
      },
    ];
  });
}

/** Whether OLM has made the plan for this Subscription, among others; it names them as owners. */
function isPlanOf(subscription: string, plan: KubeObject): boolean {
  const owners = listAt(plan, "metadata", "ownerReferences").filter((owner) => textAt(owner, "kind") === "Subscription");
  return owners.length === 0 || owners.some((owner) => textAt(owner, "name") === subscription);
}

/** Name of the installed ClusterServiceVersion, "" while there is none. */
function installed(seen: Seen, { subscription }: OlmTarget): string {
  return textAt(
    all(seen, "subscriptions").find((one) => nameOf(one) === subscription),
    "status",
    "installedCSV",
  );
}

function csvCauses(seen: Seen): readonly Cause[] {
  return all(seen, "clusterServiceVersions")
    .filter((csv) => nameOf(csv).startsWith("kubevirt-hyperconverged-operator.") && seen.target.namespaces.includes(namespaceOf(csv)))
    .flatMap((csv) => {
      const [phase, reason, message] = ["phase", "reason", "message"].map((key) => said(textAt(csv, "status", key))) as [string, string, string];
      const object = called("clusterServiceVersions", csv);
      if (["NoOperatorGroup", "TooManyOperatorGroups", "UnsupportedOperatorGroup"].includes(reason)) return [csvGroupCause(seen, csv, reason)];
      if (phase === "Pending" && reason === "RequirementsNotMet") return [requirementsCause(csv, object)];
      if (phase === "Failed")
        return [
          {
            id: saysTooLarge(message) ? ("VIRT_DEFINITION_TOO_LARGE" as const) : ("VIRT_CSV_FAILED" as const),
            object,
            message: `Failed, ${reason}: ${message}`,
            fix: "Look at the pods and deployments that it names; OLM tries again once they can run.",
            ...(reason === "InstallCheckFailed" || reason === "ComponentUnhealthy" ? {} : { patienceMs: LATER }),
          },
        ];
      if (reason === "OperatorConditionNotUpgradeable")
        return [
          {
            id: "VIRT_NOT_UPGRADEABLE" as const,
            object,
            message: `cannot be upgraded now: ${message}`,
            fix: "Wait until HyperConverged is Available and not Progressing; its condition Upgradeable says what is in the way.",
          },
        ];
      return [];
    });
}

function csvGroupCause(seen: Seen, csv: KubeObject, reason: string): Cause {
  const modes = listAt(csv, "spec", "installModes")
    .filter((mode) => at(mode, "supported") === true)
    .map((mode) => textAt(mode, "type"));
  const group = all(seen, "operatorGroups").find((one) => namespaceOf(one) === namespaceOf(csv));
  const targets = listAt(group, "spec", "targetNamespaces").map(String);
  return {
    id: "VIRT_OPERATOR_GROUP",
    object: called("clusterServiceVersions", csv),
    message:
      reason === "UnsupportedOperatorGroup"
        ? `supports ${modes.join(", ") || "other install modes"} only, but OperatorGroup ${group === undefined ? "" : nameOf(group)} ${targets.length === 0 ? "targets all namespaces" : `targets ${targets.join(", ")}`}`
        : `is not installed: ${reason}`,
    fix: modes.includes("AllNamespaces")
      ? "Leave the OperatorGroup's spec empty: {}."
      : "Leave exactly one OperatorGroup in the namespace, with the install mode that the operator supports.",
    patienceMs: SOON,
  };
}

function requirementsCause(csv: KubeObject, object: string): Cause {
  const missing = listAt(csv, "status", "requirementStatus")
    .filter((one) => !["Present", "Satisfied"].includes(textAt(one, "status")))
    .map((one) => `${textAt(one, "kind")} ${textAt(one, "name")} (${textAt(one, "status")})`);
  return {
    id: "VIRT_REQUIREMENTS",
    object,
    message: `waits for what it requires: ${said(missing.slice(0, 6).join(", ")) || said(textAt(csv, "status", "message"))}`,
    fix: "OLM creates these itself from the bundle; what stays missing has been removed or was never allowed: look at the InstallPlan's steps.",
  };
}
