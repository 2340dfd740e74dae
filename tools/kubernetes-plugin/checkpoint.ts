import { secret } from "../../src/pulumi/server/struct.ts";
import { UNKNOWN } from "../../src/pulumi/resource/values.ts";
import { isKind, manifestOf, type GroupVersionKind, type Manifest } from "./manifest.ts";
import { markedLike, opened, spelledForSdk, type Raw } from "./properties.ts";

/** What the state holds beside the object: the same keys as the official provider's, so that either reads the other's state. */
const INPUTS = "__inputs";
const FIELD_MANAGER = "__fieldManager";
const INITIAL_API_VERSION = "__initialApiVersion";

/** A state, taken apart. */
export interface Checkpoint {
  readonly inputs: Manifest;
  readonly live: Manifest;
  readonly fieldManager: string | undefined;
}

export function readCheckpoint(state: Raw, token: GroupVersionKind): Checkpoint {
  const { [INPUTS]: inputs, [FIELD_MANAGER]: fieldManager, [INITIAL_API_VERSION]: _, ...live } = opened(state);
  return {
    inputs: manifestOf(typeof inputs === "object" && inputs !== null ? (inputs as Raw) : {}, token),
    live: manifestOf(live, token),
    fieldManager: typeof fieldManager === "string" && fieldManager !== "" ? fieldManager : undefined,
  };
}

/**
 * The outputs of a resource: the object as it is, spelled for SDKs, its inputs, and who applied them. What was secret
 * in the inputs is secret everywhere, and so is all that a Secret holds.
 * @param raw the inputs as they came
 */
export function checkpointOf(raw: Raw, live: Manifest, inputs: Manifest, fieldManager: string): Raw {
  // Who owns which field is asked of the server when it matters; in the state it would be half of all there is.
  const { managedFields: _, ...metadata } = live.metadata;
  const object = spelledForSdk({ ...live, metadata }) as Raw;
  const written = spelledForSdk(inputs) as Raw;
  const like = spelledForSdk(raw) as Raw;
  return {
    ...sealed(markedLike(object, like) as Raw, live),
    [INPUTS]: sealed(markedLike(written, like) as Raw, live),
    [FIELD_MANAGER]: fieldManager,
    [INITIAL_API_VERSION]: inputs.apiVersion,
  };
}

/** Inputs for the engine, secret where they were. */
export const inputsLike = (inputs: Manifest, raw: Raw): Raw => sealed(markedLike(inputs, raw) as Raw, inputs);

/** Of a dry run: what only the real one can tell is unknown. */
export function foreseen(live: Manifest): Manifest {
  const { status: _, ...rest } = live;
  const metadata = Object.fromEntries(
    Object.entries(rest.metadata).map(([name, value]) => [
      name,
      ["uid", "resourceVersion", "creationTimestamp", "generation"].includes(name) ? UNKNOWN : value,
    ]),
  );
  return { ...rest, metadata } as Manifest;
}

/** What a Secret holds, as secret. */
export function sealed(properties: Raw, kind: GroupVersionKind): Raw {
  if (!isKind(kind, "v1", "Secret")) return properties;
  const open = opened({ data: properties["data"], stringData: properties["stringData"] });
  return {
    ...properties,
    ...(open["data"] === undefined ? {} : { data: secret(open["data"]) }),
    ...(open["stringData"] === undefined ? {} : { stringData: secret(open["stringData"]) }),
  };
}
