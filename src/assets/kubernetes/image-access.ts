import type { AssetContext } from "../distribution-renderer.ts";
import type { IgnitionBuilder } from "../ignition/index.ts";

/** What a node gets to images by: the pull secret. */
export function imageAccess({ spec: { pullSecret } }: AssetContext, node: IgnitionBuilder): IgnitionBuilder {
  // Where the kubelet looks for registries' credentials: kubernetes.io/docs/concepts/containers/images, "Configuring nodes to authenticate".
  return pullSecret === undefined ? node : node.file({ path: "/var/lib/kubelet/config.json", contents: pullSecret, mode: 0o600 });
}
