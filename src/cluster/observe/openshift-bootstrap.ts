import type { V1ConfigMap } from "@kubernetes/client-node";
import { CORE_KINDS } from "../../kube/index.ts";
import { apiStage, bootstrapReason } from "./bootstrap-complete.ts";
import { isReady, readNodes } from "./nodes.ts";
import { waitForStages, type PlainWaitOptions, type WaitResult } from "./wait.ts";

/**
 * Waits until OpenShift's bootstrap machine reports that the control plane lives without it: ConfigMap `kube-system/bootstrap` says `complete`.
 * Certificates are approved there too, so nothing is written here.
 * @throws the signal's reason when aborted
 */
export function waitForOpenShiftBootstrap(options: PlainWaitOptions): Promise<WaitResult> {
  return waitForStages(
    [
      apiStage,
      {
        name: "bootstrap",
        check: async (client, signal) => {
          const reason = bootstrapReason(
            await client.read<V1ConfigMap>(CORE_KINDS.configMaps, { namespace: "kube-system", name: "bootstrap" }, signal),
          );
          if (reason === undefined) return undefined;
          const nodes = await readNodes(client, signal);
          return `${reason}; nodes: ${nodes.length} registered, ${nodes.filter(isReady).length} Ready`;
        },
      },
    ],
    options,
  );
}
