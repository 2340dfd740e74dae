import { sameValue } from "../../src/pulumi/resource/values.ts";
import { writable } from "./diff.ts";
import type { Manifest } from "./manifest.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The inputs that lead to the object as it is: an input stays as it was written, unless the object has changed there since we
 * last saw it. So what the server spells otherwise (1000m, 1) is no drift, and what somebody changed is.
 * @param before the object as the state has it
 */
export function driftedInputs(inputs: Manifest, before: Manifest, now: Manifest): Manifest {
  return settle(writable(inputs), before, now) as Manifest;
}

function settle(input: unknown, before: unknown, now: unknown): unknown {
  if (sameValue(before, now)) return input;
  if (now === undefined) return undefined;
  if (Array.isArray(input) && Array.isArray(now)) {
    const old: readonly unknown[] = Array.isArray(before) ? before : [];
    return now.map((item, index) => (index < input.length ? settle(input[index], old[index], item) : (item as unknown)));
  }
  if (!isObject(input) || !isObject(now)) return now;
  const old = isObject(before) ? before : {};
  const entries = Object.entries(input).map(([key, value]) => [key, settle(value, old[key], now[key])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Inputs of an object that nobody has described yet: all that a user may write. */
export function importedInputs(live: Manifest): Manifest {
  const { status: _, ...rest } = writable(live);
  const annotations = Object.fromEntries(Object.entries(rest.metadata.annotations ?? {}).filter(([name]) => name !== LAST_APPLIED));
  const { annotations: __, ...metadata } = rest.metadata;
  return { ...rest, metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations } } as Manifest;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
