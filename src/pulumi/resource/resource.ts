import type { z } from "zod";
import type { ErrorId } from "../../errors/index.ts";
import type { Runner } from "../../exec/index.ts";
import type { Clock, Environment } from "../../util/index.ts";
import type { Progress } from "./progress.ts";
import type { Properties } from "./values.ts";

/** What a resource's operations are given besides their properties. */
export interface ResourceContext {
  /** Settings of this instance of the provider: what `configure` was given. May hold secrets. */
  readonly config: Properties;
  readonly run: Runner;
  /** Of the plugin's process. */
  readonly env: Environment;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Aborted on Cancel, with InstallerError INTERRUPTED, and when the operation's custom timeout is over, with RESOURCE_TIMEOUT. */
  readonly signal: AbortSignal;
  /** Milliseconds the user allows for this operation, if any; `signal` enforces it. */
  readonly timeoutMs: number | undefined;
  readonly urn: string;
}

/** What a change of an input does to an existing resource; `ignore` leaves it as it is and says so, if there is a note. */
export type ChangeRule = "update" | "replace" | "ignore" | { readonly ignore: string };

export interface State<I, O> {
  readonly inputs: I;
  readonly outputs: O;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What is wrong with a setting of the provider, and the error that using it is. */
export interface ConfigFailure extends CheckFailure {
  readonly id: ErrorId;
}

/**
 * One kind of resource. Inputs are parsed before they come here: `create`, `update`, `delete` see complete, known
 * values. An operation either does all of its work or undoes what it did and throws.
 */
export interface Resource<I extends object, O extends object> {
  readonly inputs: z.ZodType<I>;
  /** Every input, and what a change of it means. */
  readonly changes: Readonly<Record<keyof I & string, ChangeRule>>;
  /** Inputs and outputs to be kept encrypted in the state. */
  readonly secrets: readonly (keyof (I & O) & string)[];
  /** A changed resource of this kind cannot stand beside its old one: their names are the same. */
  readonly deleteBeforeReplace: boolean;
  /** The real thing is looked at before each update, so that what drifted is corrected by it. */
  readonly refreshBeforeUpdate?: boolean;
  /** Outputs that follow from the inputs alone, for previews. */
  predict(inputs: Partial<I>): Partial<O>;
  /** Rules beyond the schema; called when all inputs are known. */
  check?(inputs: I, old: I | undefined): readonly CheckFailure[];
  create(inputs: I, context: ResourceContext): Promise<{ readonly id: string; readonly outputs: O }>;
  /** What is really there, or undefined if it is gone. `state` is undefined for an import; `id` is answered where the user may import by another. */
  read(id: string, state: State<I, O> | undefined, context: ResourceContext): Promise<(State<I, O> & { readonly id?: string }) | undefined>;
  /** Throws in a preview what `update` would refuse. */
  mayUpdate?(id: string, old: State<I, O>, inputs: I, context: ResourceContext): Promise<void>;
  update(id: string, old: State<I, O>, inputs: I, context: ResourceContext): Promise<O>;
  /** Removing what is gone is success. */
  delete(id: string, state: State<I, O>, context: ResourceContext): Promise<void>;
}

/** Any resource, for the registry: its own types are checked where it is written. */
export type AnyResource = Resource<Record<string, unknown>, Record<string, unknown>>;

/** Puts a typed resource into the registry's type. Safe, as the server hands it nothing that its own schema did not parse. */
export function anyResource<I extends object, O extends object>(resource: Resource<I, O>): AnyResource {
  return resource as unknown as AnyResource;
}
