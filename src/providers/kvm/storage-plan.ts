import type { KvmPlatformSpec } from "../../config/platforms/kvm/index.ts";
import { poolName, poolPath } from "./names.ts";

/** Where a cluster's volumes lie: in a pool of the user, which is never made nor removed, or in a pool of the cluster. */
export type Storage = { readonly owned: false; readonly pool: string } | { readonly owned: true; readonly pool: string; readonly path: string };

export function storageOf(platform: KvmPlatformSpec, infraID: string): Storage {
  if (platform.storagePool?.kind === "existing") return { owned: false, pool: platform.storagePool.name };
  return { owned: true, pool: poolName(infraID), path: platform.storagePool?.path ?? poolPath(infraID) };
}
