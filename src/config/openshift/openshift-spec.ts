import type { InstallConfig } from "../install-config.ts";
import type { PlatformSpec } from "../platform-specs.ts";
import type { Release } from "./release.ts";

/** What an OpenShift or OKD cluster is made from, beside what every cluster is. */
export interface OpenShiftSpec {
  readonly release: Release;
  /** The install-config after conversion and defaults, as of `platform`. Secrets and credentials are blank in it. */
  readonly config: InstallConfig;
  /** What the assets are rendered as; absent: the cluster's own platform. */
  readonly platform?: PlatformSpec;
  /** The text of `sshKey` as it was given, all lines. */
  readonly sshKey: string;
  /** Secret. How control-plane machines are switched off; empty where they are not. */
  readonly fencing: readonly FencingCredential[];
}

export type FencingCredential = NonNullable<NonNullable<InstallConfig["controlPlane"]["fencing"]>["credentials"]>[number];
