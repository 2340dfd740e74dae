import type { ClusterSpec } from "../cluster-spec.ts";

/** What the assets of an OpenShift cluster have of a platform alone. */
export interface OpenShiftPlatform {
  /** How the Infrastructure object calls the platform. */
  readonly type: string;
  /** Beside the type, in the spec and in the status of that object. */
  platformSpec?(spec: ClusterSpec): Readonly<Record<string, unknown>>;
  platformStatus?(spec: ClusterSpec): Readonly<Record<string, unknown>>;
  /** With one control-plane machine Ingress is on it, whatever compute machines there are: nobody balances load. */
  readonly ingressOnSingleNode?: boolean;
}
