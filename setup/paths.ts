import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder as cacheFolderOf, type Environment, PACKAGE_ROOT } from "../src/util/index.ts";

/** The checkout, or the installed package. */
export const ROOT = PACKAGE_ROOT;

/** The folder where parts are kept. */
export const cacheFolder = (env: Environment = process.env): string => cacheFolderOf(env);

/**
 * The file that Node runs of a program: its source in a checkout, what was built of it in an installed package.
 * @param source relative to the checkout
 * @param root of either
 */
export const programFile = (name: string, source: string, root = ROOT): string =>
  existsSync(join(root, "src")) ? join(root, source) : join(root, "dist", `${name}.js`);
