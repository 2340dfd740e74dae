import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest } from "./objects.ts";

/** Who rendered the manifests, and of which version. */
export const installInformation = ({ openshift }: OpenShiftContext): Manifest =>
  manifest("openshift/openshift-install-manifests.yaml", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "openshift-install-manifests", namespace: "openshift-config" },
    data: { invoker: "user", version: openshift.release.name },
  });
