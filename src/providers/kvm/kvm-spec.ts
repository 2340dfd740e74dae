import type { ClusterSpec } from "../../config/index.ts";
import type { KvmPlatformSpec } from "../../config/platforms/kvm/index.ts";
import { InstallerError } from "../../errors/index.ts";

/** @throws InstallerError INTERNAL if the cluster is not for KVM */
export function kvmSpecOf({ platform }: Pick<ClusterSpec, "platform">): KvmPlatformSpec {
  if (platform.name !== "kvm") throw new InstallerError("INTERNAL", "the cluster is not for KVM", { value: platform.name });
  return platform;
}
