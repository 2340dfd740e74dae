export { consoleSigns } from "./cluster/consoles.ts";
export type { WaitInputs as WaitArguments } from "./cluster/wait-inputs.ts";
export { findConsoleSign, type ConsoleSign } from "./console-signs.ts";
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
export { ADVICE, errorIdIn } from "./resource/failures.ts";
export { PLUGIN_NAME, PLUGIN_VERSION } from "./resource/version.ts";
