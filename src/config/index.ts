export type { ClusterSpec, Distribution, KvmPlatformSpec, MachinePool, MachineRole, Networking, PlatformSpec, Proxy, StaticHost, Timeouts, Vips } from "./cluster-spec.ts";
export { makeIdentity, makeInfraId, type Identity } from "./identity.ts";
export type { InstallConfig } from "./install-config.ts";
export { formatIssue, type ConfigIssue, type IssueKind } from "./issue.ts";
export { ADDRESS_OFFSETS, addressAt, macAddressOf, planMachines, type MachinePlan } from "./machine-plan.ts";
export { loadClusterSpec, parseInstallConfig, type ParsedInstallConfig } from "./parse.ts";
