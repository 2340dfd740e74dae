export {
  ActuatorRefusal,
  internalAddressOf,
  MACHINE_ANNOTATIONS,
  MACHINE_LABELS,
  type Actuator,
  type MachineAddress,
  type MachineFacts,
  type MachineObject,
} from "./actuator.ts";
export type { MachineApiNeeds, MachineApiPart, MachineReferences, MachinesOfPool, RbacRule } from "./machine-api.ts";
export type {
  ActuatorInput,
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
