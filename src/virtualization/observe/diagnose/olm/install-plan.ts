import { at, conditionOf, type KubeObject, listAt, nameOf, saysTooLarge, textAt } from "../../../../kube/index.ts";
import { said, SOON, type Cause } from "../../cause.ts";
import { all, called, type Seen } from "../../seen.ts";
import type { OlmTarget } from "../../target.ts";

/** OLM makes no other plan for a Subscription that it knows, also where the plan and all that came of it have been deleted. Seen with OLM 0.40 */
function subscribeAgain({ target }: Seen): string {
  const { namespaces, olm } = target;
  return `kubectl -n ${namespaces[0] ?? ""} get subscriptions.operators.coreos.com ${olm?.subscription ?? ""} -o yaml | kubectl replace --force -f -`;
}

export function planCause(seen: Seen, object: string, message: string): Cause {
  if (saysTooLarge(message))
    return {
      id: "VIRT_DEFINITION_TOO_LARGE",
      object,
      message: `a definition, or the plan that holds it, is too large for the cluster: ${message}`,
      fix: "Raise the request limit of etcd (--max-request-bytes), and delete the InstallPlans that OLM left without a status. On plain Kubernetes virtualization.source: Manifests applies each definition by itself.",
      patienceMs: SOON,
    };
  return {
    id: "VIRT_INSTALL_PLAN_FAILED",
    object,
    message: `its InstallPlan failed: ${message}`,
    fix: `Fix what the message names. Where OLM has given up, delete the ClusterServiceVersion that it began with, and create the Subscription again: ${subscribeAgain(seen)}.`,
    patienceMs: SOON,
  };
}

/** What OLM could not do it tries again: for a minute, and for ever what it may not do. Source: OLM pkg/controller/operators/catalog/operator.go */
const RETRIED = /^retrying execution due to error: (.*)$/s;

function retriedCause(seen: Seen, object: string, message: string): Cause {
  const { id, fix } = planCause(seen, object, message);
  return { id, object, message: `OLM tries again what failed: ${message}`, fix };
}

/** Plans that failed, and those that wait for an approval which we do not give. What other Subscriptions have planned stands in nobody's way. */
export function planCauses(seen: Seen, olm: OlmTarget): readonly Cause[] {
  const namesOf = (plan: KubeObject): readonly string[] => listAt(plan, "spec", "clusterServiceVersionNames").map(String);
  const plans = all(seen, "installPlans").filter((plan) => isPlanOf(olm.subscription, plan));
  // Where one plan holds the version, the others stand in nobody's way either.
  const offered = plans.some((plan) => olm.startingCSV !== undefined && namesOf(plan).includes(olm.startingCSV));
  return plans.flatMap((plan) => {
    const phase = textAt(plan, "status", "phase");
    const object = called("installPlans", plan);
    if (phase === "Failed") return [planCause(seen, object, said(conditionOf(plan, "Installed")?.message ?? textAt(plan, "status", "message")))];
    const retried = phase === "Installing" ? RETRIED.exec(textAt(plan, "status", "message"))?.[1] : undefined;
    if (retried !== undefined) return [retriedCause(seen, object, said(retried))];
    if (phase !== "RequiresApproval" || at(plan, "spec", "approved") === true || olm.approval !== "Manual") return [];
    const names = namesOf(plan);
    const wanted = olm.startingCSV;
    if (wanted === undefined || offered || installed(seen, olm) !== "") return [];
    return [
      {
        id: "VIRT_INSTALL_PLAN_OTHER" as const,
        object,
        message: `would install ${names.join(", ")}, not ${wanted}, so it is not approved`,
        fix: `Give a startingCSV that channel ${olm.channel} holds. OLM reads it in a new Subscription only: ${subscribeAgain(seen)}. A Subscription that is not yours has to be deleted with its plan.`,
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
