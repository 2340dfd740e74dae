export { ApiStatusError, explainApiError, saysTooLarge } from "./api-error.ts";
export { connectKube, type KubeClient, type KubeClientFactory, type KubeClientOptions } from "./client.ts";
export { at, conditionOf, fullName, listAt, nameOf, namespaceOf, numberAt, textAt } from "./fields.ts";
export { deploymentReason } from "./deployment.ts";
export { gatherResources } from "./resources.ts";
export { repeat } from "./repeat.ts";
export { borrowed, watch, type Finding, type Look } from "./watch.ts";
export { CORE_KINDS, objectKind, type ObjectKind, type ObjectName } from "./kinds.ts";
export type { KubeObject } from "./object.ts";
