const MARK = "[redacted]";
/** Names of environment variables and keys that hold secrets although they should not. */
const SECRET_NAME = /pass(word|wd|phrase)?|secret|token|credential|private.?key|api.?key|access.?key|key-data|pull.?secret/i;
/** Names that only point to a secret or describe one. */
const HARMLESS = /name$|ref$|path$|file$|id$|ttl$|^automount|expiration|seconds$/i;
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An API object for people to read: without bookkeeping (managedFields, last-applied copies), and without values
 * that are secret by their name in environment variables and ConfigMaps.
 */
export function cleanObject(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleanObject);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "managedFields" && key !== LAST_APPLIED);
  const object = Object.fromEntries(entries);
  const { name, value: literal, data } = object;
  if (typeof name === "string" && typeof literal === "string" && isSecretName(name)) return { ...object, value: MARK };
  return Object.fromEntries(entries.map(([key, item]) => [key, key === "data" && data !== undefined ? cleanData(item) : cleanObject(item)]));
}

function cleanData(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return cleanObject(data);
  return Object.fromEntries(
    Object.entries(data).map(([key, item]: [string, unknown]) => [
      key,
      isSecretName(key) ? MARK : typeof item === "string" ? cleanText(item) : cleanObject(item),
    ]),
  );
}

/** Lines of a file inside a ConfigMap such as `client-key-data: …`, `token: …`, `password=…`. */
function cleanText(text: string): string {
  return text.replaceAll(/^(\s*-?\s*["']?)([\w.-]+)(["']?\s*[:=]\s*)(\S.*)$/gm, (line, before: string, key: string, between: string) =>
    isSecretName(key) ? `${before}${key}${between}${MARK}` : line,
  );
}

const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !HARMLESS.test(name);
