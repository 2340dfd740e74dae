import { expect, it } from "vitest";
import { AUTOSCALER_RULES, BESIDE_RULES, CLUSTER_RULES, controllerRbac, NAMESPACE_RULES, renewalRules } from "../../../src/machines/program/rbac.ts";
import { PLATFORMS, type MachineApiNeeds, type RbacRule } from "../../../src/providers/index.ts";

const renewed = ["worker-user-data"];

/** Lists of rules of which a test takes away each in turn, and sees what cannot be done without it. */
const REMOVED_IN_TURN: Readonly<Record<string, readonly RbacRule[]>> = {
  "test/nightly/machine-permissions.test.ts": [...CLUSTER_RULES, ...NAMESPACE_RULES],
  "test/integration/machines/autoscaler.test.ts": [...AUTOSCALER_RULES.cluster, ...AUTOSCALER_RULES.namespace],
  "test/integration/machines/approval.test.ts": BESIDE_RULES.cluster,
  "test/integration/machines/permissions-beside.test.ts": [...BESIDE_RULES.namespace, ...renewalRules(renewed)],
};

/** As test/integration/machines/vsphere.test.ts takes them away. */
const rulesOf = ({ rules }: MachineApiNeeds): readonly RbacRule[] => [...rules.cluster, ...rules.machines, ...Object.values(rules.namespaces).flat()];

it.each([...PLATFORMS])("has no rule that no test takes away: %s", (_, { machineApi: needs }) => {
  const roles = controllerRbac({ autoscaler: true, needs, renewed }) as readonly { readonly rules?: readonly RbacRule[] }[];
  const all = roles.flatMap(({ rules = [] }) => rules);
  const known = [...Object.values(REMOVED_IN_TURN).flat(), ...(needs === undefined ? [] : rulesOf(needs))].map((rule) => JSON.stringify(rule));
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((rule) => !known.includes(JSON.stringify(rule)))).toEqual([]);
});
