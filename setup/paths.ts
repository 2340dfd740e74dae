import { cacheFolder as cacheFolderOf, type Environment, PACKAGE_ROOT } from "../src/util/index.ts";

/** The checkout, or the installed package. */
export const ROOT = PACKAGE_ROOT;

/** The folder where parts are kept. */
export const cacheFolder = (env: Environment = process.env): string => cacheFolderOf(env);
