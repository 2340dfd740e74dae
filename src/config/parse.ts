import { InstallerError } from "../errors/index.ts";
import { REDACTED, type Environment } from "../util/index.ts";
import { issueCleaner } from "./clean-issue.ts";
import type { ClusterSpec } from "./cluster-spec.ts";
import { checkApiVersion, convertDeprecated } from "./convert.ts";
import { type CredentialSource, NO_CREDENTIALS, resolveCredentials } from "./credentials.ts";
import { applyDefaults } from "./defaults.ts";
import type { InstallConfig } from "./install-config.ts";
import { bySeverity, type ConfigIssue, formatIssue, type IssueDraft, showValue } from "./issue.ts";
import { childPath, isWithin, type Positions } from "./positions.ts";
import { checkStructure } from "./load/structure.ts";
import { loadDocument } from "./load/yaml.ts";
import { platformsOf, shownPath } from "./platforms/registry.ts";
import { checkRules, checkWarnings } from "./rules/index.ts";
import { isUnprintablePath } from "./schema/secrets.ts";
import { toClusterSpec } from "./to-spec.ts";

export interface ParsedInstallConfig {
  readonly fileName: string;
  /** The file after conversion and defaults; absent when it cannot be read at all. */
  readonly config?: InstallConfig;
  /** Present exactly when there is no error. */
  readonly spec?: ClusterSpec;
  /** The same, where credentials that the file refers to are the references. */
  readonly referring?: ClusterSpec;
  /** Sorted by their place in the file. */
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/**
 * Reads, converts, completes and checks an install-config. Never throws: all that is wrong is in `errors`.
 * @param fileName only handed back, for those who report on many files
 * @param credentials absent: `env:NAME` and `file:PATH` are not followed, and stay in `config` and `spec` as they are
 * @param env what may allow more than the rules do
 */
export function parseInstallConfig(
  source: Uint8Array | string,
  fileName = "install-config.yaml",
  credentials?: CredentialSource,
  env: Environment = {},
): ParsedInstallConfig {
  const { data, positions, issues, ...read } = loadDocument(source);
  const clean = issueCleaner(data);
  const sorted = (list: readonly ConfigIssue[]): readonly ConfigIssue[] => inOrder(list).map(clean);
  const unreadable = issues.some((issue) => issue.kind !== "Duplicate value");
  if (unreadable) return { fileName, errors: sorted(issues), warnings: [] };
  // Another version has other keys and rules, so nothing else is said. A version that is no text is a matter of structure.
  const version = typeof (data["apiVersion"] ?? "") === "string" ? checkApiVersion((data["apiVersion"] ?? "") as string) : undefined;
  if (version !== undefined) {
    const shown = isConsequence(version, read.dropped) ? read.errors : [version];
    return { fileName, errors: sorted([...issues, ...shown.map((draft) => placed(draft, positions))]), warnings: [] };
  }

  const structure = checkStructure(data);
  const conversion = convertDeprecated(structure.raw, positions);
  const complete = platformsOf(conversion.config).reduce<InstallConfig>(
    (value, platform) => platform.applyDefaults?.(value) ?? value,
    applyDefaults(conversion.config),
  );
  const resolved = resolveCredentials(complete, credentials);
  const { config } = resolved;
  const unread = [...read.dropped, ...(config.distribution === "kubernetes" ? read.doubted : [])];
  const dropped = [...unread, ...structure.dropped];
  const shapes = structure.issues.filter(({ path }) => !unread.includes(path));
  const isOwn = (issue: IssueDraft): boolean =>
    ![issue.path, positions.writtenPath(issue.path)].some((path) => isConsequence({ ...issue, path }, dropped));
  const rules = [...conversion.errors, ...resolved.errors, ...checkRules(config, env)].filter(isOwn);
  const found = bySeverity(config.distribution, distinct([...read.errors, ...shapes, ...rules]));
  const errors = sorted([...issues, ...found.errors.map((draft) => placed(draft, positions))]);
  const warnings = sorted(
    [...read.warnings, ...conversion.warnings, ...distinct([...found.warnings, ...checkWarnings(config)])].map((draft) => placed(draft, positions)),
  );
  const spec = errors.length === 0 ? toClusterSpec(config) : undefined;
  const referring = config === complete || errors.length > 0 ? spec : toClusterSpec(complete);
  return { fileName, config, ...(spec === undefined || referring === undefined ? {} : { spec, referring }), errors, warnings };
}

/** The cluster that an install-config describes. Parameters and errors as of `loadInstallConfig`. */
export const loadClusterSpec = (...args: Parameters<typeof loadInstallConfig>): ClusterSpec => loadInstallConfig(...args).spec;

/**
 * The cluster that an install-config describes, also with references for its credentials.
 * @param fileName for the message
 * @param credentials absent: an install-config that refers to credentials is an error
 * @param onWarning gets a line for each warning
 * @param env what may allow more than the rules do
 * @throws InstallerError CONFIG_INVALID with a line for each problem
 */
export function loadInstallConfig(
  source: Uint8Array | string,
  fileName = "install-config.yaml",
  credentials: CredentialSource = NO_CREDENTIALS,
  onWarning: (warning: string) => void = () => {},
  env: Environment = {},
): { readonly spec: ClusterSpec; readonly referring: ClusterSpec } {
  const { spec, referring, errors, warnings } = parseInstallConfig(source, fileName, credentials, env);
  if (spec !== undefined && referring !== undefined) {
    for (const warning of warnings) onWarning(formatIssue(warning));
    return { spec, referring };
  }
  throw new InstallerError("CONFIG_INVALID", `${fileName} has ${errors.length} ${errors.length === 1 ? "error" : "errors"}`, {
    value: fileName,
    details: errors.map(formatIssue),
  });
}

/** What a rule says about a value that was dropped for its shape, or that is missing because of it. */
function isConsequence({ path, kind, value }: IssueDraft, dropped: readonly string[]): boolean {
  return dropped.some((gone) => isWithin(path, gone) || ((kind === "Required value" || value === "") && isWithin(gone, path)));
}

function distinct(drafts: readonly IssueDraft[]): readonly IssueDraft[] {
  const seen = new Map(drafts.map((draft) => [`${draft.path}\n${draft.kind}\n${draft.message}`, draft]));
  return [...seen.values()];
}

function placed({ path, kind, value, message, place }: IssueDraft, positions: Positions): ConfigIssue {
  const sourceOf = (part: unknown, index?: number): string | undefined =>
    positions.sourceOf(index === undefined ? path : childPath(path, index), part);
  const shown = value === undefined ? {} : { value: isUnprintablePath(path) ? REDACTED : showValue(value, sourceOf) };
  return { path: shownPath(path), kind, ...shown, message, ...(place ?? positions.find(path)) };
}

function inOrder(issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  return issues.toSorted((a, b) => a.line - b.line || a.column - b.column || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
