import type { AssetContext } from "../distribution-renderer.ts";
import type { Manifest } from "../manifests/index.ts";
import { dns, ingress, network, networkOperator, scheduler } from "./cluster-objects.ts";
import { clusterVersion } from "./cluster-version.ts";
import { openshiftContext } from "./context.ts";
import { featureGate } from "./feature-gate.ts";
import { imageMirrors } from "./image-mirrors.ts";
import { infrastructure } from "./infrastructure.ts";
import { clusterConfig } from "./install-config.ts";
import { installInformation } from "./install-information.ts";
import { machineConfigs } from "./machine-configs.ts";
import { machineConfigServer } from "./machine-config-server.ts";
import { osImageStream } from "./os-image-stream.ts";
import { pki } from "./pki.ts";
import { openshiftPools } from "./pools.ts";
import { proxy } from "./proxy.ts";
import { cloudConfig, kubeadminPassword, pullSecret, userData } from "./secrets.ts";
import { trustBundle } from "./trust-bundle.ts";

/** Everything in manifests/ and openshift/. */
export function openshiftManifests(given: AssetContext): readonly Manifest[] {
  const context = openshiftContext(given);
  return [
    clusterConfig(context),
    dns(context),
    infrastructure(context),
    ingress(context),
    network(context),
    ...networkOperator(context),
    proxy(context),
    scheduler(context),
    clusterVersion(context),
    cloudConfig(),
    ...machineConfigServer(context),
    pullSecret(context),
    ...imageMirrors(context),
    ...trustBundle(context),
    kubeadminPassword(context),
    featureGate(context),
    ...pki(context),
    ...osImageStream(context),
    installInformation(context),
    ...openshiftPools(context.openshift.config).map(({ name }) => userData(context, name)),
    ...machineConfigs(context),
  ];
}
