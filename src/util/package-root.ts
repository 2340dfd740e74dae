import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Folder of the program: the checkout, or where the package is installed. Both have package.json and what is shipped beside the program
 * (`bin/`, `templates/`), and nothing between it and the code has one.
 */
export const PACKAGE_ROOT: string = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the program is not in its package");
  return rootAbove(parent);
}
