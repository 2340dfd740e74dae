import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { supplied } from "../supplied.ts";

/**
 * @plays what the operator of network addons deploys: multus, the bridge plugin and its marker, kubemacpool
 * @contract their pods are there, and ready
 * @because they are published as images only, and change the network of nodes
 * @real no test here
 */

export const NETWORK_ADDONS_VERSION = "v0.97.0";
const PROGRAM = "cluster-network-addons-operator";

/** Where set-up's part keeps the release. @throws Error where it is missing */
const folder = (): string => supplied(`network-addons-${NETWORK_ADDONS_VERSION}`, "network-addons");

/** With which the release is installed, in their order. */
export const networkAddonsManifests = (): Promise<readonly string[]> =>
  Promise.all(["namespace.yaml", "network-addons-config.crd.yaml", "operator.yaml"].map((name) => readFile(join(folder(), name), "utf8")));

/** What an image runs: what the operator deploys is played. */
export const networkAddonsProgram = (image: string): string | undefined => (image.includes(`/${PROGRAM}:`) ? join(folder(), PROGRAM) : undefined);
