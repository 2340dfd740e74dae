export { ApiStatusError, explainApiError, saysTooLarge } from "./api-error.ts";
export { connectKube, type KubeClient, type KubeClientFactory, type KubeClientOptions } from "./client.ts";
export { at, conditionOf, fullName, listAt, nameOf, namespaceOf, numberAt, textAt } from "./fields.ts";
export { gatherResources } from "./resources.ts";
export { connectObjects, type KubeObject, type ObjectClient, type ObjectClientFactory, type ObjectKind, type ObjectName } from "./objects.ts";
