import { UNKNOWN, type Properties } from "../resource/values.ts";
import { Struct } from "./stubs.ts";

/**
 * Property values on the wire. A secret is an object with a signature; an unknown is one of five fixed strings, one a
 * type. Source: pulumi sdk/go/common/resource/plugin/rpc.go and sig/sig.go.
 */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A message's properties with secrets opened and unknowns as UNKNOWN, at any depth. */
export function fromStruct(struct: Struct | undefined): Properties {
  return open(struct?.toJavaScript() ?? {}) as Properties;
}

/** True for a secret as it is on the wire. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Properties)[SIGNATURE] === SECRET_SIGNATURE;

/** A value as the wire marks a secret. */
export const secret = (value: unknown): Properties => ({ [SIGNATURE]: SECRET_SIGNATURE, value });

/** A value of the wire with secrets opened and unknowns as UNKNOWN, at any depth. */
export function open(value: unknown): unknown {
  if (UNKNOWNS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Properties;
  if (isSecret(fields)) return open(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, open(item)]));
}

/**
 * Properties as a message: `undefined` left out, UNKNOWN as the string for it.
 * @param secrets names of properties to be kept encrypted
 */
export function toStruct(properties: Properties, secrets: readonly string[] = []): Struct {
  const wire = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, secrets.includes(key) && value !== UNKNOWN ? close(secret(value)) : close(value)]);
  return Struct.fromJavaScript(Object.fromEntries(wire) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function close(value: unknown): Parameters<typeof Struct.fromJavaScript>[0][string] {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(close);
  if (typeof value === "object")
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, close(item)]),
    );
  throw new TypeError(`a property cannot hold a ${typeof value}`);
}
