export { BOOTSTRAP_STATUSES, waitForBootstrapComplete, type BootstrapStatus } from "./observe/bootstrap-complete.ts";
export { waitForInstallComplete } from "./observe/install-complete.ts";
export { consoleUrl } from "./observe/openshift-install.ts";
export { approvePendingCsrs, type CsrRound } from "./observe/csr-stage.ts";
export { clusterMachineOf, type ClusterMachine } from "./observe/machine.ts";
export { readNodes, summarizeNodes, type NodeSummary } from "./observe/nodes.ts";
export { reachMilestone, type Milestone } from "./resources/milestone.ts";
export type { WaitInputs as WaitArguments } from "./resources/wait-inputs.ts";
