import type { CreatedCluster } from "../../installer/index.ts";

/** What people do next with a cluster that is up. */
export const createdClusterText = ({ cluster, kubeconfig, folder, virtualization }: CreatedCluster): string =>
  [
    `The cluster ${cluster} is up.`,
    `  export KUBECONFIG=${kubeconfig}`,
    "  kubectl get nodes",
    ...(virtualization ? [`To look at virtualization: virt-ipi verify --dir ${folder}`] : []),
    `To take it down: virt-ipi destroy cluster --dir ${folder}`,
  ].join("\n");
