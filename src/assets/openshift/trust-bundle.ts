import { pemBlocks } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

export const USER_CA_BUNDLE = "user-ca-bundle";

/** The user's certificates, whenever there are some: who trusts them is another matter. */
export function trustBundle({ spec, contract }: OpenShiftContext): readonly Manifest[] {
  if (spec.additionalTrustBundle === undefined) return [];
  const certificates = pemBlocks(spec.additionalTrustBundle).map((block) => `${block.trim()}\n`);
  return [
    manifest(
      "manifests/user-ca-bundle-config.yaml",
      typed(contract, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: USER_CA_BUNDLE,
          namespace: "openshift-config",
          annotations: { "openshift.io/owning-component": "End User" },
        },
        data: { "ca-bundle.crt": certificates.join("") },
      }),
    ),
  ];
}
