import type * as pulumi from "@pulumi/pulumi";
import type { ManifestOperators, PinnedFile } from "../../config/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { redactValue } from "../../util/index.ts";
import { ComponentReady, DeploymentsReady, Leftovers } from "../resources/sdk.ts";
import { revisionOf, type Day2 } from "./context.ts";
import { objectsOf } from "./manifest-files.ts";
import { MANIFEST_NAMESPACES, type ManifestPart } from "./names.ts";
import { component } from "./objects.ts";
import type { Operands } from "./olm.ts";
import { operand } from "./operand.ts";
import { hostPathReady, storageClasses } from "./storage.ts";

/** KubeVirt and what stands beside it, each by its own operator, without HyperConverged. */
export function operandsByManifests(day2: Day2, operators: ManifestOperators): Operands {
  const leftovers = new Leftovers("leftovers", day2.cluster, day2.after());
  const kubevirt = part(day2, "kubevirt", operators, leftovers);
  const cdi = operators.cdi === undefined ? undefined : part(day2, "cdi", operators, leftovers);
  const others = [
    ...(operators.networkAddons === undefined ? [] : [part(day2, "networkAddons", operators, leftovers)]),
    ...(operators.hostPathProvisioner === undefined ? [] : [part(day2, "hostPathProvisioner", operators, leftovers)]),
  ];
  storageClasses(day2, others);
  const ready = new ComponentReady(
    "virtualization-ready",
    { ...day2.cluster, component: "kubeVirts", name: "kubevirt", namespace: MANIFEST_NAMESPACES.kubevirt, revision: "all" },
    day2.after(kubevirt, cdi, ...others),
  );
  return { ready, owner: { kind: "KubeVirt", namespace: MANIFEST_NAMESPACES.kubevirt, name: "kubevirt" } };
}

const COMPONENTS = {
  kubevirt: { component: "kubeVirts", name: "kubevirt", namespace: MANIFEST_NAMESPACES.kubevirt },
  cdi: { component: "cdis", name: "cdi" },
  networkAddons: { component: "networkAddonsConfigs", name: "cluster" },
  hostPathProvisioner: { component: "hostPathProvisioners", name: "hostpath-provisioner" },
} as const;

/** One operator, its resource, and the wait for it. */
function part(day2: Day2, name: ManifestPart, operators: ManifestOperators, leftovers: pulumi.Resource): pulumi.Resource {
  const { files, spec, version } = operators[name] ?? { files: [], spec: {} };
  const deployed = applyFiles(day2, name, files, leftovers);
  const object = component(name, spec, day2.options.spec);
  const made = operand(day2, name, COMPONENTS[name].component, object, deployed);
  const revision = revisionOf(object["spec"], shown(files));
  if (name === "hostPathProvisioner") return hostPathReady(day2, made, { revision, version });
  return new ComponentReady(`${name}-ready`, { ...day2.cluster, ...COMPONENTS[name], version, revision }, day2.after(made));
}

/** All objects of pinned files, namespaces and definitions before what needs them; ready when their deployments are. */
export function applyFiles(day2: Day2, name: string, files: readonly PinnedFile[], first: pulumi.Resource): pulumi.Resource {
  const objects = files.flatMap((file) => objectsOf(day2.textOf(file), redactValue(file.location)));
  const early = objects.filter(({ kind }) => kind === "Namespace" || kind === "CustomResourceDefinition");
  const late = objects.filter((object) => !early.includes(object));
  const before = early.map((object) => day2.apply(resourceName(name, object), object, first));
  // Readiness is judged by our own wait, which says why a pod does not come up.
  const after = late.map((object) => day2.apply(resourceName(name, object), unawaited(object), ...before));
  const deployments = objects
    .filter(({ kind, apiVersion }) => kind === "Deployment" && apiVersion === "apps/v1")
    .map(({ metadata }) => ({ namespace: textOf(metadata["namespace"]) || "default", name: textOf(metadata.name) }));
  return new DeploymentsReady(
    `${name}-operator`,
    { ...day2.cluster, deployments, revision: revisionOf(shown(files)) },
    day2.after(...before, ...after),
  );
}

/** What may stand in the state: a new password for the same files is no change. */
const shown = (files: readonly PinnedFile[]): readonly PinnedFile[] => files.map((file) => ({ ...file, location: redactValue(file.location) }));

const resourceName = (name: string, { kind, metadata }: Manifest): string =>
  [name, kind, textOf(metadata["namespace"]), textOf(metadata.name)].filter((text) => text !== "").join("/");

/** In a manifest names are plain text, whatever Pulumi may take. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Not by skipAwait, with which the official plugin waits for no deletion either: what is replaced would meet the old object. */
const UNAWAITED = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

export function unawaited(object: Manifest): Manifest {
  if (!["Deployment", "DaemonSet", "Service"].includes(object.kind)) return object;
  const annotations = { ...(object.metadata["annotations"] as Readonly<Record<string, string>> | undefined), ...UNAWAITED };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
