import type { ClusterSpec } from "./cluster-spec.ts";
import type { InstallConfig } from "./install-config.ts";
import { invalid, type IssueDraft } from "./issue.ts";
import { hiddenCharacter } from "./load/text-traps.ts";
import { platformConfigOf, platformsOf } from "./platforms/registry.ts";

/** Where credentials are looked up that an install-config only points to. Given by whoever may read environment and files. */
export interface CredentialSource {
  /** The value of an environment variable; undefined if it is not set. */
  env(name: string): string | undefined;
  /** The text of a file, or in a few words why it cannot be read. A relative path is relative to the install-config's folder. */
  file(path: string): { readonly text: string } | { readonly problem: string };
}

/** Knows nothing: every reference is an error. */
export const NO_CREDENTIALS: CredentialSource = { env: () => undefined, file: () => ({ problem: "is not read here" }) };

type Reference = { readonly kind: "env"; readonly name: string } | { readonly kind: "file"; readonly path: string };

export interface ResolvedCredentials {
  readonly config: InstallConfig;
  readonly errors: readonly IssueDraft[];
}

/**
 * Puts in what `env:NAME` and `file:PATH` refer to, where the platform takes references. Messages name neither the
 * variable nor the file: who has a password that begins with `env:` must not find it in a log.
 * @param source undefined: only the form of references is checked, and they stay as they are
 */
export function resolveCredentials(config: InstallConfig, source: CredentialSource | undefined): ResolvedCredentials {
  const errors: IssueDraft[] = [];
  const resolve = (text: string | undefined, path: string): string | undefined => {
    const found = text === undefined ? undefined : followReference(text, source);
    if (found === undefined) return text;
    if ("problem" in found) errors.push(invalid(path, text, found.problem));
    return "problem" in found ? text : found.text;
  };
  const resolved = platformsOf(config).reduce((value, platform) => platform.resolveCredentials?.(value, resolve) ?? value, config);
  return { config: resolved, errors };
}

/** A spec without the credentials of its platform: what assets are made from, so that a new password is no change of the cluster. */
export const withoutCredentials = (spec: ClusterSpec): ClusterSpec => platformConfigOf(spec)?.withoutCredentials?.(spec) ?? spec;

/** Values in the platform's part of a spec that must never be shown; credentials in URLs are found without it. */
export const platformSecrets = (spec: ClusterSpec): readonly string[] => platformConfigOf(spec)?.secrets?.(spec) ?? [];

/**
 * What a text refers to, or why that cannot be read; undefined for a plain text.
 * @param source undefined: a well-formed reference is taken for a plain text
 */
export function followReference(
  text: string,
  source: CredentialSource | undefined,
): { readonly text: string } | { readonly problem: string } | undefined {
  const reference = referenceOf(text);
  if (reference === undefined || "problem" in reference) return reference;
  if (source === undefined) return undefined;
  const where = reference.kind === "env" ? "the environment variable that it refers to" : "the file that it refers to";
  const found = reference.kind === "env" ? { text: source.env(reference.name) } : source.file(reference.path);
  if ("problem" in found) return { problem: `${where} ${found.problem}` };
  if (found.text === undefined || found.text === "") return { problem: `${where} is ${reference.kind === "env" ? "not set" : "empty"}` };
  // What editors and shells add, and no password has.
  const line = found.text.replace(/^\ufeff/, "").replace(/\r?\n$/, "");
  if (line === "") return { problem: `${where} is empty` };
  if (/[\r\n]/.test(line)) return { problem: `${where} has more than one line` };
  const hidden = hiddenCharacter(line);
  return hidden === undefined ? { text: line } : { problem: `${where} holds ${hidden}, which cannot be seen; write it again` };
}

function referenceOf(text: string): Reference | { readonly problem: string } | undefined {
  if (text.startsWith("env:"))
    return /^env:[A-Za-z_]\w*$/.test(text)
      ? { kind: "env", name: text.slice("env:".length) }
      : { problem: "env: must be followed by the name of an environment variable" };
  if (!text.startsWith("file:")) return undefined;
  const path = text.slice("file:".length);
  return path === "" || path.includes("\0") ? { problem: "file: must be followed by the path of a file" } : { kind: "file", path };
}
