import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

const ANNOTATION = "pulumi.com/patchFieldManager";

/**
 * Metadata with the name under which the API server keeps what a resource has set. The official plugin draws one at random for each create: one
 * whose answer is lost would leave a second owner behind, which the next change of a field would conflict with. One name for each resource,
 * so that two that patch the same object do not undo each other.
 */
export function withFieldManager<M extends object>(metadata: M, name: string, type: string, options: pulumi.CustomResourceOptions = {}): M {
  const { annotations } = metadata as { readonly annotations?: object };
  // A promise: an output of the parent's would make the resource depend on it, and so on its children, of which it is one.
  const urn = new Promise<string>((resolve) => void pulumi.createUrn(name, type, options.parent).apply(resolve));
  const manager = urn.then((text) => `pulumi-kubernetes-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`);
  return { ...metadata, annotations: { ...annotations, [ANNOTATION]: manager } };
}
