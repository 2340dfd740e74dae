import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, unsupported } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { BASELINE_SETS, capabilitiesOf, type Capability } from "../schema/capability-names.ts";

const PATH = "capabilities.additionalEnabledCapabilities";

export function capabilityRules(config: InstallConfig): readonly IssueDraft[] {
  const { capabilities } = config;
  if (capabilities === undefined) return [];
  const { baselineCapabilitySet, additionalEnabledCapabilities = [] } = capabilities;
  if (baselineCapabilitySet === undefined) return [unsupported("capabilities.baselineCapabilitySet", "", BASELINE_SETS)];
  const enabled = new Set<Capability>([...capabilitiesOf(baselineCapabilitySet), ...additionalEnabledCapabilities]);
  const platforms = new Set(platformsOf(config).map(({ name }) => name));
  const issues: IssueDraft[] = [];
  const lacking = (message: string): number => issues.push(invalid(PATH, additionalEnabledCapabilities, message));
  if (enabled.has("marketplace") && additionalEnabledCapabilities.includes("marketplace") && !enabled.has("OperatorLifecycleManager")) lacking("capability marketplace needs OperatorLifecycleManager");
  if (platforms.has("baremetal") && !enabled.has("baremetal")) lacking("platform baremetal needs capability baremetal");
  const bare = platforms.has("none") || platforms.has("baremetal");
  if (!enabled.has("CloudCredential") && !bare) lacking("CloudCredential can be left out on platforms none and baremetal only");
  const ownController = config.platform?.external !== undefined && config.platform.external.cloudControllerManager !== "External";
  if (!enabled.has("CloudControllerManager") && !bare && !ownController) lacking("CloudControllerManager can be left out on platforms none, baremetal, and external without a cloud controller manager, only");
  if (!enabled.has("Ingress")) lacking("capability Ingress cannot be left out");
  return issues;
}
