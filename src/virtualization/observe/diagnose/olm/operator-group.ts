import { at, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../../../kube/index.ts";
import { SOON, type Cause } from "../../cause.ts";
import { all, called, type Seen } from "../../seen.ts";

export function groupCauses(seen: Seen): readonly Cause[] {
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

/** Why a ClusterServiceVersion does not suit its OperatorGroup. */
export function csvGroupCause(seen: Seen, csv: KubeObject, reason: string): Cause {
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
