import type { ClusterSpec } from "../cluster-spec.ts";
import type { Identity } from "../identity.ts";
import type { Contract } from "./contract.ts";
import type { OpenShiftSpec } from "./openshift-spec.ts";

/** What the assets of a platform alone are made from. */
export interface PlatformAssetInput {
  readonly spec: ClusterSpec;
  readonly openshift: OpenShiftSpec;
  readonly contract: Contract;
  readonly identity: Identity;
}
