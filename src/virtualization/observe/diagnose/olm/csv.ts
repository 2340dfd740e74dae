import { at, type KubeObject, listAt, nameOf, namespaceOf, saysTooLarge, textAt } from "../../../../kube/index.ts";
import { LATER, said, type Cause } from "../../cause.ts";
import { all, called, type Seen } from "../../seen.ts";
import { csvGroupCause } from "./operator-group.ts";

type Failure = Readonly<Record<"reason" | "message", string>>;

/** Why OLM does not begin to install a version, or cannot. */
export function csvCauses(seen: Seen): readonly Cause[] {
  return own(seen).flatMap((csv) => {
    const [phase, reason, message] = ["phase", "reason", "message"].map((key) => said(textAt(csv, "status", key))) as [string, string, string];
    const object = called("clusterServiceVersions", csv);
    if (["NoOperatorGroup", "TooManyOperatorGroups", "UnsupportedOperatorGroup"].includes(reason)) return [csvGroupCause(seen, csv, reason)];
    if (phase === "Pending" && reason === "RequirementsNotMet") return [requirementsCause(seen, csv, object)];
    if (reason === "OperatorConditionNotUpgradeable")
      return [
        {
          id: "VIRT_NOT_UPGRADEABLE" as const,
          object,
          message: `cannot be upgraded now: ${message}`,
          fix: "Wait until HyperConverged is Available and not Progressing; its condition Upgradeable says what is in the way.",
        },
      ];
    const failure = failureOf(csv);
    return failure === undefined || isOfComponents(failure) ? [] : [{ ...failedCause(object, failure), patienceMs: LATER }];
  });
}

/** What was installed does not come up: pods and Jobs say more of it, where there are some. */
export function csvComponentCauses(seen: Seen): readonly Cause[] {
  return own(seen).flatMap((csv) => {
    const failure = failureOf(csv);
    return failure === undefined || !isOfComponents(failure) ? [] : [failedCause(called("clusterServiceVersions", csv), failure)];
  });
}

/** OLM shows a version in every namespace that its OperatorGroup has, by copies that nobody installs. */
const own = (seen: Seen): readonly KubeObject[] =>
  all(seen, "clusterServiceVersions").filter(
    (csv) =>
      nameOf(csv).startsWith("kubevirt-hyperconverged-operator.") &&
      seen.target.namespaces.includes(namespaceOf(csv)) &&
      textAt(csv, "status", "reason") !== "Copied",
  );

/** OLM tries again within a second, over and over: then only its history says what fails. */
function failureOf(csv: KubeObject): Failure | undefined {
  const now = at(csv, "status");
  const last = [...listAt(now, "conditions"), now].findLast((each) => ["Failed", "Succeeded"].includes(textAt(each, "phase")));
  if (textAt(last, "phase") !== "Failed") return undefined;
  return { reason: said(textAt(last, "reason")), message: said(textAt(last, "message")) };
}

const isOfComponents = ({ reason }: Failure): boolean => reason === "InstallCheckFailed" || reason === "ComponentUnhealthy";

const failedCause = (object: string, { reason, message }: Failure): Cause => ({
  id: saysTooLarge(message) ? "VIRT_DEFINITION_TOO_LARGE" : "VIRT_CSV_FAILED",
  object,
  message: `Failed, ${reason}: ${message}`,
  fix: "Look at the pods and deployments that it names; OLM tries again once they can run.",
});

/** Kind of the requirement that the cluster's version is one that the operator supports. */
const OWN_KIND = "ClusterServiceVersion";

function requirementsCause(seen: Seen, csv: KubeObject, object: string): Cause {
  const unmet = listAt(csv, "status", "requirementStatus").filter((one) => !["Present", "Satisfied"].includes(textAt(one, "status")));
  // OLM looks at its ServiceAccounts again only when all else is there; until then they stay missing in what it says.
  const others = unmet.filter((one) => textAt(one, "kind") !== "ServiceAccount");
  const missing = others.length > 0 ? others : unmet;
  const texts = missing.map((one) => {
    const message = textAt(one, "message");
    return `${textAt(one, "kind")} ${textAt(one, "name")} (${textAt(one, "status")}${message === "" ? "" : `: ${message}`})`;
  });
  const tooOld = missing.some((one) => textAt(one, "kind") === OWN_KIND);
  const complete = all(seen, "installPlans").some(
    (plan) => textAt(plan, "status", "phase") === "Complete" && listAt(plan, "spec", "clusterServiceVersionNames").includes(nameOf(csv)),
  );
  return {
    id: "VIRT_REQUIREMENTS",
    object,
    message: `waits for what it requires: ${said(texts.slice(0, 6).join(", ")) || said(textAt(csv, "status", "message"))}`,
    fix: tooOld
      ? "Give a startingCSV that supports this version of Kubernetes, or upgrade the cluster."
      : "OLM creates these itself from the bundle; what stays missing has been removed or was never allowed: look at the InstallPlan's steps.",
    // Nothing more comes of a plan that is complete.
    ...(tooOld || complete ? { patienceMs: LATER } : {}),
  };
}
