import type { AssetContext } from "../distribution-renderer.ts";
import type { Manifest } from "../manifests/index.ts";
import { dns, ingress, network, networkOperator, scheduler } from "./cluster-objects.ts";
import { cloudProviderConfig } from "./cloud-provider-config.ts";
import { clusterVersion } from "./cluster-version.ts";
import { openshiftContext, type OpenShiftContext } from "./context.ts";
import { featureGate } from "./feature-gate.ts";
import { imageMirrors } from "./image-mirrors.ts";
import { fencingSecrets } from "./fencing.ts";
import { infrastructure } from "./infrastructure.ts";
import { clusterConfig } from "./install-config.ts";
import { installInformation } from "./install-information.ts";
import { machineConfigs } from "./machine-configs.ts";
import { machineConfigServer } from "./machine-config-server.ts";
import { osImageStream } from "./os-image-stream.ts";
import { pki } from "./pki.ts";
import { platformManifests } from "./platform-files.ts";
import { openshiftPools } from "./pools.ts";
import { proxy } from "./proxy.ts";
import { cloudConfig, kubeadminPassword, pullSecret, userData } from "./secrets.ts";
import { trustBundle } from "./trust-bundle.ts";

/** Everything in manifests/ and openshift/, in parts that have sources of their own. */
const GROUPS: readonly ((context: OpenShiftContext) => readonly Manifest[])[] = [
  (context) => [clusterConfig(context)],
  (context) => [dns(context)],
  (context) => [infrastructure(context)],
  (context) => [ingress(context)],
  (context) => [network(context)],
  networkOperator,
  (context) => [proxy(context)],
  (context) => [scheduler(context)],
  (context) => [clusterVersion(context)],
  () => [cloudConfig()],
  machineConfigServer,
  (context) => [pullSecret(context)],
  imageMirrors,
  trustBundle,
  (context) => [kubeadminPassword(context)],
  (context) => [featureGate(context)],
  pki,
  osImageStream,
  (context) => [installInformation(context)],
  (context) => openshiftPools(context.openshift.config).map(({ name }) => userData(context, name)),
  machineConfigs,
  fencingSecrets,
  cloudProviderConfig,
  platformManifests,
];

export const openshiftManifestGroups: readonly ((context: AssetContext) => readonly Manifest[])[] = GROUPS.map(
  (group) => (context) => group(openshiftContext(context)),
);
