export { readConsole } from "./console-readers.ts";
export type {
  CheckResult,
  OwnedObject,
  Platform,
  PlatformContext,
  PlatformMetadata,
  PlatformProgramInput,
  PlatformProgramOutput,
} from "./platform.ts";
export { platformErrorId, platformFor, platformNames } from "./registry.ts";
