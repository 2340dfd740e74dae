import type * as pulumi from "@pulumi/pulumi";
import type { OlmOperators } from "../../config/index.ts";
import { CatalogReady, HyperConvergedReady, InstalledVersions, InstallPlanApproval, Leftovers, OperatorReady } from "../resources/sdk.ts";
import { revisionOf, type Day2 } from "./context.ts";
import { HYPERCONVERGED } from "./names.ts";
import { catalogSource, hyperConverged, operatorGroup, operatorNamespace, subscription } from "./objects.ts";
import { operand } from "./operand.ts";
import { storageOfOlm } from "./storage.ts";

/** What the parts after the operators build on. */
export interface Operands {
  /** Virtual machines can be made. */
  readonly ready: pulumi.Resource;
  /** Whose settings decide on emulation. */
  readonly owner: { readonly kind: "HyperConverged" | "KubeVirt"; readonly namespace: string; readonly name: string };
}

/**
 * OLM installs the operator, the operator installs the rest. Each step comes after what it needs, so that it also goes before it
 * when virtualization is taken away: HyperConverged, Subscription, installed version, namespace, definitions.
 */
export function operandsByOlm(day2: Day2, operators: OlmOperators): Operands {
  const { cluster, after, apply, options } = day2;
  const leftovers = new Leftovers("leftovers", cluster, after());
  const namespace = apply("namespace", operatorNamespace(operators), leftovers);
  const group = apply("operator-group", operatorGroup(operators), namespace);
  const catalog = catalogSource(operators);
  const catalogReady = new CatalogReady(
    "catalog-ready",
    cluster,
    after(leftovers, namespace, catalog && apply("catalog-source", catalog, namespace)),
  );
  const installed = new InstalledVersions("installed-versions", cluster, after(group));
  const wanted = subscription(operators);
  const subscribed = apply("subscription", wanted, installed, catalogReady);
  const approval = operators.approval === "Manual" ? new InstallPlanApproval("install-plan-approval", cluster, after(subscribed)) : undefined;
  const operator = new OperatorReady(
    "operator-ready",
    { ...cluster, ...(approval === undefined ? {} : { csv: approval.csv }), revision: revisionOf(wanted["spec"]) },
    after(subscribed, approval),
  );
  const storage = storageOfOlm(day2, operator);
  const object = hyperConverged(operators, options.spec);
  const made = operand(day2, "hyperconverged", "hyperConvergeds", object, operator, ...storage);
  const ready = new HyperConvergedReady(
    "hyperconverged-ready",
    {
      ...cluster,
      hyperConverged: { namespace: operators.namespace, name: HYPERCONVERGED },
      version: operator.version,
      revision: revisionOf(object["spec"]),
    },
    after(made),
  );
  return { ready, owner: { kind: "HyperConverged", namespace: operators.namespace, name: HYPERCONVERGED } };
}
