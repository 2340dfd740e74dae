export { ADVICE, errorIdIn, InitializationFailed } from "./resource/failures.ts";
export {
  anyResource,
  type AnyResource,
  type ChangeRule,
  type ConfigFailure,
  type Resource,
  type ResourceContext,
  type State,
} from "./resource/resource.ts";
export { nameOfUrn, typeOfUrn } from "./resource/urn.ts";
export { waitLimit } from "./resource/wait-limit.ts";
export { isUnknownAt, sameValue, type Properties } from "./resource/values.ts";
export { PLUGIN_NAME, PLUGIN_VERSION } from "./resource/version.ts";
