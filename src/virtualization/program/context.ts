import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Distribution, PinnedFile, VirtualizationSpec } from "../../config/index.ts";
import { redactValue } from "../../util/index.ts";
import { KubernetesObject, kubernetesProvider, type Manifest } from "../../pulumi/kubernetes/index.ts";
import type { Target } from "../observe/index.ts";
import { targetOf } from "./target.ts";

export interface VirtualizationOptions {
  readonly spec: VirtualizationSpec;
  readonly distribution: Distribution;
  readonly infraID: string;
  /** Text of the admin kubeconfig; unknown in previews as long as there is no cluster. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Limit of each wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Text of each pinned manifest by its sha256. */
  readonly manifests: ReadonlyMap<string, string>;
  /** What must be there before. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** The cluster itself: when it goes, nothing in it is deleted one by one. */
  readonly deletedWith?: pulumi.Resource | undefined;
}

/** What the parts of the program share. */
export interface Day2 {
  readonly options: VirtualizationOptions;
  readonly target: Target;
  /** What every resource of our provider takes. */
  readonly cluster: { readonly infraID: string; readonly kubeconfig: pulumi.Input<string>; readonly target: Target; readonly timeoutSeconds: number };
  /** Options of a resource of our provider that comes after others. */
  after(...resources: readonly (pulumi.Resource | undefined)[]): pulumi.CustomResourceOptions;
  /** An object in the cluster that comes after others. */
  apply(name: string, manifest: Manifest, ...dependsOn: readonly (pulumi.Resource | undefined)[]): KubernetesObject;
  /** Fields that are put on an object which others own. */
  patch(name: string, manifest: Manifest, ...dependsOn: readonly (pulumi.Resource | undefined)[]): pulumi.CustomResource;
  textOf(file: PinnedFile): string;
}

export function day2Of(options: VirtualizationOptions, parent: pulumi.Resource, patchOf: PatchFactory): Day2 {
  const common: pulumi.CustomResourceOptions = {
    parent,
    ...(options.deletedWith === undefined ? {} : { deletedWith: options.deletedWith }),
  };
  const provider = kubernetesProvider("cluster", { kubeconfig: options.kubeconfig, clusterIdentifier: options.infraID }, { parent });
  const target = targetOf(options.spec);
  const after: Day2["after"] = (...resources) => ({
    ...common,
    dependsOn: [...options.dependsOn, ...resources.filter((resource) => resource !== undefined)],
  });
  const inCluster: Day2["after"] = (...resources) => ({ ...after(...resources), provider });
  return {
    options,
    target,
    cluster: { infraID: options.infraID, kubeconfig: options.kubeconfig, target, timeoutSeconds: Math.ceil(options.timeoutMs / 1_000) },
    after,
    apply: (name, manifest, ...dependsOn) => new KubernetesObject(name, manifest, inCluster(...dependsOn)),
    patch: (name, manifest, ...dependsOn) => patchOf(name, manifest, inCluster(...dependsOn)),
    textOf: ({ sha256, location }) => {
      const text = options.manifests.get(sha256);
      if (text === undefined) throw new Error(`${redactValue(location)} was not read before the program`);
      return text;
    },
  };
}

export type PatchFactory = (name: string, manifest: Manifest, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Changes when any of the values does: what a wait is given, so that it looks again. */
export const revisionOf = (...values: readonly unknown[]): string => createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);
