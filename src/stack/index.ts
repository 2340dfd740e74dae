export { clusterFolder, type ClusterFolder } from "./cluster-folder.ts";
export { openStack, type DriverOptions, type StackDriver, type Step, type UpdateResult } from "./driver.ts";
export { passphraseOf, pulumiEnvironment, stackOf, type Env } from "./environment.ts";
export { readJsonIfExists } from "./json-file.ts";
export { bootstrapIsComplete, loadCluster, prepareCluster, readCluster, readIdentity, type PrepareOptions, type PreparedCluster } from "./prepare.ts";
