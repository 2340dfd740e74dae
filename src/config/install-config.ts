import type { Distribution } from "./distribution.ts";
import type { RawInstallConfig } from "./schema/shape.ts";

export type { RawInstallConfig };

type Given<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]-?: NonNullable<T[P]> };

export type RawPool = NonNullable<RawInstallConfig["compute"]>[number];
export type Pool = Given<RawPool, "name" | "replicas" | "hyperthreading" | "architecture">;
export type RawNetworking = NonNullable<RawInstallConfig["networking"]>;
export type Networks = Given<RawNetworking, "networkType" | "machineNetwork" | "clusterNetwork" | "serviceNetwork">;

/** The file after conversion and defaults, before the rules: not yet known to be valid. */
export type InstallConfig = Omit<
  Given<RawInstallConfig, "distribution" | "publish" | "additionalTrustBundlePolicy" | "fips" | "featureSet">,
  "networking" | "controlPlane" | "arbiter" | "compute" | "timeouts" | "distribution"
> & {
  readonly distribution: Distribution;
  readonly networking: Networks;
  readonly controlPlane: Pool & Pick<NonNullable<RawInstallConfig["controlPlane"]>, "machineSet">;
  readonly arbiter?: Pool;
  readonly compute: readonly Pool[];
  readonly timeouts: { readonly infrastructure: string; readonly bootstrap: string; readonly install: string; readonly operators: string };
};

export type RawVirtualization = NonNullable<RawInstallConfig["virtualization"]>;
