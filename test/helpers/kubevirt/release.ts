import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { supplied } from "../supplied.ts";

/** Of set-up's parts. */
const PARTS = { "v1.6.0": "kubevirt-1.6", "v1.7.0": "kubevirt" } as const;
type Built = keyof typeof PARTS;
export const VERSION = "v1.7.0" satisfies Built;

/** The programs of `VERSION` under an older name: by it they know what is to be deployed, and another release takes minutes to build. */
export const RENAMED = "v1.6.99";
export type Version = Built | typeof RENAMED;

/** Whose programs are run for the images of a release. */
export const buildOf = (version: string): string => (version === RENAMED ? VERSION : version);

/** Where set-up's part keeps a release. @throws Error where it is missing */
export const releaseFolder = (version: Built): string => supplied(`kubevirt-${version}`, PARTS[version]);

/** The manifest with which a release is installed. @throws Error where its part is missing */
export async function releaseManifest(version: Version): Promise<string> {
  const built = version === RENAMED ? VERSION : version;
  return (await readFile(join(releaseFolder(built), "kubevirt-operator.yaml"), "utf8")).replaceAll(built, version);
}
