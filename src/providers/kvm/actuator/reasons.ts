import { isInstallerError, type ErrorId } from "../../../errors/index.ts";
import { ActuatorRefusal, type RefusalKind } from "../../actuator.ts";

/** Why a machine cannot be made just now, or ever: the reason of the Machine's event, and how it is taken. */
const KINDS = {
  InvalidProviderSpec: "Invalid",
  InvalidUserData: "Invalid",
  InvalidMachine: "Invalid",
  DiskTooSmall: "Invalid",
  MemoryExceedsHosts: "Invalid",
  CpuModelUnknown: "Invalid",
  HostUnreachable: "Failed",
  InsufficientMemory: "Failed",
  PoolMissing: "Failed",
  PoolInactive: "Failed",
  PoolFull: "Failed",
  ImageMissing: "Failed",
  NetworkMissing: "Failed",
  NetworkInactive: "Failed",
  NoFreeAddress: "Failed",
  NameTaken: "Failed",
  NotOwned: "Failed",
  InstanceMissing: "Failed",
  CreatedElsewhere: "Requeue",
  LibvirtFailed: "Failed",
} as const satisfies Record<string, RefusalKind>;

export type Reason = keyof typeof KINDS;

export const refusal = (reason: Reason, message: string, cause?: unknown): ActuatorRefusal =>
  new ActuatorRefusal(KINDS[reason], reason, message, { cause, ...(KINDS[reason] === "Requeue" ? { requeueSeconds: 5 } : {}) });

/** Words of libvirt and QEMU 7 to 10, in the order in which they are looked for. */
const WORDS: readonly (readonly [RegExp, Reason])[] = [
  [/No space left on device|Disk quota exceeded|not enough (?:free )?space/i, "PoolFull"],
  [/cannot allocate memory|cannot set up guest memory|unable to allocate memory/i, "InsufficientMemory"],
  [
    /unknown CPU model|CPU model .* (?:is not supported|not supported)|guest CPU (?:doesn't|does not) match|unsupported CPU model|CPU is incompatible/i,
    "CpuModelUnknown",
  ],
  [/cannot get interface MTU|Network not found|network '.*' is not active|failed to get network|no network with matching name/i, "NetworkMissing"],
  [/Storage pool not found|failed to get pool|no storage pool with matching name/i, "PoolMissing"],
  [/storage pool '.*' is not active/i, "PoolInactive"],
];

const BY_ID: Partial<Record<ErrorId, Reason>> = {
  LIBVIRT_UNREACHABLE: "HostUnreachable",
  IGNITION_INVALID: "InvalidUserData",
  NAME_TAKEN: "NameTaken",
};

/** A failure of the libvirt layer with its reason; anything else as it is. */
export function withReason(error: unknown): unknown {
  if (!isInstallerError(error)) return error;
  const own = BY_ID[error.id];
  if (own !== undefined) return refusal(own, error.message, error);
  if (error.id !== "LIBVIRT_FAILED") return error;
  const reason = WORDS.find(([words]) => words.test(error.message))?.[1] ?? "LibvirtFailed";
  return refusal(reason, error.message, error);
}
