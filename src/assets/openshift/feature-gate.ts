import { namedGates } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";

/** Which features beyond the default are wanted. */
export function featureGate({ openshift, contract }: OpenShiftContext): Manifest {
  const { featureSet, featureGates = [] } = openshift.config;
  const named = namedGates(openshift.config);
  const gates = (value: boolean): string[] => [...named].flatMap(([name, isOpen]) => (isOpen === value ? [name] : []));
  const custom = Object.fromEntries(
    Object.entries({ enabled: gates(true), disabled: gates(false) }).flatMap(([key, list]) => (list.length === 0 ? [] : [[key, list]])),
  );
  return manifest(
    "openshift/99_feature-gate.yaml",
    typed(contract, {
      apiVersion: "config.openshift.io/v1",
      kind: "FeatureGate",
      metadata: { name: "cluster" },
      spec: {
        ...(featureGates.length === 0 ? {} : { customNoUpgrade: custom }),
        ...(featureSet === "" ? {} : { featureSet }),
      },
      status: { featureGates: null },
    }),
  );
}
