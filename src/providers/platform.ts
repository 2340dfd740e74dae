import type { ClusterSpec, CredentialSource, Identity, MachinePlan } from "../config/index.ts";
import type { ErrorId } from "../errors/index.ts";
import type { Reporter } from "../events/index.ts";
import type { Runner } from "../exec/index.ts";
import type { AnyResource, ConfigFailure, Properties } from "../pulumi/index.ts";
import type { Clock, Environment } from "../util/index.ts";
import type { Actuator } from "./actuator.ts";
import type { MachineApiNeeds, MachineApiPart } from "./machine-api.ts";

/** How a call reaches the world. */
export interface PlatformAccess {
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly env: Environment;
}

/** What is checked before anything is made. */
export interface PlatformContext extends PlatformAccess {
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  readonly machines: readonly MachinePlan[];
  readonly reporter: Reporter;
  /** Absolute path of the cluster folder. */
  readonly clusterDir: string;
}

/** One preflight check and what it found. */
export interface CheckResult {
  /** Stable, kebab-case: what `--skip` takes. */
  readonly id: string;
  readonly title: string;
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** What was found, with values. */
  readonly found: string;
  /** What to do about it, when it is not ok. */
  readonly fix?: string;
}

/** Something that exists outside and belongs to a cluster. */
export interface OwnedObject {
  /** `domain`, `network`, `volume`, `pool`, `folder`, `tag`… */
  readonly kind: string;
  readonly name: string;
  /** The platform's own id: UUID, path, managed object id. */
  readonly id: string;
  /** Who made it: we, or the cluster itself when it ran; absent where only we make things. */
  readonly madeBy?: "virt-ipi" | "cluster";
  /** Set where something could not be looked at, such as a manager that does not answer: whether more is there is not known. */
  readonly problem?: string;
}

/** How to find a cluster's objects again: kept in metadata.json, enough for destroy without anything else. */
export interface PlatformMetadata {
  readonly platform: string;
  readonly [key: string]: unknown;
}

/** What our plugin makes for a platform. */
export interface PlatformResources {
  /** By type token. */
  readonly resources: Readonly<Record<string, AnyResource>>;
  /** What is wrong with the platform's settings of an instance of our provider; nothing for an instance of another platform. */
  readonly checkConfig?: (config: Properties, env: Environment) => readonly ConfigFailure[];
}

/** A Pulumi plugin that a platform needs beside ours and that of kubernetes. */
export interface PlatformPlugin {
  /** As in `pulumi-resource-<name>`. */
  readonly name: string;
  /** Absolute path of the folder with its executable; absent: the one with our own. */
  readonly folder?: string;
}

/** What the installer asks of a platform that makes machines. Nothing above `providers` knows more than this. */
export interface Platform {
  readonly name: string;
  /** The resources of our plugin that are for this platform. Apart from the rest, so that only the plugin loads them. */
  readonly resources?: () => Promise<PlatformResources>;
  readonly plugins?: readonly PlatformPlugin[];
  /** What `scan` calls the objects of a Pulumi resource, by type token, where it is not the last part of the token in small letters. */
  readonly kinds?: Readonly<Record<string, string>>;
  /** Whether a refresh that failed says that the object is gone for ever: some providers fail where others would report it as gone. */
  isGone?(message: string): boolean;
  /**
   * Kinds of objects that cannot be read while a machine that they name is gone, and yet are there: they are removed and created again with
   * the machine, which loses nothing.
   */
  readonly createdAgainWithMachines?: ReadonlySet<string>;
  /** Its resources see what was changed by hand only when the engine is asked to look: before each update, preview and destroy. */
  readonly refreshes?: boolean;
  /** Format of the node image that machines are made from, and whether this cluster needs one at all. */
  readonly image: { readonly format: "qcow2" | "ova"; isNeeded(spec: ClusterSpec): boolean };
  /** Checks the host or the manager before anything is made; never throws for a failed check. */
  preflight(context: PlatformContext, skip: ReadonlySet<string>): Promise<readonly CheckResult[]>;
  /**
   * The platform's part of the Pulumi program: declares template, network and the machines given, and nothing else.
   * Called inside the Pulumi runtime, and loads Pulumi's SDK, which nothing else of a platform needs.
   */
  program(input: PlatformProgramInput): Promise<PlatformProgramOutput>;
  /** The entry under metadata.json's platform key; from a spec whose credentials are references it holds these. */
  metadata(spec: ClusterSpec, identity: Identity, machines: readonly MachinePlan[]): PlatformMetadata;
  /** For a platform whose metadata has credentials: the same with references followed, and which of it must never be shown. */
  readonly credentials?: {
    follow(metadata: PlatformMetadata, source: CredentialSource): PlatformMetadata;
    secrets(metadata: PlatformMetadata): readonly string[];
  };
  /** What a failure of a resource of somebody else's provider means, by its Pulumi type and message; undefined for any other type. */
  errorId?(type: string, message: string): ErrorId | undefined;
  /**
   * Logs in where there are accounts, unless this process has done so: engine and plugins would try a wrong password for each object.
   * @throws InstallerError of a login that is refused; what else is wrong shows later
   */
  signIn?(metadata: PlatformMetadata, context: PlatformAccess): Promise<void>;
  /** Every object that carries this infraID, by looking at the world and not at the state. @throws InstallerError METADATA_INVALID for names of others */
  scan(infraID: string, metadata: PlatformMetadata, context: PlatformAccess): Promise<readonly OwnedObject[]>;
  /**
   * Removes exactly one object that `scan` returned, after comparing its mark once more; removing what is gone is success.
   * @throws InstallerError OBJECT_NOT_OWNED for one that does not carry the mark
   */
  remove(infraID: string, object: OwnedObject, metadata: PlatformMetadata, context: PlatformAccess): Promise<void>;
  /**
   * One word or few for what decides how fast its machines are, such as their acceleration: durations are compared with those of the same.
   * Absent: all of the platform's are alike.
   */
  pace?(metadata: PlatformMetadata, context: PlatformAccess): Promise<string>;
  /** Files for the gather bundle: console logs and descriptions, by name inside the bundle. */
  gather(infraID: string, metadata: PlatformMetadata, context: PlatformAccess): Promise<ReadonlyMap<string, string>>;
  /** What carries a cluster's mark but belongs to none of the clusters known, with the infraID that it is marked with. */
  orphans?(
    metadata: PlatformMetadata,
    known: ReadonlySet<string>,
    context: PlatformAccess,
  ): Promise<readonly (OwnedObject & { readonly infraID: string })[]>;
  /** Shell commands that make the minimum role which the account of this cluster needs, for the manager's administrator. */
  role?(spec: ClusterSpec, machines: readonly MachinePlan[]): string;
  /** What the Machine API needs on it beside what it needs everywhere. */
  readonly machineApi?: MachineApiNeeds;
  /** Makes the machines that the cluster itself asks for, once it is installed; absent where something else does. Loads what only that needs. */
  actuator?(input: ActuatorInput): Promise<Actuator>;
  /** What `-platform` of plugins/machine-api is, where that makes machines itself: without `actuator`, and those of a pool are all started alike. */
  readonly ownController?: string;
  /** What a service that runs `actuator` leaves to it. */
  readonly service?: {
    /** Names of environment variables that it goes by; none holds a secret. */
    readonly environment: readonly string[];
    /** Whether it may start machines as processes below its own: they live on without it, and are not to be held as it is. */
    runsMachines(metadata: PlatformMetadata): boolean;
  };
  /** The text of each machine's console since power-on, for finding the first sign of a failure. */
  consoleOf?(machine: string, metadata: PlatformMetadata, context: PlatformAccess): Promise<string | undefined>;
}

/** Whose machines an actuator makes, and how it reaches the world. */
export interface ActuatorInput extends Omit<PlatformAccess, "signal"> {
  readonly infraID: string;
  /** The cluster's entry in metadata.json: where its machines are, and what they may use without being allowed more. */
  readonly metadata: PlatformMetadata;
  /**
   * The text that a machine is started with, from what its Machine's Secret says: with its name and its own token. A secret.
   * @throws InstallerError IGNITION_INVALID
   */
  start(userData: string, machine: string): string;
  /** What Machines may use beside what the installer made for this cluster: lists of names by kind, which the platform describes. */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
  readonly clock: Clock;
}

/** What a program has to ask before it declares anything, it asks by its access. */
export interface PlatformProgramInput extends PlatformAccess {
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  /** The machines that shall exist now: without the bootstrap machine once bootstrapping is complete. */
  readonly machines: readonly MachinePlan[];
  /** All machines of the cluster, also those that do not exist now: what is made of these stays as it is when the bootstrap machine goes. */
  readonly planned: readonly MachinePlan[];
  /** The text that a machine is started with. A secret. @throws InstallerError IGNITION_INVALID */
  ignition(machine: MachinePlan): string;
  readonly clusterDir: string;
  /** Local path of the image that machines are made from, with its sha256. */
  readonly image: { readonly path: string; readonly sha256: string };
  /**
   * Called once by `program`, after it has declared the bootstrap and control-plane machines and before the compute
   * machines: those depend on the resources it returns (BootstrapComplete). Absent: nothing to wait for.
   */
  readonly computeDependsOn?: ((made: PlatformProgramOutput["machines"]) => readonly unknown[]) | undefined;
  /** False makes machines that stay off: for measurements. */
  readonly powerOn?: boolean | undefined;
}

export interface PlatformProgramOutput {
  /**
   * The machines' resources: whatever waits for the cluster depends on them. `address` is an Output of the IP address, as the platform found
   * it when it made the machine, and `id` one of the platform's id, another for a machine that is created again.
   */
  readonly machines: readonly {
    readonly name: string;
    readonly role: string;
    readonly resource: unknown;
    readonly address: unknown;
    readonly id: unknown;
  }[];
  /** For clusters that create machines themselves; absent where the platform has none of these. */
  readonly machineApi?: MachineApiPart;
}
