import { at, conditionOf, numberAt } from "./fields.ts";

/**
 * Why a Deployment is not available, or not yet as new as it was asked for; undefined when it is.
 * @param name as people know it: `kube-system/coredns`
 */
export function deploymentReason(name: string, deployment: object | undefined): string | undefined {
  if (deployment === undefined) return `Deployment ${name} does not exist yet`;
  const available = conditionOf(deployment, "Available");
  const current = numberAt(deployment, "status", "observedGeneration") >= numberAt(deployment, "metadata", "generation");
  if (available?.status === "True" && current) return undefined;
  const wanted = at(deployment, "spec", "replicas") === undefined ? 1 : numberAt(deployment, "spec", "replicas");
  const said = available?.message ?? "";
  return `Deployment ${name} is not available: ${numberAt(deployment, "status", "availableReplicas")} of ${wanted} pods available${said === "" ? "" : ` (${said})`}`;
}
