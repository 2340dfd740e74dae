export { explainApiError } from "./api-error.ts";
export { BOOTSTRAP_STATUSES, waitForBootstrapComplete, type BootstrapStatus } from "./bootstrap-complete.ts";
export { connectKube, type KubeClient, type KubeClientFactory, type KubeClientOptions } from "./client.ts";
export { waitForInstallComplete } from "./install-complete.ts";
export { judgeCsr, type CsrPolicy, type CsrVerdict } from "./csr-approval.ts";
export { approvePendingCsrs, type CsrRound } from "./csr-stage.ts";
export { summarizeNodes, type NodeSummary } from "./nodes.ts";
export { gatherResources } from "./resources.ts";
export type { ConsoleSign, WaitOptions, WaitReport, WaitResult } from "./wait.ts";
