import { KINDS } from "./hco.ts";
import type { KubeApi } from "./kube-api.ts";
import { crd } from "./crds.ts";
import { pathOf, type Condition, type GroupVersionKind, type KubeObject } from "./objects.ts";
import type { Webhook } from "./services.ts";

/**
 * @plays HCO: hco-operator and hco-webhook
 * @contract the operands of a HyperConverged, its finalizer, version, conditions and webhooks, after HCO's sources by description
 * @because its Go module is refused by the proxy, and it is published as images only
 * @real no test here
 */
/**
 * @plays SSP's operator
 * @contract resource, deployment and conditions
 * @because its Go module is refused by the proxy, and it is published as images only
 * @real no test here
 */
/**
 * @plays the hostpath provisioner's operator
 * @contract resource and conditions; no volume is made
 * @because its Go module is refused by the proxy, and it is published as images only
 * @real no test here
 */
/**
 * @plays the operators of CDI and of network addons, with source OLM
 * @contract resources, deployments and conditions
 * @because HCO, whose bundle brings them, is played, and pods run no programs here
 * @real test/nightly/cdi.test.ts, test/nightly/network-addons.test.ts
 */
/**
 * @plays KubeVirt's operator, in the quick tests of source OLM
 * @contract resources, deployments and conditions
 * @because the life of virtualization with a HyperConverged in a minute
 * @real test/nightly/kubevirt-olm.test.ts
 */

const FINALIZER = "kubevirt.io/hyperconverged";
const NAME = "kubevirt-hyperconverged";

interface Deployment extends KubeObject {
  readonly spec: { readonly template: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } } };
  readonly status?: { readonly availableReplicas?: number; readonly updatedReplicas?: number };
}
interface HyperConverged extends KubeObject {
  readonly spec?: { readonly uninstallStrategy?: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly versions?: readonly { readonly name: string; readonly version: string }[];
  };
}

interface KubeVirt extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly generation: number };
  readonly spec?: { readonly configuration?: { readonly developerConfiguration?: { readonly useEmulation?: boolean } } };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/** The kinds that the operators bring at run time, not in the bundle. KubeVirt's own controller begins when it sees all that it knows of CDI's. */
const LATE_KINDS = [
  { group: "kubevirt.io", version: "v1", kind: "VirtualMachine", plural: "virtualmachines", scope: "Namespaced" },
  { group: "kubevirt.io", version: "v1", kind: "VirtualMachineInstance", plural: "virtualmachineinstances", scope: "Namespaced" },
  { group: "cdi.kubevirt.io", version: "v1beta1", kind: "DataVolume", plural: "datavolumes", scope: "Namespaced" },
  { group: "cdi.kubevirt.io", version: "v1beta1", kind: "DataSource", plural: "datasources", scope: "Namespaced" },
  { group: "cdi.kubevirt.io", version: "v1beta1", kind: "CDIConfig", plural: "cdiconfigs", scope: "Cluster" },
  { group: "cdi.kubevirt.io", version: "v1beta1", kind: "StorageProfile", plural: "storageprofiles", scope: "Cluster" },
] as const;

/** What HCO makes of a HyperConverged, and what the operand's own operator makes of that. */
const OPERANDS: readonly {
  readonly kind: GroupVersionKind & { readonly plural: string; readonly scope: string };
  readonly name: string;
  readonly deployments: readonly string[];
  readonly daemonSets: readonly string[];
}[] = [
  { kind: KINDS.kubevirt, name: `kubevirt-${NAME}`, deployments: ["virt-api", "virt-controller"], daemonSets: ["virt-handler"] },
  { kind: KINDS.cdi, name: `cdi-${NAME}`, deployments: ["cdi-deployment", "cdi-apiserver", "cdi-uploadproxy"], daemonSets: [] },
  {
    kind: KINDS.networkAddons,
    name: "cluster",
    deployments: ["kubemacpool-mac-controller-manager"],
    daemonSets: ["bridge-marker", "kube-cni-linux-bridge-plugin"],
  },
  { kind: KINDS.ssp, name: `ssp-${NAME}`, deployments: ["virt-template-validator"], daemonSets: [] },
];

const collection = (kind: GroupVersionKind & { readonly plural: string; readonly scope: string }, namespace: string): string =>
  pathOf(kind.group, kind.version, kind.plural, kind.scope === "Namespaced" ? namespace : undefined);

/** API groups whose own operator runs, and so makes what it deploys, and its status. */
export type RealGroups = readonly string[];

export interface Operators {
  /** One round of what the operators' programs would do in their pods. Nothing moves while hco-operator is not there. */
  reconcile(): Promise<void>;
}

/**
 * Plays HCO's program, as far as kwok cannot: the operands of each HyperConverged, its finalizer, its version and the kinds that
 * come at run time. The conditions are kwok's business, unless an operand is real: then they follow from KubeVirt's.
 */
export function createOperators(api: KubeApi, real: RealGroups = [], priorityClasses: readonly KubeObject[] = []): Operators {
  /** The version to which a HyperConverged is on its way, by path. */
  const upgrades = new Map<string, string>();
  return {
    reconcile: async () => {
      for (const operator of await api.list<Deployment>("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dhco-operator")) {
        const { namespace } = operator.metadata;
        if (namespace === undefined || (operator.status?.availableReplicas ?? 0) === 0 || (operator.status?.updatedReplicas ?? 0) === 0) continue;
        // Before there is a HyperConverged: pods of the other operators wait for it.
        for (const each of priorityClasses) await api.create("/apis/scheduling.k8s.io/v1/priorityclasses", each);
        const path = `${collection(KINDS.hyperConverged, namespace)}/${NAME}`;
        const object = await api.get<HyperConverged>(path);
        if (object === undefined) continue;
        const operands = OPERANDS.map((each) => (real.includes(each.kind.group) ? { ...each, deployments: [], daemonSets: [] } : each));
        if (object.metadata.deletionTimestamp !== undefined) await finish(api, namespace, path, object, operands);
        else {
          await deploy(api, namespace, path, object, operands, real);
          if (real.length > 0) await reportConditions(api, namespace, path, object);
          await reportVersion(api, upgrades, path, object, operator.spec.template.metadata.labels?.["app.kubernetes.io/version"] ?? "");
        }
      }
    },
  };
}

async function deploy(
  api: KubeApi,
  namespace: string,
  path: string,
  object: HyperConverged,
  operands: typeof OPERANDS,
  real: RealGroups,
): Promise<void> {
  if (object.metadata.finalizers?.includes(FINALIZER) !== true)
    await api.patch(path, { metadata: { finalizers: [...(object.metadata.finalizers ?? []), FINALIZER] } });
  for (const kind of LATE_KINDS.filter(({ group }) => !real.includes(group))) {
    if ((await api.get(`${pathOf(kind.group, kind.version, kind.plural)}?limit=1`)) === undefined)
      await api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd(kind));
  }
  for (const { kind, name, deployments, daemonSets } of operands) {
    const at = collection(kind, namespace);
    if ((await api.get(`${at}/${name}`)) === undefined) {
      const metadata = { name, labels: { "app.kubernetes.io/managed-by": "hco-operator" } };
      await api.create(at, { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata, spec: {} });
      for (const each of deployments) await api.create(pathOf("apps", "v1", "deployments", namespace), workload("Deployment", each));
      for (const each of daemonSets) await api.create(pathOf("apps", "v1", "daemonsets", namespace), workload("DaemonSet", each));
    }
  }
  await setEmulation(api, namespace, object);
}

function workload(kind: "Deployment" | "DaemonSet", name: string): object {
  const labels = { "kubevirt.io": name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: `registry.invalid/kubevirt/${name}` }] } };
  return { apiVersion: "apps/v1", kind, metadata: { name, labels }, spec: { selector: { matchLabels: labels }, template } };
}

/** HCO hands the operations of this annotation on to KubeVirt. */
async function setEmulation(api: KubeApi, namespace: string, { metadata }: HyperConverged): Promise<void> {
  const operations = JSON.parse(metadata.annotations?.["kubevirt.kubevirt.io/jsonpatch"] ?? "[]") as readonly { readonly path: string }[];
  const useEmulation = operations.some(({ path }) => path === "/spec/configuration/developerConfiguration/useEmulation");
  const path = `${collection(KINDS.kubevirt, namespace)}/kubevirt-${NAME}`;
  const { spec } = (await api.get<KubeVirt>(path)) ?? {};
  if ((spec?.configuration?.developerConfiguration?.useEmulation ?? false) !== useEmulation)
    await api.patch(path, { spec: { configuration: { developerConfiguration: { useEmulation } } } });
}

/** What KubeVirt says of itself, in the words of HCO. Source: HCO, controllers/operands, by description */
async function reportConditions(api: KubeApi, namespace: string, path: string, object: HyperConverged): Promise<void> {
  const kubevirt = await api.get<KubeVirt>(`${collection(KINDS.kubevirt, namespace)}/kubevirt-${NAME}`);
  const { conditions = [], observedGeneration } = kubevirt?.status ?? {};
  const of = (type: string): Condition | undefined => conditions.find((each) => each.type === type);
  const behind = kubevirt?.metadata.generation !== observedGeneration;
  const troubles: readonly (readonly [type: string, trouble: boolean, status: Condition["status"], reason: string])[] = [
    ["Available", of("Available")?.status !== "True", "False", "KubeVirtNotAvailable"],
    ["Progressing", behind || of("Progressing")?.status !== "False", "True", "KubeVirtProgressing"],
    ["Degraded", of("Degraded")?.status === "True", "True", "KubeVirtDegraded"],
  ];
  const wanted = troubles.map<Condition>(([type, trouble, status, reason]) =>
    trouble
      ? { type, status, reason, message: `KubeVirt: ${of(type)?.message ?? ""}` }
      : { type, status: status === "True" ? "False" : "True", reason: "ReconcileCompleted", message: "Reconcile completed successfully" },
  );
  const all: readonly Condition[] = [
    ...wanted,
    { type: "ReconcileComplete", status: "True", reason: "ReconcileCompleted", message: "Reconcile completed successfully" },
  ];
  const said = (each: readonly Partial<Condition>[]): string =>
    JSON.stringify(each.map(({ type, status, reason, message }) => [type, status, reason, message]));
  const { generation } = object.metadata as KubeVirt["metadata"];
  if (said(object.status?.conditions ?? []) === said(all) && object.status?.observedGeneration === generation) return;
  await api.patch(`${path}/status`, {
    status: {
      observedGeneration: generation,
      conditions: all.map((each) => ({ ...each, observedGeneration: generation, lastTransitionTime: new Date().toISOString() })),
    },
  });
}

/** The version stands in the status when nothing progresses any more; an upgrade is Progressing before that. */
async function reportVersion(api: KubeApi, upgrades: Map<string, string>, path: string, { status }: HyperConverged, version: string): Promise<void> {
  const known = status?.versions?.find(({ name }) => name === "operator")?.version;
  const progressing = status?.conditions?.find(({ type }) => type === "Progressing");
  if (known === version || progressing?.status !== "False") return;
  if (known === undefined || upgrades.get(path) === version) {
    await api.patch(`${path}/status`, { status: { versions: [{ name: "operator", version }] } });
    return;
  }
  upgrades.set(path, version);
  const rest = status?.conditions?.filter(({ type }) => type !== "Progressing") ?? [];
  const upgrading = { ...progressing, status: "True", reason: "HCOUpgrading", message: `upgrading from ${known} to ${version}` };
  await api.patch(`${path}/status`, { status: { conditions: [...rest, upgrading] } });
}

async function finish(api: KubeApi, namespace: string, path: string, object: HyperConverged, operands: typeof OPERANDS): Promise<void> {
  let left = 0;
  for (const { kind, name, deployments, daemonSets } of operands) {
    const paths = [
      ...deployments.map((each) => pathOf("apps", "v1", "deployments", namespace, each)),
      ...daemonSets.map((each) => pathOf("apps", "v1", "daemonsets", namespace, each)),
      `${collection(kind, namespace)}/${name}`,
    ];
    for (const each of paths) if (await api.remove(each)) left += 1;
  }
  if (left === 0) await api.patch(path, { metadata: { finalizers: (object.metadata.finalizers ?? []).filter((name) => name !== FINALIZER) } });
}

/** The webhooks that HCO's pods serve, by path. */
export function hcoWebhooks(api: KubeApi): Readonly<Record<string, Webhook>> {
  const virtualMachines = () => api.list("/apis/kubevirt.io/v1/virtualmachines");
  return {
    "/validate-hco-kubevirt-io-v1beta1-hyperconverged": async ({ operation, namespace, oldObject }) => {
      if (operation === "CREATE") {
        const [operator] = await api.list("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dhco-operator");
        const own = operator?.metadata.namespace;
        if (own !== namespace) return `HyperConverged CR can only be created in the '${own ?? ""}' namespace`;
      }
      if (operation === "DELETE") {
        const strategy = (oldObject as HyperConverged | null)?.spec?.uninstallStrategy;
        const count = strategy === "RemoveWorkloads" ? 0 : (await virtualMachines()).length;
        if (count > 0) return `uninstall is blocked: there are still ${count} VirtualMachines (uninstallStrategy BlockUninstallIfWorkloadsExist)`;
      }
      return undefined;
    },
    "/mutate-ns-hco-kubevirt-io": async ({ name }) =>
      (await api.get(`${collection(KINDS.hyperConverged, name)}/${NAME}`)) === undefined
        ? undefined
        : "HyperConverged CR is still present, please remove it before deleting the containing namespace",
  };
}
