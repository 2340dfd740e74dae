import { conditionOf, nameOf } from "../../../../kube/index.ts";
import { said, SOON, type Cause } from "../../cause.ts";
import { all, called, type Seen } from "../../seen.ts";
import type { OlmTarget } from "../../target.ts";
import { planCause } from "./install-plan.ts";

/** What OLM says in an upgrade until the old version has gone (24 s seen on a busy machine), and for ever where a Subscription was deleted alone. */
const BETWEEN_VERSIONS = /exists and is not referenced by a subscription/;
const UPGRADE_MS = 120_000;

/** @param explained whether the version that is being installed says itself why it is not */
export function subscriptionCauses(seen: Seen, olm: OlmTarget, explained: boolean): readonly Cause[] {
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
      // OLM says by the same condition that it cannot write down its plan. Source: OLM pkg/controller/operators/catalog/operator.go, syncResolvingNamespace
      if (unpack !== undefined && conditionOf(subscription, "BundleUnpackFailed")?.reason === "EnsureInstallPlanFailed")
        causes.push(planCause(seen, object, unpack));
      else if (unpack !== undefined)
        causes.push({
          id: "VIRT_UNPACK_FAILED",
          object,
          message: `the bundle could not be unpacked: ${unpack}`,
          fix: "Check the way to the bundle's registry; then delete the failed Job and its ConfigMap in the catalog's namespace, and the Subscription is tried again.",
          patienceMs: SOON,
        });
      const resolution = bad("ResolutionFailed");
      if (resolution !== undefined && unpack === undefined && !(explained && BETWEEN_VERSIONS.test(resolution)))
        causes.push(resolutionCause(object, resolution, olm));
      const plan = bad("InstallPlanFailed");
      if (plan !== undefined) causes.push(planCause(seen, object, plan));
      return causes;
    });
}

function resolutionCause(object: string, message: string, { packageName, channel, startingCSV, catalogSource }: OlmTarget): Cause {
  const group = /operatorgroup|multiple OperatorGroup/i.test(message);
  const fix = group
    ? "There must be exactly one OperatorGroup in the namespace, with the install mode that the operator supports."
    : `Compare package ${packageName}, channel ${channel}${startingCSV === undefined ? "" : ` and ${startingCSV}`} with what catalog ${catalogSource.name} holds: kubectl get packagemanifest ${packageName}.`;
  const patienceMs = BETWEEN_VERSIONS.test(message) ? UPGRADE_MS : SOON;
  return { id: group ? "VIRT_OPERATOR_GROUP" : "VIRT_RESOLUTION_FAILED", object, message: `cannot be resolved: ${message}`, fix, patienceMs };
}
