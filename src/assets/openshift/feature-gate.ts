import { customFeatures } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

/** Which features beyond the default are wanted. */
export function featureGate({ spec, openshift, contract }: OpenShiftContext): Manifest {
  const { featureSet, featureGates = [] } = openshift.config;
  const custom = customFeatures(spec);
  return manifest(
    "openshift/99_feature-gate.yaml",
    typed(contract, {
      apiVersion: "config.openshift.io/v1",
      kind: "FeatureGate",
      metadata: { name: "cluster" },
      spec: {
        ...(featureGates.length === 0 || custom === null ? {} : { customNoUpgrade: custom }),
        ...(featureSet === "" ? {} : { featureSet }),
      },
      status: { featureGates: null },
    }),
  );
}
