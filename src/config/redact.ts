import { stringify } from "yaml";
import { InstallerError } from "../errors/index.ts";
import { redactCredentials, redactValue } from "../util/index.ts";
import { childPath } from "./positions.ts";
import { loadDocument } from "./load/yaml.ts";
import { isBlankedPath, isUnprintablePath } from "./schema/secrets.ts";

const KEY_OR_CERTIFICATE = /-----BEGIN [A-Z ]+-----|\b(?:ssh|ecdsa|sk)-\S+ AAAA/;

/**
 * The install-config for the ConfigMap `cluster-config-v1`: pull secret, passwords and the user names that belong to them are empty,
 * credentials in all other values replaced. Comments go too, since they could hold anything.
 * @throws InstallerError CONFIG_INVALID if the text is no YAML mapping
 */
export function redactInstallConfig(source: Uint8Array | string): string {
  const { data, issues } = loadDocument(source);
  if (issues.length > 0)
    throw new InstallerError("CONFIG_INVALID", "the install-config cannot be read", {
      details: issues.map(({ message, line, column }) => `${message} (${line}:${column})`),
    });
  return stringify(blank(data, ""), { lineWidth: 0, version: "1.1" });
}

/** The same of a config that was read: a copy. */
export const blankSecrets = <T extends object>(config: T): T => blank(config, "") as T;

function blank(value: unknown, path: string): unknown {
  if (isBlankedPath(path)) return "";
  if (Array.isArray(value)) return value.map((item, index) => blank(item, childPath(path, index)));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [redactValue(key), blank(child, childPath(path, key))]));
  if (typeof value !== "string") return value;
  // What looks like a user name in keys and certificates is a comment. What was written in their place by mistake may be anything.
  return isUnprintablePath(path) && KEY_OR_CERTIFICATE.test(value) ? redactCredentials(value) : redactValue(value);
}
