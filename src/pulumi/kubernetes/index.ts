/**
 * What the program uses of @pulumi/kubernetes, each class from its own file: the package's root loads every API group, which costs
 * a third of a second at each start.
 */
export { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
export { CustomResourcePatch } from "@pulumi/kubernetes/apiextensions/customResourcePatch.js";
export { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
export { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
export { kubernetesProvider } from "./provider.ts";
export { withFieldManager } from "./field-manager.ts";
export { KubernetesObject, type Manifest } from "./object.ts";
