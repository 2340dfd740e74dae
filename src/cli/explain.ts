import { explain } from "../config/index.ts";
import { CATALOGUE, type ErrorId, EXIT } from "../errors/index.ts";
import type { CommandModule } from "./command.ts";
import { usage } from "./invocation.ts";
import { errorExplanationText, explanationText, type ExplainedError } from "./render/explain.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** `openshift-install explain` begins paths with the name of the file, and others write indices as keys. */
const asOurs = (path: string): string => path.replace(/^install-?config(?:\.|$)/i, "").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]");

/** What ids of errors look like; no key of the install-config does. */
const ERROR_ID = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

export const run: CommandModule["run"] = async ({ args, result }) => {
  const [given = ""] = args;
  if (ERROR_ID.test(given) || given in CATALOGUE) {
    result({ error: errorOf(given) }, ({ error }) => errorExplanationText(error));
    return undefined;
  }
  const path = asOurs(given);
  const field = explain(path);
  if (field === undefined) throw unknownField(path);
  result({ field }, ({ field: shown }) => explanationText(shown));
  return await Promise.resolve(undefined);
};

/** What is known of an error of any command. @throws InstallerError USAGE for an id that there is not */
function errorOf(id: string): ExplainedError {
  const entry = CATALOGUE[id as ErrorId] as (typeof CATALOGUE)[ErrorId] | undefined;
  const near = nearest(id, Object.keys(CATALOGUE));
  if (entry === undefined)
    throw usage(
      `there is no error ${id}`,
      id,
      near === undefined ? "An error begins with its id: `Error CONFIG_INVALID: …`." : `Did you mean \`virt-ipi explain ${near}\`?`,
    );
  return { id, title: entry.title, exit: entry.exit, exitCode: EXIT[entry.exit], advice: entry.advice };
}

function unknownField(path: string): Error {
  const keys = path.split(".");
  // The longest beginning that there is; at the latest the file as a whole.
  let depth = keys.length - 1;
  while (explain(keys.slice(0, depth).join(".")) === undefined) depth--;
  const parent = keys.slice(0, depth).join(".");
  const near = nearest(keys[depth] ?? "", explain(parent)?.children.map(({ key }) => key) ?? []);
  const list = `\`virt-ipi explain${parent === "" ? "" : ` ${parent}`}\` lists the fields there.`;
  const meant = [...keys.slice(0, depth), near, ...keys.slice(depth + 1)].join(".");
  return usage(`the install-config has no field ${path}`, path, didYouMean(near && meant, list));
}
