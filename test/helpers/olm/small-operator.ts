import type { CatalogPackage } from "./catalog.ts";
import { csvName } from "./hco.ts";
import type { KubeObject } from "./objects.ts";

export interface SmallVersion {
  readonly version: string;
  /** Over the ClusterServiceVersion's own fields. */
  readonly spec?: object;
  /** Over the Deployment's. */
  readonly deployment?: object;
  /** Over the pod's. */
  readonly pod?: object;
  /** Over the container's. */
  readonly container?: object;
  /** In the bundle, beside the ClusterServiceVersion. */
  readonly objects?: readonly KubeObject[];
}

const NAME = "hco-operator";

/**
 * HCO's ClusterServiceVersion with a single Deployment and no kind of its own, so that OLM installs several packages beside each other.
 * @param versions of the channel `stable`, each of which replaces the one before it
 */
export function smallPackage(name: string, versions: readonly SmallVersion[]): CatalogPackage {
  const bundles = versions.map((version, index) => {
    const before = versions[index - 1];
    const replaces = before === undefined ? {} : { replaces: csvName(before.version) };
    return {
      name: csvName(version.version),
      version: version.version,
      provides: [],
      objects: [csv(version, replaces), ...(version.objects ?? [])],
      ...replaces,
    };
  });
  return { name, defaultChannel: "stable", channels: { stable: bundles } };
}

function csv({ version, spec, deployment, pod, container }: SmallVersion, replaces: object): KubeObject {
  const labels = { name: NAME };
  const containers = [{ name: NAME, image: `registry.invalid/kubevirt/${NAME}:v${version}`, ...container }];
  const template = { metadata: { labels }, spec: { serviceAccountName: NAME, containers, ...pod } };
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: { name: csvName(version), namespace: "placeholder" },
    spec: {
      displayName: `Small operator ${version}`,
      version,
      ...replaces,
      installModes: ["OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces"].map((type) => ({ type, supported: true })),
      install: {
        strategy: "deployment",
        spec: {
          clusterPermissions: [{ serviceAccountName: NAME, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }],
          deployments: [{ name: NAME, spec: { replicas: 1, selector: { matchLabels: labels }, template, ...deployment } }],
        },
      },
      ...spec,
    },
  };
}
