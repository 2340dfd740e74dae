import type { Properties } from "../../src/pulumi/resource/values.ts";
import { crd } from "./olm/crds.ts";

/** Controllers that finish a deletion, for `startKubeControlPlane`. */
export const DELETING_CONTROLLERS = ["garbage-collector-controller", "namespace-controller"] as const;

/** A definition of a namespaced kind that takes anything, with a status of its own. */
export const widgetDefinition = (kind = "Widget", group = "test.example.com"): Properties => ({
  ...crd({ group, version: "v1", kind, plural: `${kind.toLowerCase()}s`, scope: "Namespaced" }),
});
