import { explain } from "../config/index.ts";
import type { CommandModule } from "./command.ts";
import { usage } from "./invocation.ts";
import { explanationText } from "./render/explain.ts";
import { nearest } from "./suggest.ts";

/** `openshift-install explain` begins paths with the name of the file, and others write indices as keys. */
const asOurs = (path: string): string => path.replace(/^install-?config(?:\.|$)/i, "").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]");

export const run: CommandModule["run"] = async ({ args, result }) => {
  const path = asOurs(args[0] ?? "");
  const field = explain(path);
  if (field === undefined) throw unknownField(path);
  result({ field }, ({ field: shown }) => explanationText(shown));
  return await Promise.resolve(undefined);
};

function unknownField(path: string): Error {
  const keys = path.split(".");
  // The longest beginning that there is; at the latest the file as a whole.
  let depth = keys.length - 1;
  while (explain(keys.slice(0, depth).join(".")) === undefined) depth--;
  const parent = keys.slice(0, depth).join(".");
  const near = nearest(keys[depth] ?? "", explain(parent)?.children.map(({ key }) => key) ?? []);
  const list = `\`virt-ipi explain${parent === "" ? "" : ` ${parent}`}\` lists the fields there.`;
  const meant = [...keys.slice(0, depth), near, ...keys.slice(depth + 1)].join(".");
  return usage(`the install-config has no field ${path}`, path, near === undefined ? list : `Did you mean ${meant}? ${list}`);
}
