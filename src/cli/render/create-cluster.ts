import type { CreatedCluster } from "../../installer/index.ts";
import { shellQuote } from "../../util/index.ts";

/** What people do next with a cluster that is up. */
export const createdClusterText = ({ cluster, kubeconfig, folder, virtualization, machineSets }: CreatedCluster): string =>
  [
    `The cluster ${cluster} is up.`,
    `  export KUBECONFIG=${shellQuote(kubeconfig)}`,
    "  kubectl get nodes",
    ...(virtualization ? [`To check virtualization: virt-ipi verify --dir ${shellQuote(folder)}`] : []),
    ...(machineSets ? [`To let it create and remove machines: virt-ipi machine-controller run --dir ${shellQuote(folder)}`] : []),
    `To remove it: virt-ipi destroy cluster --dir ${shellQuote(folder)}`,
  ].join("\n");
