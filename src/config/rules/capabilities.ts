import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, unsupported } from "../issue.ts";
import { openshiftNameOf, platformsOf } from "../platforms/registry.ts";
import { BASELINE_SETS, enabledCapabilities, NEWER_CAPABILITIES } from "../fields/capability-names.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";

const ADDITIONAL = "capabilities.additionalEnabledCapabilities";

export function capabilityRules(config: InstallConfig): readonly IssueDraft[] {
  const { capabilities } = config;
  if (capabilities === undefined) return [];
  const { baselineCapabilitySet, additionalEnabledCapabilities = [] } = capabilities;
  if (baselineCapabilitySet === undefined) return [unsupported("capabilities.baselineCapabilitySet", "", BASELINE_SETS)];
  const enabled = enabledCapabilities(config);
  const platforms = new Set(platformsOf(config).map(openshiftNameOf));
  const issues: IssueDraft[] = [];
  if (enabled.has("marketplace") && !enabled.has("OperatorLifecycleManager"))
    issues.push(invalid(ADDITIONAL, additionalEnabledCapabilities, "capability marketplace needs OperatorLifecycleManager"));
  if (platforms.has("baremetal") && !enabled.has("baremetal"))
    issues.push(invalid(ADDITIONAL, additionalEnabledCapabilities, "platform baremetal needs capability baremetal"));
  const { version } = releaseOf(config);
  if (!contractOf(version).newerCapabilities)
    for (const [index, name] of additionalEnabledCapabilities.entries())
      if (NEWER_CAPABILITIES.has(name)) issues.push(invalid(`${ADDITIONAL}[${index}]`, name, `is not in version ${version}`));
  const missing = (message: string): number => issues.push(invalid("capabilities", baselineCapabilitySet, message));
  const bare = platforms.has("none") || platforms.has("baremetal");
  if (!enabled.has("CloudCredential") && !bare) missing("CloudCredential can be left out on platforms none and baremetal only");
  const ownController = config.platform?.external !== undefined && config.platform.external.cloudControllerManager !== "External";
  if (!enabled.has("CloudControllerManager") && !bare && !ownController)
    missing("CloudControllerManager can be left out on platforms none, baremetal, and external without a cloud controller manager, only");
  if (!enabled.has("Ingress")) missing("capability Ingress cannot be left out");
  return issues;
}
