import { createHash } from "node:crypto";
import { typeOfUrn } from "../../src/pulumi/resource/urn.ts";
import { UNKNOWN, type Properties } from "../../src/pulumi/resource/values.ts";

/** A Kubernetes object as JSON; only what the plugin itself looks at is typed. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  deletionTimestamp?: string;
  finalizers?: string[];
  annotations?: Record<string, string>;
  managedFields?: ManagedFields[];
  [field: string]: unknown;
}

export interface ManagedFields {
  manager: string;
  operation: "Apply" | "Update";
  subresource?: string;
  fieldsV1?: Properties;
}

export interface GroupVersionKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What a token `kubernetes:apps/v1:DeploymentPatch` stands for; `patch`: some fields of an object that another owns. */
export interface Token extends GroupVersionKind {
  readonly patch: boolean;
  readonly list: boolean;
}

/**
 * The kind behind a resource's type; of an urn the last type counts.
 * @param kind the inputs' own, where they are known: a custom kind may end in `Patch` and be none
 */
export function tokenOf(urn: string, kind?: unknown): Token {
  const token = urn.includes("::") ? typeOfUrn(urn) : urn;
  const [, groupVersion = "", name = ""] = token.split(":");
  const patch = name.endsWith("Patch") && name !== kind;
  const bare = patch ? name.slice(0, -"Patch".length) : name;
  return {
    apiVersion: groupVersion.replace(/^core\//, ""),
    kind: bare,
    patch,
    list: bare === "List" || (bare.endsWith("List") && isBuiltIn(groupVersion)),
  };
}

/** A custom kind may end in `List` and be none; groups of Kubernetes' own have no dot, or end in k8s.io. */
const isBuiltIn = (groupVersion: string): boolean => !(groupVersion.split("/")[0] ?? "").includes(".") || groupVersion.includes(".k8s.io/");

/** The annotations that steer the provider; the same ones, with the same meaning, as the official provider's. */
export const ANNOTATION = {
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  waitFor: "pulumi.com/waitFor",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
} as const;

export function annotationOf(manifest: Manifest, name: keyof typeof ANNOTATION): string | undefined {
  const { annotations } = manifest.metadata;
  const value: unknown = typeof annotations === "object" ? annotations[ANNOTATION[name]] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `namespace/name`, or `name` of what has no namespace. */
export const idOf = ({ metadata }: Manifest): string =>
  metadata.namespace === undefined || metadata.namespace === "" ? String(metadata.name) : `${metadata.namespace}/${metadata.name}`;

export function fromId(id: string): { readonly namespace: string | undefined; readonly name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
}

/** For people: `Deployment kube-system/coredns`. */
export const titleOf = (manifest: Manifest): string => `${manifest.kind} ${idOf(manifest)}`;

export const isKind = (manifest: GroupVersionKind, apiVersion: string, kind: string): boolean =>
  manifest.apiVersion === apiVersion && manifest.kind === kind;

/**
 * Properties as an object of the API. Without metadata it gets an empty one, so that nobody has to ask.
 * What is not known yet stays UNKNOWN.
 */
export function manifestOf(properties: Properties, token: GroupVersionKind): Manifest {
  const { metadata } = properties;
  return {
    ...properties,
    apiVersion: typeof properties["apiVersion"] === "string" ? properties["apiVersion"] : token.apiVersion,
    kind: typeof properties["kind"] === "string" ? properties["kind"] : token.kind,
    metadata: typeof metadata === "object" && metadata !== null ? { ...metadata } : {},
  };
}

/** True if the program cannot tell yet what the object is called. */
export const nameIsUnknown = (properties: Properties): boolean =>
  properties["metadata"] === UNKNOWN || (properties["metadata"] as Properties | undefined)?.["name"] === UNKNOWN;

/** Field manager of an object: one for each resource, so that two resources that patch one object do not undo each other. */
export const fieldManagerOf = (urn: string): string => `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
