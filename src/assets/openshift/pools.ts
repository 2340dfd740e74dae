import type { InstallConfig } from "../../config/index.ts";

/** All pools of machines: the control plane, arbiters where there are some, and those that run workloads. */
export const openshiftPools = ({ controlPlane, arbiter, compute }: Pick<InstallConfig, "controlPlane" | "arbiter" | "compute">) => [
  controlPlane,
  ...(arbiter === undefined ? [] : [arbiter]),
  ...compute,
];
