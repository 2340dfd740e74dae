/** A Machine of the Machine API (machine.openshift.io/v1beta1), as far as an actuator reads it. */
export interface MachineObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: {
    readonly providerID?: string | undefined;
    readonly providerSpec?: { readonly value?: unknown } | undefined;
  };
  readonly status?: { readonly addresses?: readonly MachineAddress[] | undefined; readonly providerStatus?: unknown } | undefined;
}

/** Labels of the Machine API. Source: github.com/openshift/machine-api-operator, docs/user. */
export const MACHINE_LABELS = {
  cluster: "machine.openshift.io/cluster-api-cluster",
  machineSet: "machine.openshift.io/cluster-api-machineset",
  role: "machine.openshift.io/cluster-api-machine-role",
  type: "machine.openshift.io/cluster-api-machine-type",
} as const;

/** Annotations of the Machine API, in the same place. */
export const MACHINE_ANNOTATIONS = {
  /** What the virtual machine does, in its platform's words. */
  instanceState: "machine.openshift.io/instance-state",
  /** With any value its node is not drained. */
  excludeDrain: "machine.openshift.io/exclude-node-draining",
  /** With any value it goes first when its set has too many. */
  deleteFirst: "machine.openshift.io/delete-machine",
} as const;

/** The address that a Machine has had last, as its own status says. */
export const internalAddressOf = ({ status }: Pick<MachineObject, "status">): string | undefined =>
  status?.addresses?.find(({ type }) => type === "InternalIP")?.address;

export interface MachineAddress {
  /** `InternalIP`, `Hostname`, `InternalDNS`: as a Node's. */
  readonly type: string;
  readonly address: string;
}

/** What is known of a Machine's virtual machine: what its controller writes into the Machine. */
export interface MachineFacts {
  /** As the Node's; unique among all machines of all clusters. */
  readonly providerID: string;
  /** Absent as long as none is known. */
  readonly addresses?: readonly MachineAddress[];
  /** In the platform's own words. */
  readonly instanceState: string;
  readonly instanceType?: string;
  readonly region?: string;
  readonly zone?: string;
  /** Becomes a part of status.providerStatus; the same for the same state of the machine. */
  readonly providerStatus?: Readonly<Record<string, unknown>>;
}

/**
 * What makes, finds and removes the virtual machine of one Machine. Each call may come again at any time, also after the process that ran it was
 * killed, and continues where that one ended. Two calls for Machines of one name never run side by side: see src/machines/actuator.
 * @throws ActuatorRefusal with a reason of its own for what is known to happen; what else is thrown means that nothing is known
 */
export interface Actuator {
  /** What is there of a complete machine; undefined only where it is sure that there is none. */
  exists(machine: MachineObject, signal: AbortSignal): Promise<MachineFacts | undefined>;
  /** @param userData what the machine is started with, without its token. A secret */
  create(machine: MachineObject, userData: string | undefined, signal: AbortSignal): Promise<MachineFacts>;
  /** Corrects what belongs to the machine and was lost, and reports it as it is now. */
  update(machine: MachineObject, signal: AbortSignal): Promise<MachineFacts>;
  /**
   * What each virtual machine does now, by its Machine's name and in the words of `instanceState`; one that is missing is not there. Asked every
   * few seconds, so it costs little. Absent where the platform cannot say it so.
   * @throws where it is not known of all of them
   */
  states?(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Removes all that `create` made, also half of it; what is gone already is success. */
  delete(machine: MachineObject, signal: AbortSignal): Promise<void>;
}

/**
 * How a refusal is taken. `Invalid`: the Machine can never work and fails for good. `Requeue`: to be tried again after a time that is known.
 * `Failed`: to be tried again, later each time.
 */
export type RefusalKind = "Invalid" | "Failed" | "Requeue";

/** Why a call for a Machine was not done, in words for whoever reads the Machine's events. */
export class ActuatorRefusal extends Error {
  readonly kind: RefusalKind;
  /** One word, CamelCase: the reason of the event and of the condition. */
  readonly reason: string;
  /** For `Requeue`. */
  readonly requeueSeconds: number | undefined;

  constructor(kind: RefusalKind, reason: string, message: string, options: { readonly cause?: unknown; readonly requeueSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ActuatorRefusal";
    this.kind = kind;
    this.reason = reason;
    this.requeueSeconds = options.requeueSeconds;
  }
}
