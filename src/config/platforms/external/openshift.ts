import type { ClusterSpec } from "../../cluster-spec.ts";
import { present } from "../../optional.ts";
import type { OpenShiftPlatform } from "../openshift-platform.ts";
import type { ExternalPlatformSpec } from "./spec.ts";

/** Only for a cluster on this platform. */
const own = ({ platform }: Pick<ClusterSpec, "platform">): ExternalPlatformSpec => platform as ExternalPlatformSpec;

/** What the assets of an OpenShift cluster have on an infrastructure that OpenShift does not know. */
export const openshiftOnExternal: OpenShiftPlatform = {
  type: "External",
  platformSpec: ({ spec }) => ({ external: present("platformName", own(spec).platformName) }),
  platformStatus: ({ spec }) => ({ external: { cloudControllerManager: { state: own(spec).cloudControllerManager } } }),
};
