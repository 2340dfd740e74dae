import { InstallerError } from "../errors/index.ts";
import { connectKube, type KubeClient } from "../kube/index.ts";
import { readTextIfExists } from "../util/index.ts";
import type { World } from "./context.ts";

/** Uses the cluster by the folder's own kubeconfig. @throws InstallerError CLUSTER_UNKNOWN where there is none, whatever `use` throws */
export async function withAdminClient<T>(
  { folder, redactor }: Pick<World, "folder" | "redactor">,
  use: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const kubeconfig = await readTextIfExists(folder.kubeconfig);
  if (kubeconfig === undefined) throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${folder.kubeconfig}`, { value: folder.kubeconfig });
  redactor.add(kubeconfig);
  const client = await connectKube({ kubeconfig });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
