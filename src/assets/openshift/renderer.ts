import { asRendered, type ClusterSpec, contractOfCluster, isGateOpen, openshiftPlatformOf } from "../../config/index.ts";
import type { DistributionRenderer } from "../distribution-renderer.ts";
import { bootstrapIgnition, inPlaceIgnition } from "./bootstrap.ts";
import { openshiftContext } from "./context.ts";
import { pointerMachineConfig } from "./machine-configs.ts";
import { openshiftKubeconfigs } from "./kubeconfigs.ts";
import { openshiftManifestGroups } from "./manifests.ts";
import { openshiftPools } from "./pools.ts";
import { signerKey } from "./pki.ts";
import { certificateRows, DEFAULT_TLS_SETTINGS, openshiftTls, type TlsSettings } from "./tls.ts";
import type { TlsTable } from "../tls/table.ts";

/** `distribution: openshift` and `okd`: what OpenShift's own installer renders of the same install-config. */
export const openshiftRenderer = (spec: Pick<ClusterSpec, "openshift" | "platform">): DistributionRenderer => ({
  distribution: spec.openshift?.config.distribution ?? "openshift",
  tlsTable: tlsTable(spec),
  kubeconfigs: openshiftKubeconfigs(spec),
  kubeadminPassword: true,
  ownClusterConfig: true,
  pools: ({ openshift }) => (openshift === undefined ? [] : openshiftPools(openshift.config).map(({ name }) => name)),
  manifests: (context) => openshiftManifestGroups.flatMap((group) => group(context)),
  manifestGroups: openshiftManifestGroups,
  pointerManifest: (context, pool, pointer) => pointerMachineConfig(openshiftContext(context), pool, pointer),
  // The cluster's own machine-config operator makes them.
  machineConfigs: () => new Map(),
  bootstrapIgnition,
  inPlace: { file: "bootstrap-in-place-for-live-iso.ign", ignition: inPlaceIgnition },
});

function tlsTable(spec: Pick<ClusterSpec, "openshift" | "platform">): TlsTable {
  const settings = tlsSettings(spec);
  return [...openshiftTls(settings), ...certificateRows(openshiftPlatformOf(spec)?.certificates?.(asRendered(spec)) ?? [], settings)];
}

function tlsSettings({ openshift }: Pick<ClusterSpec, "openshift">): TlsSettings {
  if (openshift === undefined) return DEFAULT_TLS_SETTINGS;
  const { shortValidity } = contractOfCluster(openshift);
  const key = signerKey(openshift.config);
  const isShort = isGateOpen(openshift.config, "ShortCertRotation");
  return {
    ...DEFAULT_TLS_SETTINGS,
    ...(isShort ? { day: { hours: shortValidity.day }, year: { hours: shortValidity.year } } : {}),
    ...(key?.ecdsa?.curve === undefined ? {} : { signerKey: { curve: key.ecdsa.curve } }),
    ...(key?.rsa?.keySize === undefined ? {} : { signerKey: { bits: key.rsa.keySize } }),
  };
}
