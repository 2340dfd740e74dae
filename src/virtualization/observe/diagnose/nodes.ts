import { type KubeObject, nameOf, numberAt, textAt } from "../../../kube/index.ts";
import { LATER, type Cause } from "../cause.ts";
import { all, called, type Seen } from "../seen.ts";

export const VIRTUALIZATION_DEVICE = "devices.kubevirt.io/kvm";

/** A node on which virt-handler runs and says that machines may. */
export const isSchedulable = (node: KubeObject): boolean => node.metadata?.labels?.["kubevirt.io/schedulable"] === "true";
/** The device plugin offers 1000 of it, which the API writes as `1k`. */
export const hasVirtualizationDevice = (node: KubeObject): boolean =>
  !["", "0"].includes(textAt(node, "status", "allocatable", VIRTUALIZATION_DEVICE));

/** True if KubeVirt may emulate CPUs. */
export const emulates = (seen: Seen): boolean =>
  all(seen, "kubeVirts").some((one) => {
    const configuration = one["spec"] as { configuration?: { developerConfiguration?: { useEmulation?: boolean } } } | undefined;
    return configuration?.configuration?.developerConfiguration?.useEmulation === true;
  });

/** Nodes that can run no machine, or only slowly. */
export function nodeCauses(seen: Seen): readonly Cause[] {
  const handler = all(seen, "daemonSets").find((one) => nameOf(one) === "virt-handler");
  const ready = numberAt(handler, "status", "numberReady");
  // Before virt-handler runs, no node has reported anything.
  if (handler === undefined || ready === 0) return [];
  const nodes = all(seen, "nodes");
  const schedulable = nodes.filter(isSchedulable);
  if (schedulable.length === 0)
    return [
      {
        id: "VIRT_NO_KVM",
        object: called("daemonSets", handler),
        message: `runs on ${ready} nodes, but none of them is marked kubevirt.io/schedulable=true`,
        fix: `Read the log of virt-handler: kubectl -n ${handler.metadata?.namespace ?? ""} logs ds/virt-handler.`,
      },
    ];
  // Emulation from before is no answer where it is not wanted any more.
  if (schedulable.some(hasVirtualizationDevice) || (emulates(seen) && seen.target.emulation !== "Off")) return [];
  return [
    {
      id: "VIRT_NO_KVM",
      object: `nodes ${schedulable.map(nameOf).join(", ")}`,
      message: `have no ${VIRTUALIZATION_DEVICE} (${schedulable.map((node) => textAt(node, "status", "allocatable", VIRTUALIZATION_DEVICE) || "0").join(", ")}): /dev/kvm is missing there`,
      fix: "Enable nested virtualization for the machines: parameter nested=1 of the module kvm_intel or kvm_amd and CPU mode host-passthrough on a Linux host, hardware-assisted virtualization in other hypervisors. Or set virtualization.emulation: On.",
      ...(seen.target.emulation === "Off" ? { patienceMs: LATER } : {}),
    },
  ];
}
