export type {
  PlatformAccess,
  CheckResult,
  OwnedObject,
  Platform,
  PlatformContext,
  PlatformMetadata,
  PlatformProgramInput,
  PlatformProgramOutput,
  PlatformResources,
} from "./platform.ts";
export { kindOf, platformErrorId, platformFor, platformNames, platformPlugins, PLATFORMS, readConsole } from "./registry.ts";
