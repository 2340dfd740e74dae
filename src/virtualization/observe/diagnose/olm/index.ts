import { SOON, type Cause } from "../../cause.ts";
import type { Seen } from "../../seen.ts";
import { catalogCauses } from "./catalog.ts";
import { csvCauses } from "./csv.ts";
import { planCauses } from "./install-plan.ts";
import { groupCauses } from "./operator-group.ts";
import { subscriptionCauses } from "./subscription.ts";

export { csvComponentCauses } from "./csv.ts";

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
  const versions = csvCauses(seen);
  return [
    ...catalogCauses(seen, olm),
    ...groupCauses(seen),
    ...subscriptionCauses(seen, olm, versions.length > 0),
    ...planCauses(seen, olm),
    ...versions,
  ];
}
