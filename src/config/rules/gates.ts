import type { InstallConfig } from "../install-config.ts";
import { forbidden, type IssueDraft } from "../issue.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";
import { closedText, isGateOpen } from "../openshift/gates.ts";
import { platformsOf } from "../platforms/registry.ts";
import type { GatedKey } from "../platforms/platform-config.ts";

/** What the version has anyway is no choice. */
const usesOtherStream = (config: InstallConfig): boolean =>
  config.osImageStream !== undefined && config.osImageStream !== contractOf(releaseOf(config).version, config.distribution).defaultOsImageStream;

/** Keys that only work behind a feature gate. */
const GATED: readonly (GatedKey & { readonly used: (config: InstallConfig) => boolean })[] = [
  { path: "arbiter", gate: "HighlyAvailableArbiter", used: (config) => config.arbiter !== undefined && config.distribution !== "kubernetes" },
  { path: "controlPlane.fencing", gate: "DualReplica", used: (config) => config.controlPlane.fencing !== undefined },
  { path: "controlPlane.diskSetup", gate: "MultiDiskSetup", used: (config) => (config.controlPlane.diskSetup ?? []).length > 0 },
  { path: "compute.diskSetup", gate: "MultiDiskSetup", used: (config) => config.compute.some((pool) => (pool.diskSetup ?? []).length > 0) },
  { path: "pki", gate: "ConfigurablePKI", used: (config) => config.pki !== undefined },
  { path: "osImageStream", gate: "OSStreams", used: usesOtherStream },
];

/** Keys that are used without their gate. */
export function gateRules(config: InstallConfig): readonly IssueDraft[] {
  // Upstream Kubernetes has no gates of OpenShift's: there virt-ipi does itself what the platform's keys ask for.
  const platform = config.distribution === "kubernetes" ? [] : platformsOf(config).flatMap((one) => one.gates?.(config) ?? []);
  const used = [...GATED.filter((key) => key.used(config)), ...platform];
  return used.filter(({ gate }) => !isGateOpen(config, gate)).map(({ path, gate }) => forbidden(path, closedText(config, gate)));
}
