import { ApiStatusError, explainApiError, type KubeClient } from "../../kube/index.ts";

/**
 * Nodes whose kubelets do not answer the API server, each with the reason. A node is Ready before its kubelet has a serving certificate, without which
 * logs, exec and port-forward fail.
 * @param names of nodes
 * @returns `<name>: <why>`, in their order
 * @throws what `explainApiError` understands, when it is the API server that does not answer
 */
export async function silentKubelets(client: KubeClient, names: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
  const reasons = await Promise.all(names.map((name) => silence(client, name, signal)));
  return reasons.flatMap((reason, index) => (reason === undefined ? [] : [`${names[index] ?? ""}: ${reason}`]));
}

async function silence(client: KubeClient, name: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    await client.get(`/api/v1/nodes/${encodeURIComponent(name)}/proxy/healthz`, signal);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiStatusError) return explainApiError(error);
    throw error;
  }
}
