import { z } from "zod";
import { planMachines, type ClusterSpec, type Identity } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { PlatformMetadata } from "../platform.ts";
import { kvmSpecOf } from "./kvm-spec.ts";
import { networkName } from "./names.ts";
import { storageOf } from "./storage-plan.ts";

const kvmMetadata = z.looseObject({
  platform: z.literal("kvm"),
  uri: z.string().min(1),
  pool: z.string().min(1),
  /** The pool is the cluster's own. */
  poolOwned: z.boolean(),
  /** Absent where the machines are on a bridge of the user. */
  network: z.string().optional(),
  /** Exact names; volumes follow from them. */
  machines: z.array(z.string()),
});

/** What metadata.json keeps of a cluster on KVM: all that scan and destroy need. */
export type KvmMetadata = z.infer<typeof kvmMetadata>;

export function metadataOf(spec: ClusterSpec, identity: Identity): KvmMetadata {
  const platform = kvmSpecOf(spec);
  const storage = storageOf(platform, identity.infraID);
  return {
    platform: "kvm",
    uri: platform.uri,
    pool: storage.pool,
    poolOwned: storage.owned,
    ...(platform.network.kind === "managed" ? { network: networkName(identity.infraID) } : {}),
    machines: planMachines(spec, identity).map(({ name }) => name),
  };
}

/** @throws InstallerError CLUSTER_UNKNOWN if the entry is not one of ours */
export function parseMetadata(metadata: PlatformMetadata): KvmMetadata {
  const parsed = kvmMetadata.safeParse(metadata);
  if (parsed.success) return parsed.data;
  throw new InstallerError("CLUSTER_UNKNOWN", "metadata.json does not describe a cluster on KVM", {
    details: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  });
}
