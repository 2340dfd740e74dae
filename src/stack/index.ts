export { credentialSource } from "./credentials.ts";
export { callerOf, closeFolder, guardFolder } from "./guard-folder.ts";
export { clusterFolder, type ClusterFolder } from "./cluster-folder.ts";
export { openStack, type DriverOptions, type StackDriver, type Step, type UpdateResult } from "./driver.ts";
export { passphraseOf, pulumiEnvironment, stackOf } from "./environment.ts";
export { readJsonIfExists } from "./json-file.ts";
export { foreignSettings } from "./stack-settings.ts";
export { forgetAssets } from "./saved-assets.ts";
export { findCluster, type FoundCluster, identityToWriteWith, knownIdentity, readIdentity } from "./identity.ts";
export { loadCluster, type LoadedCluster } from "./load-cluster.ts";
export { bootstrapIsComplete, prepareAssets, prepareCluster, type PreparedAssets, type PreparedCluster, type PrepareOptions } from "./prepare.ts";
export { projectSettings } from "./project-settings.ts";
export { readCluster, type OnWarning, type ReadCluster } from "./read-cluster.ts";

import type { clusterProgram as ClusterProgram, imageOf as ImageOf } from "./program.ts";

/** The program, loaded when it is first run: Pulumi's SDK takes a second to load. */
export const clusterProgram = async (...options: Parameters<typeof ClusterProgram>): ReturnType<typeof ClusterProgram> =>
  await (await import("./program.ts")).clusterProgram(...options);
export const imageOf = async (...options: Parameters<typeof ImageOf>): ReturnType<typeof ImageOf> =>
  await (await import("./program.ts")).imageOf(...options);
