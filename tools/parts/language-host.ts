import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Part, PartContext } from "../setup/part.ts";
import { readTextIfExists, writeFileAtomic } from "../../src/util/index.ts";

const NAME = "pulumi-language-nodejs";
const REGISTER = "language-host.checkouts";

/**
 * Finds a checkout that has a language host, the one set up last first, and starts it with that checkout's Node.
 * The list is read on descriptor 3: standard input is the engine's pipe, whose end tells the host that the engine is gone.
 */
const WRAPPER = `#!/bin/sh
# Pulumi's language host for nodejs, installed by virt-ipi's set-up.
register="$(dirname "$0")/../${REGISTER}"
if [ -r "$register" ]; then
  while IFS='|' read -r node main <&3; do
    if [ -x "$node" ] && [ -f "$main" ]; then exec "$node" "$main" "$@" 3<&-; fi
  done 3<"$register"
fi
echo "${NAME}: no checkout of virt-ipi is left; run 'npm run setup' in one" >&2
exit 1
`;

/** Lets plain `pulumi up` run programs of runtime nodejs; the Automation API does without. */
export const languageHost: Part = {
  kind: "files",
  id: NAME,
  version: "3.230.0",
  needs: [],
  inputs: [],
  recipe: WRAPPER,
  expose: "bin",
  build: async (_context, into) => {
    await writeFile(join(into, NAME), WRAPPER);
    await chmod(join(into, NAME), 0o755);
  },
  register: registerCheckout,
};

/** Puts this checkout and its Node first in the wrapper's list, and takes out those that are gone. */
async function registerCheckout(context: PartContext): Promise<void> {
  const path = join(context.cacheDir, REGISTER);
  const own = `${process.execPath}|${join(context.root, "tools/language-host/main.ts")}`;
  const old = (await readTextIfExists(path)) ?? "";
  const others = old.split("\n").filter((line) => line !== own && line.split("|").every((file) => file !== "" && existsSync(file)));
  const text = `${[own, ...others].join("\n")}\n`;
  if (text !== old) await writeFileAtomic(path, text, 0o644);
}
