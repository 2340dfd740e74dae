import type { ClusterSpec } from "../../config/index.ts";
import { ok, skipped, warning, type Finding } from "./check.ts";

/**
 * In MiB, for compute machines of plain Kubernetes: the kernel, the kubelet's reserve and the node's services, as they were measured; what virt-handler
 * requests; and a guest of one GiB with what its pod requests besides.
 * Source: KubeVirt 1.7, pkg/virt-operator/resource/generate/components, and GetMemoryOverhead in pkg/virt-controller/services
 */
const NODE = 600;
const HANDLER = 325;
const MACHINE = 1024 + 300;
const NEEDED = NODE + HANDLER + MACHINE;

/** What Kubernetes takes of the control plane, as it was measured, and what KubeVirt's operators request of it. */
const CONTROL_PLANE = 1_500;
const OPERATORS = 1_675;

/** Whether machines have memory for KubeVirt and for one small virtual machine. OpenShift's own sizes are far above. */
export function checkVirtualizationMemory({ spec }: { readonly spec: ClusterSpec }): Promise<Finding> {
  return Promise.resolve(judge(spec));
}

function judge({ virtualization, distribution, pools }: ClusterSpec): Finding {
  if (virtualization === undefined) return skipped("the install-config asks for no virtualization");
  if (distribution !== "kubernetes") return ok("OpenShift's machines are large enough");
  const wanted = [
    { name: pools.controlPlane.name, memoryMB: pools.controlPlane.memoryMB, needed: CONTROL_PLANE + OPERATORS },
    ...pools.compute.filter(({ replicas }) => replicas > 0).map(({ name, memoryMB }) => ({ name, memoryMB, needed: NEEDED })),
  ];
  const short = wanted.filter(({ memoryMB, needed }) => memoryMB < needed);
  if (short.length === 0) return ok(wanted.map(({ name, memoryMB }) => `${name} has ${memoryMB} MiB`).join(", "));
  return warning(
    short.map(({ name, memoryMB, needed }) => `${name} has ${memoryMB} MiB, ${needed - memoryMB} less than KubeVirt needs there`).join("; "),
    `Set memoryMB: ${short.map(({ name, needed }) => `${needed} for ${name}`).join(", ")}.`,
  );
}
