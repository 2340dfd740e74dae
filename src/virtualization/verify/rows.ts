import type { Distribution } from "../../config/index.ts";
import { conditionOf, type KubeObject, listAt, nameOf, namespaceOf, numberAt, textAt } from "../../kube/index.ts";
import { conditionTrouble, diagnose, hyperConvergedTrouble, KINDS, ROLLOUT_OF, type Cause, type Seen } from "../observe/index.ts";
import { MANIFEST_NAMESPACES } from "../program/names.ts";
import { COMPONENTS, type Component } from "./components.ts";
import { catalogRows, managementRows, nodeRows, storageRows, tektonRows, type VerifyInput } from "./feature-rows.ts";
import type { Row, RowState } from "./row.ts";

export type { VerifyInput };

/** Every component as it is, in the order in which one builds on the other. Pure. */
export function verifyRows(input: VerifyInput): { readonly rows: readonly Row[]; readonly causes: readonly Cause[] } {
  const causes = diagnose(input.seen);
  const known = COMPONENTS.flatMap((component) => componentRow(input, component) ?? []);
  const rows = [
    ...catalogRows(input),
    ...known,
    ...otherDeployments(input, known),
    ...tektonRows(input),
    ...nodeRows(input),
    ...storageRows(input),
    ...managementRows(input),
  ];
  return { rows: rows.map((row) => explained(row, causes)), causes };
}

/** Undefined where this installation does not have the component at all. */
function componentRow({ seen, distribution }: VerifyInput, component: Component): Row | undefined {
  const namespace = namespaceFor(seen, component);
  if (namespace === undefined) return undefined;
  const found = component.names
    .flatMap((name) => (seen.objects[component.kind] ?? []).filter((one) => nameOf(one) === name))
    .find((one) => component.clusterWide === true || namespaceOf(one) === namespace);
  const base = {
    group: component.group,
    component: found === undefined ? (component.names[0] ?? "") : nameOf(found),
    kind: KINDS[component.kind].kind,
    namespace: component.clusterWide === true ? "" : namespace,
  };
  if (found === undefined) return { ...base, version: "", ready: "", condition: "", ...absence(component, distribution) };
  return { ...base, ...judged(component, found) };
}

function absence({ only, moved, optional }: Component, distribution: Distribution): Pick<Row, "state" | "why"> {
  if (only !== undefined && !only.includes(distribution)) return { state: "absent", why: `only on ${only.join(" and ")}` };
  const why = moved ?? optional;
  return why === undefined ? { state: "missing", why: "does not exist" } : { state: "absent", why };
}

function namespaceFor({ target }: Seen, { part }: Component): string | undefined {
  if (target.source === "OLM") return target.namespaces[0];
  return part === undefined || !target.namespaces.includes(MANIFEST_NAMESPACES[part]) ? undefined : MANIFEST_NAMESPACES[part];
}

type Judged = Pick<Row, "version" | "ready" | "state" | "condition"> & { readonly why?: string };

function judged({ kind }: Component, found: KubeObject): Judged {
  if (kind === "deployments") return deploymentState(found);
  if (kind === "daemonSets") return daemonSetState(found);
  const trouble = kind === "hyperConvergeds" ? hyperConvergedTrouble(found) : conditionTrouble(found);
  const version = versionOf(found);
  if (trouble === undefined) return { version, ready: "", state: "ok", condition: "Available" };
  const condition = trouble.split(/[,:]/)[0] ?? "";
  const state: RowState = condition === "Degraded" ? "failed" : "waiting";
  return { version, ready: "", state, condition, why: trouble };
}

/** Source: what `kubectl rollout status` asks of a Deployment. */
function deploymentState(found: KubeObject): Judged {
  const { wanted, ready } = ROLLOUT_OF.deployments(found);
  const available = conditionOf(found, "Available");
  const current = numberAt(found, "status", "observedGeneration") >= (found.metadata?.generation ?? 0);
  const base = { version: imageVersion(found), ready: `${ready}/${wanted}` };
  if (current && available?.status === "True" && ready >= wanted) return { ...base, state: "ok", condition: "Available" };
  const progress = conditionOf(found, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded")
    return { ...base, state: "failed", condition: "ProgressDeadlineExceeded", why: progress.message };
  const why = current ? available?.message || `${ready} of ${wanted} pods are ready` : "its last change is not taken up yet";
  return { ...base, state: "waiting", condition: available?.status === "True" ? "Progressing" : "not Available", why };
}

function daemonSetState(found: KubeObject): Judged {
  const { wanted: desired, ready, updated } = ROLLOUT_OF.daemonSets(found);
  const base = { version: imageVersion(found), ready: `${ready}/${desired}` };
  if (desired > 0 && ready === desired && updated === desired) return { ...base, state: "ok", condition: "Ready" };
  const why =
    desired === 0
      ? "no node fits its selector"
      : ready < desired
        ? `${desired - ready} of ${desired} nodes have no ready pod`
        : "its pods are of an older version";
  return { ...base, state: "waiting", condition: "not Ready", why };
}

/** What its tag says; a digest says nothing. */
const imageVersion = (found: KubeObject): string =>
  /^[^@]*:v?(\d[\w.-]*)(?:@|$)/.exec(textAt(found, "spec", "template", "spec", "containers", 0, "image"))?.[1] ?? "";

function versionOf(found: KubeObject): string {
  const operator = listAt(found, "status", "versions").find((one) => textAt(one, "name") === "operator");
  return (
    ["observedKubeVirtVersion", "observedVersion", "operatorVersion"].map((key) => textAt(found, "status", key)).find((text) => text !== "") ??
    textAt(operator, "version")
  );
}

/** Operators of the installed version that the table does not know: newer ones than it. */
function otherDeployments({ seen }: VerifyInput, known: readonly Row[]): readonly Row[] {
  const csv = (seen.objects.clusterServiceVersions ?? []).find((one) => nameOf(one).startsWith("kubevirt-hyperconverged-operator."));
  if (csv === undefined) return [];
  const names = new Set(known.map(({ component }) => component));
  return listAt(csv, "spec", "install", "spec", "deployments")
    .map((one) => textAt(one, "name"))
    .filter((name) => name !== "" && !names.has(name))
    .map((name): Row => {
      const found = (seen.objects.deployments ?? []).find((one) => nameOf(one) === name && namespaceOf(one) === namespaceOf(csv));
      const base = { group: "HCO" as const, component: name, kind: "Deployment", namespace: namespaceOf(csv) };
      return found === undefined
        ? { ...base, version: "", ready: "", condition: "", state: "missing", why: "the ClusterServiceVersion asks for it, but it does not exist" }
        : { ...base, ...deploymentState(found) };
    });
}

/** A row that is not well gets the fix of the cause that speaks of it, or of one of its pods. */
function explained(row: Row, causes: readonly Cause[]): Row {
  if (row.state === "ok" || row.state === "absent" || row.fix !== undefined) return row;
  const own = causes.find(({ object }) => object === `${row.kind} ${row.namespace === "" ? "" : `${row.namespace}/`}${row.component}`);
  const pod = causes.find(({ object }) => object.startsWith(`Pod ${row.namespace}/${row.component}-`));
  const cause = pod ?? own;
  if (cause === undefined) return { ...row, fix: fallbackFix(row) };
  return { ...row, why: cause === pod ? cause.message : (row.why ?? cause.message), fix: cause.fix };
}

function fallbackFix({ kind, component, namespace, state }: Row): string {
  if (state === "missing") return "Its operator creates it: look at the rows above, then run `virt-ipi resume`.";
  return `kubectl describe ${kind.toLowerCase()} ${component}${namespace === "" ? "" : ` -n ${namespace}`}`;
}
