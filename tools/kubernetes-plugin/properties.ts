import { isSecret, open, secret, toStruct } from "../../src/pulumi/server/struct.ts";
import type { Struct } from "../../src/pulumi/server/stubs.ts";
import type { Properties } from "../../src/pulumi/resource/values.ts";

/** Properties as they are on the wire: secrets wrapped, unknowns as the strings for them. */
export type Raw = Record<string, unknown>;

/** Keys of OpenAPI schemas in CRDs, which no SDK's language can spell. */
const DASHED = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const TO_UNDERSCORE = new Map(DASHED.map((key) => [key, key.replaceAll("-", "_")]));
const TO_DASH = new Map(DASHED.map((key) => [key.replaceAll("-", "_"), key]));

export const rawOf = (struct: Struct | undefined): Raw => (struct?.toJavaScript() ?? {}) as Raw;

/** Opened and spelled as the API spells it. */
export const opened = (raw: Raw): Properties => renamed(open(raw), TO_DASH) as Properties;

/** Spelled as the SDKs spell it. */
export const spelledForSdk = (value: unknown): unknown => renamed(value, TO_UNDERSCORE);

/** The value with secrets where the other one has them, at any depth. */
export function markedLike(value: unknown, like: unknown): unknown {
  if (value === undefined) return value;
  if (isSecret(like)) return secret(value);
  if (Array.isArray(value)) return Array.isArray(like) ? value.map((item, index) => markedLike(item, like[index])) : value;
  if (typeof value !== "object" || value === null || typeof like !== "object" || like === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, markedLike(item, (like as Raw)[key])]));
}

export const asStruct = (raw: Raw): Struct => toStruct(raw);

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renamed(item, names)]));
}
