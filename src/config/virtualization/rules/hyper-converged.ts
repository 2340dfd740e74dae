import type { RawVirtualization } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../../issue.ts";

const AT = "virtualization.hyperConverged";

/** Groups of hco.kubevirt.io/v1, which orders the fields of v1beta1 differently. */
const V1_GROUPS: readonly string[] = ["virtualization", "storage", "networking", "workloadSources", "security", "deployment", "observability"];

/** Fields that have a key of their own beside hyperConverged, since plain KubeVirt has them too. */
const ELSEWHERE = {
  liveMigrationConfig: "virtualization.liveMigration",
  enableCommonBootImageImport: "virtualization.bootSources.enabled",
  uninstallStrategy: "virtualization.uninstallStrategy",
} as const;

/** Gates that HCO takes and ignores. Source: api/v1beta1/hyperconverged_types.go at v1.18.1 */
const IGNORED_GATES: ReadonlySet<string> = new Set([
  "withHostPassthroughCPU",
  "enableCommonBootImageImport",
  "deployTektonTaskResources",
  "deployVmConsoleProxy",
  "deployKubevirtIpamController",
  "nonRoot",
  "enableManagedTenantQuota",
  "autoResourceLimits",
  "enableApplicationAwareQuota",
  "primaryUserDefinedNetworkBinding",
]);

export function hyperConvergedRules({ hyperConverged }: RawVirtualization): readonly IssueDraft[] {
  if (hyperConverged === undefined) return [];
  const issues: IssueDraft[] = [];
  for (const key of V1_GROUPS)
    if (key in hyperConverged) issues.push(forbidden(`${AT}.${key}`, "is a group of hco.kubevirt.io/v1; the spec here is v1beta1"));
  for (const [key, path] of Object.entries(ELSEWHERE)) if (key in hyperConverged) issues.push(forbidden(`${AT}.${key}`, `give it as ${path}`));
  for (const gate of Object.keys(hyperConverged.featureGates ?? {}))
    if (IGNORED_GATES.has(gate)) issues.push(forbidden(`${AT}.featureGates.${gate}`, "does nothing: the operator ignores this gate"));
  const { rangeStart, rangeEnd } = hyperConverged.kubeMacPoolConfiguration ?? {};
  if ((rangeStart === undefined) !== (rangeEnd === undefined))
    issues.push(invalid(`${AT}.kubeMacPoolConfiguration`, rangeStart ?? rangeEnd, "give both rangeStart and rangeEnd, or none"));
  const percentage = hyperConverged.higherWorkloadDensity?.memoryOvercommitPercentage;
  if (percentage !== undefined && percentage < 10)
    issues.push(invalid(`${AT}.higherWorkloadDensity.memoryOvercommitPercentage`, percentage, "must be at least 10"));
  return issues;
}
