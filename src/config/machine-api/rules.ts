import { parseDuration } from "../../util/index.ts";
import type { InstallConfig, Pool } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { PLATFORMS } from "../platforms/supported.ts";

/** The shortest time in which a kubelet that restarts is not taken for lost, as in OpenShift's own recommendation. */
const SHORTEST_MS = 60_000;

/** machineManagement, and the keys of pools that only MachineSets give a meaning. */
export function machineApiRules(config: InstallConfig): readonly IssueDraft[] {
  return [...managementRules(config), ...config.compute.flatMap((pool, index) => healthRules(config, pool, `compute[${index}].healthCheck`))];
}

function managementRules({ machineManagement, distribution, ...config }: InstallConfig): readonly IssueDraft[] {
  if (machineManagement !== "MachineSets") return [];
  const path = "machineManagement";
  if (distribution !== "kubernetes")
    return [forbidden(path, `MachineSets of distribution ${distribution} are created by its own operators; leave it out`)];
  const able = PLATFORMS.flatMap(({ name, hasMachineSets = false }) => (hasMachineSets ? [name] : []));
  return platformsOf(config).flatMap(({ name, hasMachineSets = false }) =>
    hasMachineSets ? [] : [forbidden(path, `MachineSets are not possible on platform ${name}, only on ${able.join(", ")}`)],
  );
}

function healthRules({ machineManagement }: InstallConfig, { healthCheck }: Pool, path: string): readonly IssueDraft[] {
  if (healthCheck === undefined) return [];
  const issues: IssueDraft[] = [];
  if (machineManagement !== "MachineSets") issues.push(forbidden(path, "is only possible with machineManagement: MachineSets"));
  for (const key of ["nodeStartupTimeout", "unhealthyTimeout"] as const) {
    const text = healthCheck[key];
    const milliseconds = text === undefined ? SHORTEST_MS : parseDuration(text);
    if (milliseconds === undefined) issues.push(invalid(`${path}.${key}`, text, "must be a duration, such as 5m or 1h30m"));
    else if (milliseconds < SHORTEST_MS) issues.push(invalid(`${path}.${key}`, text, "must be at least 1m"));
  }
  const { maxUnhealthy } = healthCheck;
  if (maxUnhealthy !== undefined && !/^(?:\d{1,4}|(?:\d{1,2}|100)%)$/.test(maxUnhealthy))
    issues.push(invalid(`${path}.maxUnhealthy`, maxUnhealthy, 'must be a number or a percentage, such as "2" or "40%"'));
  return issues;
}
