import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { programFile, readTextIfExists, writeFileAtomic } from "../../src/util/index.ts";
import type { FilePart, PartContext } from "../part.ts";

const NAME = "pulumi-language-nodejs";
/** The list of those that have it, a file of the cache. */
const REGISTER = "language-host.checkouts";

const WRAPPER = `#!/bin/sh
# Pulumi's language host for nodejs, installed by virt-ipi's set-up.
register="$(dirname "$0")/../${REGISTER}"
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-$(dirname "$0")/../node}"
if [ -r "$register" ]; then
  while IFS='|' read -r node main <&3; do
    if [ -x "$node" ] && [ -f "$main" ]; then exec "$node" "$main" "$@" 3<&-; fi
  done 3<"$register"
fi
echo "${NAME}: the virt-ipi that brought it is gone; run 'virt-ipi setup' of another" >&2
exit 1
`;

/**
 * Lets plain `pulumi up` run programs of runtime nodejs; the Automation API does without. The executable finds a virt-ipi that has the program,
 * the one set up last first, and starts it with that one's Node. The list is read on descriptor 3: standard input is the engine's pipe, whose end shows that the engine is gone.
 */
export const languageHost: FilePart = {
  kind: "files",
  id: NAME,
  version: "3.276.0",
  needs: [],
  inputs: [],
  recipe: WRAPPER,
  expose: "bin",
  build: async (_context, into) => {
    await writeFile(join(into, NAME), WRAPPER);
    await chmod(join(into, NAME), 0o755);
  },
  register,
};

/** Puts this virt-ipi and its Node first in the list, and takes out those that are gone. */
async function register({ cacheDir, root }: PartContext): Promise<void> {
  const path = join(cacheDir, REGISTER);
  const own = `${process.execPath}|${programFile(NAME, "plugins/language-host/main.ts", root)}`;
  const old = (await readTextIfExists(path)) ?? "";
  const others = old.split("\n").filter((line) => line !== own && line.split("|").every((file) => file !== "" && existsSync(file)));
  const text = `${[own, ...others].join("\n")}\n`;
  if (text !== old) await writeFileAtomic(path, text, 0o644);
}
