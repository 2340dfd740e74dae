import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

/** The ConfigMap with the cloud provider's config, and its key. */
export const CLOUD_CONFIG = "cloud-provider-config";
export const CLOUD_CONFIG_KEY = "config";

/** What the cloud provider runs with, on platforms that have one. */
export function cloudProviderConfig(context: OpenShiftContext): readonly Manifest[] {
  const config = context.platform.cloudConfig?.(context);
  if (config === undefined) return [];
  return [
    manifest(
      `manifests/${CLOUD_CONFIG}.yaml`,
      typed(context.contract, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: CLOUD_CONFIG, namespace: "openshift-config" },
        data: { [CLOUD_CONFIG_KEY]: config },
      }),
    ),
  ];
}
