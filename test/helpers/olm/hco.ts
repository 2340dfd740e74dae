import type { Bundle, CatalogPackage } from "./catalog.ts";
import { crd, HYPER_CONVERGED_SPEC } from "./crds.ts";
import type { GroupVersionKind, KubeObject } from "./objects.ts";
import type { RealOperator } from "./real-operator.ts";

/** The two editions differ in names, versions and in the namespaces that their operator may watch. */
export type Edition = "product" | "community";

const PACKAGE: Record<Edition, string> = { product: "kubevirt-hyperconverged", community: "community-kubevirt-hyperconverged" };

const gvk = (group: string, version: string, kind: string, plural: string, scope: "Namespaced" | "Cluster") => ({
  group,
  version,
  kind,
  plural,
  scope,
});
/** What the operators' own objects are called, also for those who ask for them by path. */
export const KINDS = {
  hyperConverged: gvk("hco.kubevirt.io", "v1beta1", "HyperConverged", "hyperconvergeds", "Namespaced"),
  kubevirt: gvk("kubevirt.io", "v1", "KubeVirt", "kubevirts", "Namespaced"),
  cdi: gvk("cdi.kubevirt.io", "v1beta1", "CDI", "cdis", "Cluster"),
  networkAddons: gvk("networkaddonsoperator.network.kubevirt.io", "v1", "NetworkAddonsConfig", "networkaddonsconfigs", "Cluster"),
  ssp: gvk("ssp.kubevirt.io", "v1beta2", "SSP", "ssps", "Namespaced"),
  hostPathProvisioner: gvk("hostpathprovisioner.kubevirt.io", "v1beta1", "HostPathProvisioner", "hostpathprovisioners", "Cluster"),
} as const;

/** The deployments of the CSV: six operators, and the two servers that come with HCO. */
export const OPERATORS = [
  "hco-operator",
  "hco-webhook",
  "hyperconverged-cluster-cli-download",
  "virt-operator",
  "cdi-operator",
  "cluster-network-addons-operator",
  "ssp-operator",
  "hostpath-provisioner-operator",
] as const;

export interface HcoVersion {
  /** `1.17.3`, without a v. */
  readonly version: string;
  /** The name of the CSV that it replaces. */
  readonly replaces?: string;
  /** Instead of manifests in the catalog: an image that OLM would have to pull. */
  readonly image?: string;
  /** KubeVirt's part of the bundle is its own ClusterServiceVersion, as HCO's build merges it. Source: HCO, tools/csv-merger, by description */
  readonly kubevirt?: RealOperator;
}

export const csvName = (version: string): string => `kubevirt-hyperconverged-operator.v${version}`;

/** One version of HCO as OLM sees it: CRDs, deployments, permissions and webhooks, shaped as in the real bundle, with our own content. */
export function hcoBundle(edition: Edition, { version, replaces, image, kubevirt }: HcoVersion): Bundle {
  const kinds = Object.values(KINDS);
  const own = kubevirt?.definitions ?? [];
  const made = kinds.map((kind) => crd({ ...kind, ...(kind.kind === "HyperConverged" ? { spec: HYPER_CONVERGED_SPEC } : {}) }));
  const crds = [...made.filter(({ metadata }) => !own.some((each) => each.metadata.name === metadata.name)), ...own];
  return {
    name: csvName(version),
    version,
    provides: kinds.map(({ group, version: apiVersion, kind }): GroupVersionKind => ({ group, version: apiVersion, kind })),
    objects: image === undefined ? [csv(edition, version, replaces, kubevirt), ...crds] : [],
    ...(replaces === undefined ? {} : { replaces }),
    ...(image === undefined ? {} : { image }),
  };
}

/** The package with its channel `stable`, oldest version first; each version replaces the one before it. */
export function hcoPackage(edition: Edition, versions: readonly (string | HcoVersion)[]): CatalogPackage {
  const bundles = versions.map((given, index) => {
    const before = versions[index - 1];
    const version = typeof given === "string" ? { version: given } : given;
    const last = typeof before === "string" ? before : before?.version;
    return hcoBundle(edition, { ...(last === undefined ? {} : { replaces: csvName(last) }), ...version });
  });
  return { name: PACKAGE[edition], defaultChannel: "stable", channels: { stable: bundles } };
}

function csv(edition: Edition, version: string, replaces: string | undefined, kubevirt: RealOperator | undefined): KubeObject {
  const real = kubevirt?.csv.spec;
  const install = real?.install.spec ?? { deployments: [], permissions: [], clusterPermissions: [] };
  const played = OPERATORS.filter((name) => !install.deployments.some((each) => each.name === name));
  const owned = real?.customresourcedefinitions.owned ?? [];
  const modes = edition === "product" ? ["OwnNamespace", "SingleNamespace", "AllNamespaces"] : ["AllNamespaces"];
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: { name: csvName(version), namespace: "placeholder", annotations: { capabilities: "Deep Insights" } },
    spec: {
      displayName: edition === "product" ? "OpenShift Virtualization" : "KubeVirt HyperConverged Cluster Operator",
      description: "Test bundle",
      version,
      ...(replaces === undefined ? {} : { replaces }),
      minKubeVersion: "1.16.1",
      installModes: ["OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces"].map((type) => ({ type, supported: modes.includes(type) })),
      customresourcedefinitions: {
        owned: [
          ...Object.values(KINDS)
            .map(({ group, version: apiVersion, kind, plural }) => ({
              name: `${plural}.${group}`,
              version: apiVersion,
              kind,
              displayName: kind,
              description: kind,
            }))
            .filter(({ name }) => !owned.some((each) => each.name === name)),
          ...owned,
        ],
      },
      install: {
        strategy: "deployment",
        spec: {
          permissions: install.permissions,
          clusterPermissions: [
            ...played.map((name) => ({ serviceAccountName: name, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] })),
            ...install.clusterPermissions,
          ],
          deployments: [...played.map((name) => deployment(name, version)), ...install.deployments],
        },
      },
      webhookdefinitions: WEBHOOKS,
    },
  };
}

function deployment(name: string, version: string): object {
  const labels = { name, "app.kubernetes.io/version": version };
  return {
    name,
    label: labels,
    spec: {
      replicas: name === "virt-operator" ? 2 : 1,
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name,
              image: `registry.invalid/kubevirt/${name}:v${version}`,
              env: [{ name: "HCO_KV_IO_VERSION", value: version }],
              resources: { requests: { cpu: "10m", memory: "100Mi" } },
            },
          ],
        },
      },
    },
  };
}

const webhook = (options: {
  readonly type: "Validating" | "Mutating";
  readonly generateName: string;
  readonly deploymentName: string;
  readonly webhookPath: string;
  readonly failurePolicy: "Fail" | "Ignore";
  readonly rules: readonly object[];
  readonly objectSelector?: object;
}): object => ({
  ...options,
  type: `${options.type}AdmissionWebhook`,
  admissionReviewVersions: ["v1"],
  containerPort: 4343,
  targetPort: 4343,
  sideEffects: "NoneOnDryRun",
  timeoutSeconds: 10,
});

const WEBHOOKS: readonly object[] = [
  webhook({
    type: "Validating",
    generateName: "validate-hco.kubevirt.io",
    deploymentName: "hco-webhook",
    webhookPath: "/validate-hco-kubevirt-io-v1beta1-hyperconverged",
    failurePolicy: "Fail",
    rules: [{ apiGroups: ["hco.kubevirt.io"], apiVersions: ["v1beta1"], operations: ["CREATE", "DELETE", "UPDATE"], resources: ["hyperconvergeds"] }],
  }),
  webhook({
    type: "Mutating",
    generateName: "mutate-ns-hco.kubevirt.io",
    deploymentName: "hco-webhook",
    webhookPath: "/mutate-ns-hco-kubevirt-io",
    failurePolicy: "Ignore",
    rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["DELETE"], resources: ["namespaces"] }],
  }),
  webhook({
    type: "Validating",
    generateName: "hostpathprovisioner.kubevirt.io",
    deploymentName: "hostpath-provisioner-operator",
    webhookPath: "/validate-hostpathprovisioner-kubevirt-io-v1beta1-hostpathprovisioner",
    failurePolicy: "Fail",
    rules: [
      {
        apiGroups: ["hostpathprovisioner.kubevirt.io"],
        apiVersions: ["v1beta1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["hostpathprovisioners"],
      },
    ],
  }),
];
