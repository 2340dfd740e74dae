import { clusterOf } from "../context.ts";
import type { Phase } from "../phase.ts";

export const finish: Phase = {
  id: "finish",
  title: "Tell how to use the cluster",
  run: async (context) => {
    const { spec, identity, folder } = clusterOf(context);
    const apiURL = `https://api.${spec.clusterDomain}:6443`;
    const text = [
      `The cluster ${spec.name} is up.`,
      `  export KUBECONFIG=${folder.kubeconfig}`,
      "  kubectl get nodes",
      ...(spec.virtualization === undefined ? [] : [`To look at virtualization: virt-ipi verify --dir ${folder.root}`]),
      `To take it down: virt-ipi destroy cluster --dir ${folder.root}`,
    ].join("\n");
    context.reporter.emit({ type: "result", text, data: { cluster: spec.name, infraID: identity.infraID, apiURL, kubeconfig: folder.kubeconfig } });
    return "done";
  },
};
