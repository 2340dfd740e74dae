import { parseDuration } from "../duration.ts";
import type { InstallConfig } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";

const SHORTEST = 60_000;
const LONGEST = 24 * 3_600_000;
const KUBERNETES_PLATFORMS: readonly string[] = ["kvm", "vsphere"];

/** Our own keys: timeouts, distribution, and what is reserved; virtualization has rules of its own. */
export function extensionRules(config: InstallConfig): readonly IssueDraft[] {
  return [...timeoutRules(config), ...reservedRules(config), ...(config.distribution === "kubernetes" ? kubernetesRules(config) : [])];
}

function timeoutRules({ timeouts }: InstallConfig): readonly IssueDraft[] {
  return Object.entries(timeouts).flatMap(([key, text]) => {
    const path = `timeouts.${key}`;
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined) return [invalid(path, text, "must be a duration, such as 45m or 1h30m")];
    return milliseconds < SHORTEST || milliseconds > LONGEST ? [invalid(path, text, "must be between 1m and 24h")] : [];
  });
}

function reservedRules(config: InstallConfig): readonly IssueDraft[] {
  const value = config.machineManagement;
  const isOff = value === undefined || Object.keys(value).length === 0 || value["enabled"] === false;
  return isOff ? [] : [forbidden("machineManagement", "is not yet supported by this version; remove it, or set enabled: false")];
}

/** Better an error than a key that does nothing: these are features of OpenShift. */
function kubernetesRules(config: InstallConfig): readonly IssueDraft[] {
  const used: readonly (readonly [string, boolean])[] = [
    ["fips", config.fips],
    ["capabilities", config.capabilities !== undefined],
    ["featureSet", config.featureSet !== ""],
    ["cpuPartitioningMode", config.cpuPartitioningMode !== "None"],
    ["bootstrapInPlace", config.bootstrapInPlace !== undefined],
    ["imageDigestSources", (config.imageDigestSources ?? []).length > 0],
    ["imageContentSources", (config.imageContentSources ?? []).length > 0],
    ["controlPlane.fencing", config.controlPlane.fencing !== undefined],
    ["arbiter", config.arbiter !== undefined],
  ];
  const foreign = platformsOf(config).filter(({ name }) => !KUBERNETES_PLATFORMS.includes(name));
  return [
    ...foreign.map(({ name }) => invalid("distribution", "kubernetes", `cannot run on platform ${name}; use openshift or okd there`)),
    ...used.filter(([, isUsed]) => isUsed).map(([path]) => forbidden(path, "is a feature of OpenShift, not of distribution kubernetes")),
  ];
}
