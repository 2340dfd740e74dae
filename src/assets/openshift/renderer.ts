import type { DistributionRenderer } from "../distribution-renderer.ts";
import { bootstrapIgnition } from "./bootstrap.ts";
import { OPENSHIFT_KUBECONFIGS } from "./kubeconfigs.ts";
import { openshiftManifests } from "./manifests.ts";
import { OPENSHIFT_TLS } from "./tls.ts";

/** `distribution: openshift`: what OpenShift's own installer renders of the same install-config. */
export const openshiftRenderer: DistributionRenderer = {
  distribution: "openshift",
  tlsTable: OPENSHIFT_TLS,
  kubeconfigs: OPENSHIFT_KUBECONFIGS,
  kubeadminPassword: true,
  ownClusterConfig: true,
  manifests: openshiftManifests,
  // The cluster's own machine-config operator makes them.
  machineConfigs: () => new Map(),
  bootstrapIgnition,
};
