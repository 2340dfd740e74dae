import type { InstallConfig } from "../install-config.ts";
import { forbidden, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { effectRules, effectWarnings } from "../effects/index.ts";
import { releaseRules } from "../openshift/release.ts";
import { isInstallable } from "../rendered-distributions.ts";
import { capabilityRules } from "./capabilities.ts";
import { credentialRules, trustBundleWarnings } from "./credentials.ts";
import { extensionRules } from "./extensions.ts";
import { featureRules } from "./features.ts";
import { machineApiRules } from "../machine-api/rules.ts";
import { identityRules } from "./identity.ts";
import { mirrorRules } from "./mirrors.ts";
import { networkingRules, networkingWarnings } from "./networking.ts";
import { platformRules } from "./platform.ts";
import { poolRules } from "./pools.ts";
import { proxyRules } from "./proxy.ts";
import { publishRules } from "./publish.ts";
import { vipRules } from "./vips.ts";
import { virtualizationRules, virtualizationWarnings } from "../virtualization/rules/index.ts";
import type { Environment } from "../../util/index.ts";

const RULES: readonly ((config: InstallConfig, env: Environment) => readonly IssueDraft[])[] = [
  effectRules,
  identityRules,
  credentialRules,
  networkingRules,
  poolRules,
  platformRules,
  vipRules,
  proxyRules,
  mirrorRules,
  publishRules,
  capabilityRules,
  featureRules,
  releaseRules,
  extensionRules,
  machineApiRules,
  virtualizationRules,
];

/** Everything that is wrong, not only the first thing. */
export const checkRules = (config: InstallConfig, env: Environment): readonly IssueDraft[] => RULES.flatMap((rules) => rules(config, env));

/** What is allowed, but should be known. */
export function checkWarnings(config: InstallConfig): readonly IssueDraft[] {
  const fips = config.fips ? [forbidden("fips", "the host that runs virt-ipi must be in FIPS mode too, which is not checked here")] : [];
  const ofPlatforms = platformsOf(config).flatMap((platform) => platform.warnings?.(config) ?? []);
  return [
    ...distributionWarnings(config),
    ...effectWarnings(config),
    ...trustBundleWarnings(config),
    ...networkingWarnings(config),
    ...fips,
    ...ofPlatforms,
    ...virtualizationWarnings(config),
  ];
}

function distributionWarnings(config: InstallConfig): readonly IssueDraft[] {
  const { distribution } = config;
  if (isInstallable(distribution)) return [];
  const platforms = platformsOf(config);
  const advice = platforms.every(({ makesMachines }) => makesMachines) ? "; with distribution: kubernetes it can" : "";
  const commands =
    "`create manifests` and `create ignition-configs` write its assets, `wait-for` follows the installation of machines that have them, and `create cluster` refuses it";
  return [forbidden("distribution", `${distribution} is checked in full, but this version cannot install it: ${commands}${advice}`)];
}
