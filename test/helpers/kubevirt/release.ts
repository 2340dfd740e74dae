import { supplied } from "../supplied.ts";

/** Of set-up's parts. */
const PARTS = { "v1.6.0": "kubevirt-1.6", "v1.7.0": "kubevirt" } as const;
export type Version = keyof typeof PARTS;
export const VERSION = "v1.7.0" satisfies Version;

/** With which a release is installed, in its folder. */
export const MANIFEST = "kubevirt-operator.yaml";

/** Where set-up's part keeps a release. @throws Error where it is missing */
export const releaseFolder = (version: Version): string => supplied(`kubevirt-${version}`, PARTS[version]);
