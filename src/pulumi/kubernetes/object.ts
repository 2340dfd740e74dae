import * as pulumi from "@pulumi/pulumi";
import { getVersion } from "@pulumi/kubernetes/utilities.js";
import { withFieldManager } from "./field-manager.ts";

/** Any Kubernetes object, as a manifest has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: pulumi.Input<string> };
  readonly [field: string]: unknown;
}

/** The official type token: `kubernetes:apps/v1:Deployment`; the core group, which has no name, is `core`. */
const tokenOf = (apiVersion: string, kind: string): string => `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;

/** An object of any kind, for manifests that come as files. Where the kind is known beforehand its own class is better. */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly metadata: pulumi.Output<{ readonly name: string; readonly namespace?: string; readonly uid: string }>;

  constructor(name: string, manifest: Manifest, options?: pulumi.CustomResourceOptions) {
    const type = tokenOf(manifest.apiVersion, manifest.kind);
    super(
      type,
      name,
      { ...(manifest.kind === "Secret" ? withSecrets(manifest) : manifest), metadata: withFieldManager(manifest.metadata, name, type, options) },
      pulumi.mergeOptions(
        { version: getVersion(), ...(manifest.kind === "Secret" ? { additionalSecretOutputs: ["data", "stringData"] } : {}) },
        options,
      ),
    );
  }
}

/** What it holds is kept encrypted in the state, among the inputs as well. */
function withSecrets(manifest: Manifest): Manifest {
  const held = ["data", "stringData"].flatMap((key) => (manifest[key] === undefined ? [] : [[key, pulumi.secret(manifest[key])] as const]));
  return { ...manifest, ...Object.fromEntries(held) };
}
