import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FilePart, PartContext } from "../part.ts";
import { programFile } from "../paths.ts";
import { readTextIfExists, writeFileAtomic } from "../../src/util/index.ts";

export interface CheckoutProgram {
  /** The name of the executable, and the part's id. */
  readonly name: string;
  readonly version: string;
  /** What it is, in its first line. */
  readonly what: string;
  /** Its sources in a checkout. */
  readonly main: string;
  /** The list of checkouts, a file of the cache. */
  readonly register: string;
}

/**
 * A program that runs from a checkout: the executable finds one that has it, the one set up last first, and starts it with that
 * checkout's Node. The list is read on descriptor 3: standard input is the engine's pipe, whose end shows that the engine is gone.
 */
export function checkoutProgram({ name, version, what, main, register }: CheckoutProgram): FilePart {
  const wrapper = `#!/bin/sh
# ${what}, installed by virt-ipi's set-up.
register="$(dirname "$0")/../${register}"
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-$(dirname "$0")/../node}"
if [ -r "$register" ]; then
  while IFS='|' read -r node main <&3; do
    if [ -x "$node" ] && [ -f "$main" ]; then exec "$node" "$main" "$@" 3<&-; fi
  done 3<"$register"
fi
echo "${name}: the virt-ipi that brought it is gone; run 'virt-ipi setup' of another" >&2
exit 1
`;
  return {
    kind: "files",
    id: name,
    version,
    needs: [],
    inputs: [],
    recipe: wrapper,
    expose: "bin",
    build: async (_context, into) => {
      await writeFile(join(into, name), wrapper);
      await chmod(join(into, name), 0o755);
    },
    register: (context) => registerCheckout(context, register, programFile(name, main, context.root)),
  };
}

/** Puts this checkout and its Node first in the list, and takes out those that are gone. */
async function registerCheckout(context: PartContext, register: string, main: string): Promise<void> {
  const path = join(context.cacheDir, register);
  const own = `${process.execPath}|${main}`;
  const old = (await readTextIfExists(path)) ?? "";
  const others = old.split("\n").filter((line) => line !== own && line.split("|").every((file) => file !== "" && existsSync(file)));
  const text = `${[own, ...others].join("\n")}\n`;
  if (text !== old) await writeFileAtomic(path, text, 0o644);
}
