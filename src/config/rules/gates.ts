import type { InstallConfig } from "../install-config.ts";
import { forbidden, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import type { FeatureGate } from "../platforms/platform-config.ts";

/**
 * In which feature sets a gate is open, in the newest version of OpenShift, 5.0: `default` in all but CustomNoUpgrade, which opens only what
 * it names; `preview` in TechPreviewNoUpgrade and DevPreviewNoUpgrade. Keys whose gate that version no longer has need none.
 */
const GATES: Readonly<Record<FeatureGate, "default" | "preview">> = {
  VSphereMultiNetworks: "default",
  VSphereMultiDisk: "default",
  DualReplica: "default",
  OSStreams: "default",
  MultiDiskSetup: "preview",
  ConfigurablePKI: "preview",
};

/** Keys that only work behind a feature gate. */
const GATED: readonly { readonly path: string; readonly gate: FeatureGate; readonly used: (config: InstallConfig) => boolean }[] = [
  { path: "controlPlane.fencing", gate: "DualReplica", used: (config) => config.controlPlane.fencing !== undefined },
  { path: "controlPlane.diskSetup", gate: "MultiDiskSetup", used: (config) => (config.controlPlane.diskSetup ?? []).length > 0 },
  { path: "compute.diskSetup", gate: "MultiDiskSetup", used: (config) => config.compute.some((pool) => (pool.diskSetup ?? []).length > 0) },
  { path: "pki", gate: "ConfigurablePKI", used: (config) => config.pki !== undefined },
  { path: "osImageStream", gate: "OSStreams", used: (config) => config.osImageStream !== undefined },
];

/** What Go takes for a boolean. */
export function asBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** True if a feature set or the list of single features opens the gate. */
function isGateOpen({ featureSet, featureGates = [] }: InstallConfig, gate: FeatureGate): boolean {
  if (featureSet === "TechPreviewNoUpgrade" || featureSet === "DevPreviewNoUpgrade") return true;
  if (featureSet !== "CustomNoUpgrade") return GATES[gate] === "default";
  return featureGates.some((text) => text.startsWith(`${gate}=`) && asBoolean(text.slice(gate.length + 1)) === true);
}

/** Keys that are used without their gate. */
export function gateRules(config: InstallConfig): readonly IssueDraft[] {
  // Upstream Kubernetes has no gates of OpenShift's: there virt-ipi does itself what the platform's keys ask for.
  const platform = config.distribution === "kubernetes" ? [] : platformsOf(config).flatMap((one) => one.gates?.(config) ?? []);
  const used = [...GATED.filter((key) => key.used(config)), ...platform];
  return used.filter(({ gate }) => !isGateOpen(config, gate)).map(({ path, gate }) => forbidden(path, closedText(config, gate)));
}

const closedText = ({ featureSet }: InstallConfig, gate: FeatureGate): string =>
  featureSet === "CustomNoUpgrade"
    ? `is behind feature gate ${gate}, which CustomNoUpgrade leaves closed; add ${gate}=true to featureGates`
    : `is behind feature gate ${gate}; set featureSet TechPreviewNoUpgrade, or CustomNoUpgrade with featureGates [${gate}=true]`;
