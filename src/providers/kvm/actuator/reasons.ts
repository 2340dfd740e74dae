import { isInstallerError, type ErrorId } from "../../../errors/index.ts";
import { ActuatorRefusal, type RefusalKind } from "../../actuator.ts";

interface ReasonEntry {
  readonly kind: RefusalKind;
  /** For the reference. */
  readonly when: string;
}

/** Why a machine cannot be made just now, or ever: the reason of the Machine's event, and how it is taken. */
export const REASONS = {
  InvalidProviderSpec: { kind: "Invalid", when: "A field is unknown, impossible, or names what this cluster may not use." },
  InvalidUserData: { kind: "Invalid", when: "The Secret's `userData` is no Ignition config of version 3." },
  InvalidMachine: { kind: "Invalid", when: "The Machine is of another cluster or of the control plane, or has a name of the installer's." },
  DiskTooSmall: { kind: "Invalid", when: "The disk is smaller than the image." },
  MemoryExceedsHosts: { kind: "Invalid", when: "No host has so much memory at all." },
  CpuModelUnknown: { kind: "Invalid", when: "The host has no such CPU model, or cannot give it." },
  HostUnreachable: { kind: "Failed", when: "libvirt does not answer on a host that may have the machine." },
  InsufficientMemory: { kind: "Failed", when: "No host has the memory free now." },
  PoolMissing: { kind: "Failed", when: "The host has no such storage pool." },
  PoolInactive: { kind: "Failed", when: "The storage pool is off." },
  PoolFull: { kind: "Failed", when: "The storage pool has not the room that an installation needs: 8 GiB, or the whole of a smaller disk." },
  ImageMissing: { kind: "Failed", when: "The storage pool has no such image." },
  NetworkMissing: { kind: "Failed", when: "The host has no such network or bridge." },
  NetworkInactive: { kind: "Failed", when: "The network is off." },
  NoFreeAddress: { kind: "Failed", when: "All addresses of the network are taken." },
  NameTaken: { kind: "Failed", when: "Another domain has the Machine's name." },
  NotOwned: { kind: "Failed", when: "The domain does not say that it is this Machine's, or is the installer's own: it is never touched." },
  InstanceMissing: { kind: "Failed", when: "The domain vanished while it was being created or looked after." },
  CreatedElsewhere: { kind: "Requeue", when: "Another controller is creating the machine on another host." },
  LibvirtFailed: { kind: "Failed", when: "libvirt refused an operation, in its own words." },
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof REASONS;

export const refusal = (reason: Reason, message: string, cause?: unknown): ActuatorRefusal =>
  new ActuatorRefusal(REASONS[reason].kind, reason, message, { cause, ...(REASONS[reason].kind === "Requeue" ? { requeueSeconds: 5 } : {}) });

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
  [/pool '.*' is not active/i, "PoolInactive"],
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
