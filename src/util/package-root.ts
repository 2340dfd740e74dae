import { existsSync } from "node:fs";
import { dirname, extname, join } from "node:path";

/**
 * Folder of the program: the checkout, or where the package is installed. Both have package.json and what is shipped beside the program
 * (`bin/`, `templates/`), and nothing between it and the code has one.
 */
export const PACKAGE_ROOT: string = rootAbove(import.meta.dirname);

/**
 * The file that Node runs of a program, of the same kind as what is running: its source where that is source, as in a checkout, what was built of it
 * where that was built, as in an installed package.
 * @param source relative to the checkout
 * @param root of either
 */
export const programFile = (name: string, source: string, root = PACKAGE_ROOT): string =>
  extname(import.meta.filename) === ".ts" ? join(root, source) : join(root, "dist", `${name}.js`);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the program is not in its package");
  return rootAbove(parent);
}
