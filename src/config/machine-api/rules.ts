import { parseDuration } from "../../util/index.ts";
import { enabledCapabilities } from "../fields/capability-names.ts";
import type { InstallConfig, Pool } from "../install-config.ts";
import { forbidden, invalid, type IssueDraft, required } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { PLATFORMS } from "../platforms/supported.ts";

/** In less a kubelet that restarts would be taken for lost, as OpenShift's own recommendation has it, and no pod moves. */
const SHORTEST_MS = 60_000;

/** machineManagement, and the keys of pools that only MachineSets give a meaning. */
export function machineApiRules(config: InstallConfig): readonly IssueDraft[] {
  const ofPool = (pool: Pool, path: string): readonly IssueDraft[] => [
    ...healthRules(config, pool, `${path}.healthCheck`),
    ...drainRules(config, pool, `${path}.drainTimeout`),
    ...autoscalingRules(config, pool, path),
  ];
  return [...managementRules(config), ...controlPlaneRules(config), ...config.compute.flatMap((pool, index) => ofPool(pool, `compute[${index}]`))];
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

/** How many machines a ControlPlaneMachineSet may have. Source: the definition of its kind, spec.replicas. */
const CONTROL_PLANES: ReadonlySet<number> = new Set([3, 5]);

/** Of a distribution that has the key: the table of effects refuses it elsewhere. */
function controlPlaneRules({ controlPlane, distribution, ...config }: InstallConfig): readonly IssueDraft[] {
  if (controlPlane.machineSet === undefined || distribution === "kubernetes") return [];
  const path = "controlPlane.machineSet";
  const issues = platformsOf(config).flatMap(({ name, hasControlPlaneMachineSet = false }) =>
    hasControlPlaneMachineSet
      ? []
      : [forbidden(path, `is not possible on platform ${name}, whose control-plane machines OpenShift does not replace`)],
  );
  if (issues.length > 0) return issues;
  if (!CONTROL_PLANES.has(controlPlane.replicas)) issues.push(forbidden(path, "is only possible with 3 or 5 control-plane machines"));
  if (!enabledCapabilities(config).has("MachineAPI")) issues.push(forbidden(path, "needs capability MachineAPI"));
  return issues;
}

function drainRules({ machineManagement }: InstallConfig, { drainTimeout }: Pool, path: string): readonly IssueDraft[] {
  if (drainTimeout === undefined) return [];
  const others = machineManagement === "MachineSets" ? [] : [forbidden(path, ONLY_MACHINE_SETS)];
  return [...others, ...durationIssues(drainTimeout, path)];
}

const ONLY_MACHINE_SETS = "is only possible with machineManagement: MachineSets";

function durationIssues(text: string | undefined, path: string): readonly IssueDraft[] {
  const milliseconds = text === undefined ? SHORTEST_MS : parseDuration(text);
  if (milliseconds === undefined) return [invalid(path, text, "must be a duration, such as 5m or 1h30m")];
  return milliseconds < SHORTEST_MS ? [invalid(path, text, "must be at least 1m")] : [];
}

function healthRules({ machineManagement }: InstallConfig, { healthCheck }: Pool, path: string): readonly IssueDraft[] {
  if (healthCheck === undefined) return [];
  const issues: IssueDraft[] = [];
  if (machineManagement !== "MachineSets") issues.push(forbidden(path, ONLY_MACHINE_SETS));
  for (const key of ["nodeStartupTimeout", "unhealthyTimeout"] as const) issues.push(...durationIssues(healthCheck[key], `${path}.${key}`));
  const { maxUnhealthy } = healthCheck;
  if (maxUnhealthy !== undefined && !/^(?:\d{1,4}|(?:\d{1,2}|100)%)$/.test(maxUnhealthy))
    issues.push(invalid(`${path}.maxUnhealthy`, maxUnhealthy, 'must be a number or a percentage, such as "2" or "40%"'));
  return issues;
}

/** The most that the annotations of a MachineSet are meant for; a number beyond it is a slip of the hand. */
const MOST_MACHINES = 10_000;

function autoscalingRules({ machineManagement }: InstallConfig, { autoscaling, replicas }: Pool, pool: string): readonly IssueDraft[] {
  if (autoscaling === undefined) return [];
  const path = `${pool}.autoscaling`;
  const issues: IssueDraft[] = [];
  if (machineManagement !== "MachineSets") issues.push(forbidden(path, ONLY_MACHINE_SETS));
  const { minReplicas: min, maxReplicas: max } = autoscaling;
  if (min === undefined) issues.push(required(`${path}.minReplicas`, "give the fewest machines of the pool"));
  if (max === undefined) issues.push(required(`${path}.maxReplicas`, "give the most machines of the pool"));
  if (min !== undefined && min < 0) issues.push(invalid(`${path}.minReplicas`, min, "must not be negative"));
  if (max !== undefined && (max < 1 || max > MOST_MACHINES))
    issues.push(invalid(`${path}.maxReplicas`, max, `must be a number from 1 to ${MOST_MACHINES}`));
  if (min !== undefined && max !== undefined && min > max)
    issues.push(invalid(`${path}.minReplicas`, min, `must not be more than maxReplicas, which is ${max}`));
  else if ((min !== undefined && replicas < min) || (max !== undefined && replicas > max))
    issues.push(invalid(`${pool}.replicas`, replicas, `must be within the bounds of autoscaling, ${min ?? 0} to ${max ?? "any"}`));
  return issues;
}
