import {
  ApiStatusError,
  at,
  type KubeObject,
  listAt,
  namespaceOf,
  type KubeClient,
  type ObjectKind,
  textAt,
  type Look,
  deploymentReason,
} from "../../../kube/index.ts";
import { KINDS, OPERATOR_RESOURCES } from "../kinds.ts";

import { csvVersion } from "./csv-version.ts";

export interface InstalledOperator {
  /** Name of the ClusterServiceVersion. */
  readonly csv: string;
  readonly version: string;
}

export interface OperatorWanted {
  readonly namespace: string;
  readonly subscription: string;
  /** The very ClusterServiceVersion, where it is pinned. */
  readonly csv?: string | undefined;
}

/**
 * What OLM installed works: its ClusterServiceVersion has succeeded, the API serves the kinds it owns, and its webhooks have
 * somebody who answers. What it deploys of HyperConverged comes later.
 */
export function operatorReady(wanted: OperatorWanted): Look<InstalledOperator> {
  const { namespace } = wanted;
  return async (client, signal) => {
    const subscription = await client.read(KINDS.subscriptions, { namespace, name: wanted.subscription }, signal);
    const pending = subscriptionReason(subscription, wanted);
    if (pending !== undefined) return { done: false, reason: pending };
    const name = textAt(subscription, "status", "installedCSV");
    const csv = await client.read(KINDS.clusterServiceVersions, { namespace, name }, signal);
    const phase = textAt(csv, "status", "phase");
    if (csv === undefined || phase !== "Succeeded") {
      const why = [textAt(csv, "status", "reason"), textAt(csv, "status", "message")].filter((text) => text !== "").join(": ");
      return { done: false, reason: `ClusterServiceVersion ${name} is ${phase === "" ? "not there yet" : phase}${why === "" ? "" : ` (${why})`}` };
    }
    const missing = await unservedKinds(client, csv, signal);
    if (missing.length > 0) return { done: false, reason: `the API does not serve ${missing.join(", ")} yet` };
    const silent = await silentWebhooks(client, [namespace], signal);
    if (silent.length > 0) return { done: false, reason: `no ready endpoint behind ${silent.join(", ")}` };
    return { done: true, value: { csv: name, version: textAt(csv, "spec", "version") || (csvVersion(name) ?? "") } };
  };
}

function subscriptionReason(subscription: KubeObject | undefined, { namespace, subscription: name, csv }: OperatorWanted): string | undefined {
  if (subscription === undefined) return `Subscription ${namespace}/${name} does not exist yet`;
  const [installed, current, state] = ["installedCSV", "currentCSV", "state"].map((key) => textAt(subscription, "status", key));
  if (installed === "" || installed === undefined)
    return `nothing is installed for Subscription ${namespace}/${name} yet${state === "" ? "" : ` (${state})`}`;
  if (csv !== undefined) return installed === csv ? undefined : `${installed} is installed, not ${csv} yet`;
  // Without a pinned version OLM goes on to the newest of the channel by itself.
  return current === "" || current === installed || state === "UpgradePending" ? undefined : `OLM continues from ${installed} to ${current}`;
}

/** Owned kinds that discovery does not list, as `hyperconvergeds.hco.kubevirt.io/v1beta1`. */
async function unservedKinds(client: KubeClient, csv: KubeObject, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const missing: string[] = [];
  const groups = new Map<string, ReadonlySet<string>>();
  for (const owned of listAt(csv, "spec", "customresourcedefinitions", "owned")) {
    const [plural = "", ...group] = textAt(owned, "name").split(".");
    const version = textAt(owned, "version");
    if (plural === "" || version === "") continue;
    const path = `${group.join(".")}/${version}`;
    let served = groups.get(path);
    if (served === undefined) groups.set(path, (served = await servedBy(client, path, signal)));
    if (!served.has(plural)) missing.push(`${plural}.${path}`);
  }
  return missing;
}

async function servedBy(client: KubeClient, groupVersion: string, signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
  try {
    const list = JSON.parse(await client.get(`/apis/${groupVersion}`, signal)) as unknown;
    return new Set(listAt(list, "resources").map((one) => textAt(one, "name")));
  } catch (error) {
    if (error instanceof ApiStatusError && error.status === 404) return new Set();
    throw error;
  }
}

/**
 * Services of webhooks in these namespaces that nobody answers for, so that the resources of operators can be neither created nor changed. Webhooks of what
 * operators deploy are not among them: a setting that takes those down could not be taken back if they had to answer first.
 */
async function silentWebhooks(client: KubeClient, namespaces: readonly string[], signal: AbortSignal | undefined): Promise<readonly string[]> {
  const configurations = [
    ...((await client.list(KINDS.validatingWebhooks, undefined, signal)) ?? []),
    ...((await client.list(KINDS.mutatingWebhooks, undefined, signal)) ?? []),
  ];
  const services = new Set(
    configurations
      .flatMap((one) => listAt(one, "webhooks"))
      .filter((webhook) => textAt(webhook, "failurePolicy") !== "Ignore" && listAt(webhook, "rules").some(guardsOperands))
      .map((webhook) => at(webhook, "clientConfig", "service"))
      .filter((service) => service !== undefined && namespaces.includes(textAt(service, "namespace")))
      .map((service) => `${textAt(service, "namespace")}/${textAt(service, "name")}`),
  );
  if (services.size === 0) return [];
  const slices = (await Promise.all(namespaces.map((namespace) => client.list(KINDS.endpointSlices, namespace, signal)))).flatMap(
    (list) => list ?? [],
  );
  const answered = new Set(
    slices
      .filter((slice) => listAt(slice, "endpoints").some((endpoint) => at(endpoint, "conditions", "ready") !== false))
      .map((slice) => `${namespaceOf(slice)}/${slice.metadata?.labels?.["kubernetes.io/service-name"] ?? ""}`),
  );
  return [...services].filter((service) => !answered.has(service)).map((service) => `service ${service}`);
}

const APPLIED: readonly ObjectKind[] = OPERATOR_RESOURCES.map((name) => KINDS[name]);

/** True for a rule of a webhook that is asked before a resource of an operator is applied. */
function guardsOperands(rule: unknown): boolean {
  const has = (key: string, ...values: readonly string[]): boolean =>
    listAt(rule, key).some((value) => value === "*" || values.includes(value as string));
  return (
    has("operations", "CREATE", "UPDATE") &&
    APPLIED.some(({ apiVersion, plural }) => has("apiGroups", apiVersion.split("/")[0] ?? "") && has("resources", plural))
  );
}

/** Deployments that are available and as new as asked for; for operators that come from manifests. */
export function deploymentsReady(names: readonly { readonly namespace: string; readonly name: string }[]): Look<undefined> {
  return async (client, signal) => {
    for (const name of names) {
      const deployment = await client.read(KINDS.deployments, name, signal);
      const reason = deploymentReason(`${name.namespace}/${name.name}`, deployment);
      if (reason !== undefined) return { done: false, reason };
    }
    const silent = await silentWebhooks(client, [...new Set(names.map(({ namespace }) => namespace))], signal);
    return silent.length > 0 ? { done: false, reason: `no ready endpoint behind ${silent.join(", ")}` } : { done: true, value: undefined };
  };
}
