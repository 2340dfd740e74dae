import type { GroupVersionKind, KubeObject } from "./objects.ts";

export interface CrdOptions extends GroupVersionKind {
  readonly plural: string;
  readonly scope: "Namespaced" | "Cluster";
  /** OpenAPI schema of `spec`; any object if there is none. */
  readonly spec?: Schema;
  /** OpenAPI schema of the whole object, in the place of one that has `spec` and any `status`. */
  readonly object?: Schema;
}

type Schema = Readonly<Record<string, unknown>>;

export const ANY: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const STRING: Schema = { type: "string" };
const BOOLEAN: Schema = { type: "boolean" };
const INTEGER: Schema = { type: "integer" };

/** A CustomResourceDefinition of one version with a status subresource. */
export function crd(options: CrdOptions): KubeObject {
  const { group, version, kind, plural, scope } = options;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: options.object ?? { type: "object", properties: { spec: options.spec ?? ANY, status: ANY } } },
        },
      ],
    },
  };
}

/** The fields of HyperConverged that the tests set, and the schema of pods' affinity in full, as the real one has it. */
export const HYPER_CONVERGED_SPEC: Schema = {
  type: "object",
  properties: {
    infra: { type: "object", properties: { nodePlacement: nodePlacement("infra") } },
    workloads: { type: "object", properties: { nodePlacement: nodePlacement("workloads") } },
    featureGates: { type: "object", additionalProperties: BOOLEAN },
    liveMigrationConfig: {
      type: "object",
      default: {},
      properties: {
        parallelMigrationsPerCluster: { ...INTEGER, default: 5 },
        parallelOutboundMigrationsPerNode: { ...INTEGER, default: 2 },
        completionTimeoutPerGiB: { ...INTEGER, default: 150 },
        progressTimeout: { ...INTEGER, default: 150 },
        allowAutoConverge: { ...BOOLEAN, default: false },
        allowPostCopy: { ...BOOLEAN, default: false },
        bandwidthPerMigration: STRING,
        network: STRING,
      },
    },
    uninstallStrategy: { ...STRING, enum: ["BlockUninstallIfWorkloadsExist", "RemoveWorkloads"], default: "BlockUninstallIfWorkloadsExist" },
    enableCommonBootImageImport: { ...BOOLEAN, default: true },
    evictionStrategy: { ...STRING, enum: ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"] },
    dataImportCronTemplates: { type: "array", items: ANY },
    vmStateStorageClass: STRING,
    scratchSpaceStorageClass: STRING,
  },
  "x-kubernetes-preserve-unknown-fields": true,
};

function nodePlacement(of: string): Schema {
  return {
    type: "object",
    properties: {
      nodeSelector: { type: "object", additionalProperties: STRING },
      tolerations: { type: "array", items: ANY },
      affinity: {
        type: "object",
        properties: Object.fromEntries(
          ["nodeAffinity", "podAffinity", "podAntiAffinity"].map((name) => [name, affinity(`${of}.nodePlacement.affinity.${name}`)]),
        ),
      },
    },
  };
}

function affinity(path: string): Schema {
  const terms = ["preferredDuringSchedulingIgnoredDuringExecution", "requiredDuringSchedulingIgnoredDuringExecution"];
  const selectors = ["labelSelector", "namespaceSelector", "matchFields", "matchLabelKeys", "mismatchLabelKeys"];
  return documented(path, {
    type: "object",
    properties: Object.fromEntries(
      terms.map((term) => [
        term,
        documented(`${path}.${term}`, {
          type: "array",
          items: {
            type: "object",
            "x-kubernetes-preserve-unknown-fields": true,
            properties: Object.fromEntries(selectors.map((name) => [name, selector(`${path}.${term}[].${name}`)])),
          },
        }),
      ]),
    ),
  });
}

function selector(path: string): Schema {
  const expression = {
    type: "object",
    properties: {
      key: documented(`${path}.matchExpressions[].key`, STRING),
      operator: documented(`${path}.matchExpressions[].operator`, STRING),
      values: documented(`${path}.matchExpressions[].values`, { type: "array", items: STRING }),
    },
  };
  return documented(path, {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    properties: {
      matchExpressions: documented(`${path}.matchExpressions`, { type: "array", items: expression }),
      matchLabels: documented(`${path}.matchLabels`, { type: "object", additionalProperties: STRING }),
    },
  });
}

/** As long a description as the real schema gives its fields: it is these that make the CRD too large for an annotation. */
function documented(path: string, schema: Schema): Schema {
  const sentence = `The field ${path} limits where pods of this kind may run; without it they run on any node that has room for them. `;
  return { description: sentence.repeat(4).trim(), ...schema };
}
