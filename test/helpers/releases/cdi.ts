import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { supplied } from "../supplied.ts";

/**
 * @plays cdi-importer, cdi-cloner and cdi-uploadserver, beside CDI's own operator
 * @contract their pods are there; no disk is imported
 * @because they need libnbd's Go module, which is not available, and volumes
 * @real no test here
 */

export const CDI_VERSION = "v1.64.0";

/** Where set-up's part keeps the release. @throws Error where it is missing */
const folder = (): string => supplied(`cdi-${CDI_VERSION}`, "cdi");

/** With which the release is installed. */
export const cdiManifest = (): Promise<string> => readFile(join(folder(), "cdi-operator.yaml"), "utf8");

/** What an image of the release runs. */
export const cdiProgram = (image: string): string => join(folder(), /([^/:]+):[^/:]+$/.exec(image)?.[1] ?? "");
