import { z } from "zod";
import type { ClusterSpec, Identity, MachinePlan } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { checkNames } from "../owned-names.ts";
import type { PlatformMetadata } from "../platform.ts";
import { kvmSpecOf } from "./kvm-spec.ts";
import { networkName } from "./names.ts";
import { storageOf } from "./storage-plan.ts";

const kvmMetadata = z.looseObject({
  platform: z.literal("kvm"),
  uri: z.string().min(1),
  /** URIs of further hosts that the cluster's own machines may be on. */
  machineHosts: z.array(z.string().min(1)).optional(),
  // As in an install-config.
  pool: z.string().regex(/^[^\s/]+$/, "must be the name of a libvirt pool"),
  /** The pool is the cluster's own. */
  poolOwned: z.boolean(),
  /** Absent where the machines are on a bridge of the user. */
  network: z.string().optional(),
  /** That bridge. */
  bridge: z.string().optional(),
  /** Exact names; volumes follow from them. */
  machines: z.array(z.string()),
});

/** What metadata.json keeps of a cluster on KVM: all that scan and destroy need. */
export type KvmMetadata = z.infer<typeof kvmMetadata>;

/** All hosts that machines of the cluster may be on, its own first. */
export const urisOf = ({ uri, machineHosts = [] }: KvmMetadata): readonly string[] => [uri, ...machineHosts];

export function metadataOf(spec: ClusterSpec, identity: Identity, machines: readonly MachinePlan[]): KvmMetadata {
  const platform = kvmSpecOf(spec);
  const storage = storageOf(platform, identity.infraID);
  return {
    platform: "kvm",
    uri: platform.uri,
    ...(platform.machineHosts === undefined ? {} : { machineHosts: [...platform.machineHosts] }),
    pool: storage.pool,
    poolOwned: storage.owned,
    ...(platform.network.kind === "managed" ? { network: networkName(identity.infraID) } : { bridge: platform.network.bridge }),
    machines: machines.map(({ name }) => name),
  };
}

/** The entry of one cluster, for finding and removing its objects. @throws InstallerError CLUSTER_UNKNOWN, METADATA_INVALID if it names what is not the cluster's */
export function metadataOfCluster(infraID: string, metadata: PlatformMetadata): KvmMetadata {
  const parsed = parseMetadata(metadata);
  checkNames(infraID, parsed.machines);
  return parsed;
}

/** @throws InstallerError CLUSTER_UNKNOWN if the entry is not ours */
export function parseMetadata(metadata: PlatformMetadata): KvmMetadata {
  const parsed = kvmMetadata.safeParse(metadata);
  if (parsed.success) return parsed.data;
  throw new InstallerError("CLUSTER_UNKNOWN", "metadata.json does not describe a cluster on KVM", {
    details: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  });
}
