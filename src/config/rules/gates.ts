import type { InstallConfig } from "../install-config.ts";
import { forbidden, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import type { FeatureGate, GatedKey } from "../platforms/platform-config.ts";

const DUAL_REPLICA: FeatureGate = { name: "DualReplica", openIn: "default" };
const STREAMS: FeatureGate = { name: "OSStreams", openIn: "default" };
const DISK_SETUP: FeatureGate = { name: "MultiDiskSetup", openIn: "preview" };
const PKI: FeatureGate = { name: "ConfigurablePKI", openIn: "preview" };

/** Keys that only work behind a feature gate. */
const GATED: readonly (GatedKey & { readonly used: (config: InstallConfig) => boolean })[] = [
  { path: "controlPlane.fencing", gate: DUAL_REPLICA, used: (config) => config.controlPlane.fencing !== undefined },
  { path: "controlPlane.diskSetup", gate: DISK_SETUP, used: (config) => (config.controlPlane.diskSetup ?? []).length > 0 },
  { path: "compute.diskSetup", gate: DISK_SETUP, used: (config) => config.compute.some((pool) => (pool.diskSetup ?? []).length > 0) },
  { path: "pki", gate: PKI, used: (config) => config.pki !== undefined },
  { path: "osImageStream", gate: STREAMS, used: (config) => config.osImageStream !== undefined },
];

/** What Go takes for a boolean. */
export function asBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** True if a feature set or the list of single features opens the gate. */
function isGateOpen({ featureSet, featureGates = [] }: InstallConfig, gate: FeatureGate): boolean {
  if (featureSet === "TechPreviewNoUpgrade" || featureSet === "DevPreviewNoUpgrade") return true;
  if (featureSet !== "CustomNoUpgrade") return gate.openIn === "default";
  return featureGates.some((text) => text.startsWith(`${gate.name}=`) && asBoolean(text.slice(gate.name.length + 1)) === true);
}

/** Keys that are used without their gate. */
export function gateRules(config: InstallConfig): readonly IssueDraft[] {
  // Upstream Kubernetes has no gates of OpenShift's: there virt-ipi does itself what the platform's keys ask for.
  const platform = config.distribution === "kubernetes" ? [] : platformsOf(config).flatMap((one) => one.gates?.(config) ?? []);
  const used = [...GATED.filter((key) => key.used(config)), ...platform];
  return used.filter(({ gate }) => !isGateOpen(config, gate)).map(({ path, gate }) => forbidden(path, closedText(config, gate.name)));
}

const closedText = ({ featureSet }: InstallConfig, gate: string): string =>
  featureSet === "CustomNoUpgrade"
    ? `is behind feature gate ${gate}, which CustomNoUpgrade leaves closed; add ${gate}=true to featureGates`
    : `is behind feature gate ${gate}; set featureSet TechPreviewNoUpgrade, or CustomNoUpgrade with featureGates [${gate}=true]`;
