import { eventually, type KubeApi } from "./kube-api.ts";
import { pathOf, type Condition, type KubeObject } from "./objects.ts";

const OLM = "operators.coreos.com";
export const olmPath = (plural: string, namespace?: string, name?: string): string =>
  pathOf(OLM, plural === "operatorgroups" ? "v1" : "v1alpha1", plural, namespace, name);

export interface Subscription extends KubeObject {
  readonly status?: {
    readonly state?: string;
    readonly currentCSV?: string;
    readonly installedCSV?: string;
    readonly installPlanRef?: { readonly name: string };
    readonly conditions?: readonly Condition[];
  };
}
export interface InstallPlan extends KubeObject {
  readonly spec: { readonly approved: boolean; readonly clusterServiceVersionNames: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[]; readonly bundleLookups?: readonly unknown[] };
}
export interface ClusterServiceVersion extends KubeObject {
  readonly status?: { readonly phase?: string; readonly reason?: string; readonly message?: string };
}
export interface CatalogSource extends KubeObject {
  readonly status?: { readonly connectionState?: { readonly lastObservedState?: string; readonly address?: string } };
}

export interface Subscribing {
  /** Of the Subscription; default the one of the operators' documentation. */
  readonly name?: string;
  readonly namespace: string;
  readonly packageName: string;
  readonly catalog: { readonly name: string; readonly namespace: string };
  readonly startingCSV?: string;
  /** Empty for all namespaces. */
  readonly targetNamespaces?: readonly string[];
}

export async function addCatalogSource(api: KubeApi, name: string, namespace: string, address: string): Promise<void> {
  const spec = { sourceType: "grpc", address, displayName: name, publisher: "tests" };
  await api.create(olmPath("catalogsources", namespace), {
    apiVersion: `${OLM}/v1alpha1`,
    kind: "CatalogSource",
    metadata: { name, namespace },
    spec,
  });
}

/** What an administrator does by hand: namespace, OperatorGroup and a Subscription with manual approval. */
export async function subscribe(api: KubeApi, options: Subscribing): Promise<void> {
  const { name = "hco-operatorhub", namespace, packageName, catalog, startingCSV, targetNamespaces } = options;
  await api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await api.create(olmPath("operatorgroups", namespace), {
    apiVersion: `${OLM}/v1`,
    kind: "OperatorGroup",
    metadata: { name: "kubevirt-hyperconverged-group", namespace },
    spec: targetNamespaces === undefined ? {} : { targetNamespaces },
  });
  await api.create(olmPath("subscriptions", namespace), {
    apiVersion: `${OLM}/v1alpha1`,
    kind: "Subscription",
    metadata: { name, namespace },
    spec: {
      name: packageName,
      channel: "stable",
      source: catalog.name,
      sourceNamespace: catalog.namespace,
      installPlanApproval: "Manual",
      ...(startingCSV === undefined ? {} : { startingCSV }),
    },
  });
}

/** Waits for the plan that holds the CSV, and approves it. */
export async function approvePlanOf(api: KubeApi, namespace: string, csv: string): Promise<InstallPlan> {
  const list = (): Promise<readonly InstallPlan[]> => api.list<InstallPlan>(olmPath("installplans", namespace));
  const plan = await eventually(
    `an InstallPlan with ${csv}`,
    async () =>
      (await list()).find(
        ({ spec, status }) => spec.clusterServiceVersionNames.includes(csv) && status?.phase === "RequiresApproval" && !spec.approved,
      ),
    { seen: async () => [await api.list(olmPath("subscriptions", namespace)), (await list()).map(({ spec, status }) => [spec, status?.phase])] },
  );
  await api.patch(olmPath("installplans", namespace, plan.metadata.name), { spec: { approved: true } });
  return plan;
}

export const csvSucceeded = (api: KubeApi, namespace: string, name: string): Promise<ClusterServiceVersion> => {
  const get = (): Promise<ClusterServiceVersion | undefined> => api.get<ClusterServiceVersion>(olmPath("clusterserviceversions", namespace, name));
  return eventually(
    `CSV ${name} Succeeded`,
    async () => {
      const csv = await get();
      return csv?.status?.phase === "Succeeded" ? csv : undefined;
    },
    { seen: async () => (await get())?.status },
  );
};
