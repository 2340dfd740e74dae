export type { AssetFile, AssetSet } from "./asset-set.ts";
export { makeClusterKeys } from "./cluster-keys.ts";
export { rendererOf } from "./distributions.ts";
export { assetGraph, type AssetGraph } from "./graph.ts";
export type { AssetContext, BootstrapContext, DistributionRenderer } from "./distribution-renderer.ts";
export { checkIgnition, sizeReport, unitText, type SizeReport, type UnitSection } from "./ignition/index.ts";
export { ADMIN_KUBECONFIG, MACHINE_CONTROLLER_KUBECONFIG } from "./kubeconfig.ts";
export { machineTokens } from "./machine-token.ts";
export {
  clusterMachineIgnition,
  machineIgnition,
  poolUserData,
  sharedMachineIgnition,
  type ComputeTokens,
  type MachineStart,
} from "./machine-ignition.ts";
export { signedTokens, type MachineTokens } from "./machine-token.ts";
export type { MergedManifests } from "./manifests/index.ts";
export { renderAssets, type AssetInput, type RenderedAssets } from "./render-assets.ts";
export { readTemplates, type TemplateSource } from "./templates.ts";
export { certificateAges, parseKeyStore, serializeKeyStore, type CertificateAge, type KeyStore } from "./tls/index.ts";
