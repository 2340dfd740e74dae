import type { Entropy } from "../util/index.ts";
import type { DistributionRenderer } from "./distribution-renderer.ts";
import { makeKubeadminPassword } from "./kubeadmin-password.ts";
import { makeKeys, type KeyStore } from "./tls/index.ts";

/** All secrets that a cluster of this distribution needs; those that `existing` has are kept. @throws the signal's reason */
export async function makeClusterKeys(
  renderer: Pick<DistributionRenderer, "tlsTable" | "kubeadminPassword">,
  entropy: Entropy,
  existing?: KeyStore,
  signal?: AbortSignal,
): Promise<KeyStore> {
  const keys = await makeKeys(renderer.tlsTable, entropy, existing, signal);
  if (!renderer.kubeadminPassword || keys.kubeadmin !== undefined) return keys;
  return { ...keys, kubeadmin: await makeKubeadminPassword(entropy) };
}
