import { resolve } from "node:path";
import { cacheFolder as cacheFolderOf, type Environment } from "../src/util/index.ts";

/** The checkout that this file belongs to. */
export const ROOT = resolve(import.meta.dirname, "..");

/** The folder where parts are kept. */
export const cacheFolder = (env: Environment = process.env): string => cacheFolderOf(env);
