import { at, conditionOf, type KubeObject, listAt, nameOf, namespaceOf, textAt } from "../../../kube/index.ts";
import { lastSaid, said, type Cause } from "../cause.ts";
import { all, called, type Seen } from "../seen.ts";
import { isFormer } from "./jobs.ts";

type Trouble = Pick<Cause, "id" | "message" | "fix">;

/** Pods of the operators and operands that do not come up. */
export function podCauses(seen: Seen): readonly Cause[] {
  return all(seen, "pods")
    .filter((pod) => seen.target.namespaces.includes(namespaceOf(pod)) && !isFormer(seen, pod))
    .flatMap((pod) => {
      const trouble = podTrouble(pod) ?? mountTrouble(seen, pod);
      return trouble === undefined ? [] : [{ object: called("pods", pod), ...adapted(seen, pod, trouble) }];
    });
}

/** Why a pod does not run, as its status says; undefined if nothing is known to be wrong. */
export function podTrouble(pod: KubeObject): Trouble | undefined {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    if (/devices\.kubevirt\.io\/kvm/.test(scheduled.message))
      return {
        id: "VIRT_NO_KVM",
        message: `no node has /dev/kvm: ${said(scheduled.message)}`,
        fix: "Enable nested virtualization for the compute machines, or set virtualization.emulation: On.",
      };
    return {
      id: "VIRT_POD_UNSCHEDULABLE",
      message: `fits on no node: ${said(scheduled.message)}`,
      fix: "Give the compute machines more CPUs or memory, add some, or fix what the message names (taints, selectors, volumes).",
    };
  }
  const containers = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  for (const container of containers) {
    const waiting = textAt(container, "state", "waiting", "reason");
    const image = textAt(container, "image");
    if (["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"].includes(waiting))
      return {
        id: "VIRT_IMAGE_PULL",
        message: `cannot pull ${image}: ${said(textAt(container, "state", "waiting", "message")) || waiting}`,
        fix: "Check the way from the nodes to the registry, its mirror, and the pull secret.",
      };
    if (waiting === "CrashLoopBackOff") {
      const last = at(container, "lastState", "terminated");
      return {
        id: "VIRT_POD_CRASH",
        message: `container ${textAt(container, "name")} crashes again and again (exit code ${textAt(last, "exitCode") || "?"})${textAt(last, "message") === "" ? "" : `: ${lastSaid(textAt(last, "message"))}`}`,
        fix: `Read its log: kubectl -n ${namespaceOf(pod)} logs ${nameOf(pod)} -c ${textAt(container, "name")} --previous.`,
      };
    }
  }
  return undefined;
}

/** Volumes that cannot be mounted are reported by events alone. */
function mountTrouble(seen: Seen, pod: KubeObject): Trouble | undefined {
  if (textAt(pod, "status", "phase") !== "Pending") return undefined;
  const event = all(seen, "events").findLast(
    (one) => textAt(one, "reason") === "FailedMount" && at(one, "involvedObject", "name") === nameOf(pod) && namespaceOf(one) === namespaceOf(pod),
  );
  if (event === undefined) return undefined;
  const secret = /secret "([^"]+)" not found/.exec(textAt(event, "message"))?.[1];
  return {
    id: "VIRT_POD_MOUNT",
    message: `cannot mount a volume: ${said(textAt(event, "message"))}`,
    fix:
      secret === undefined
        ? "Fix what the message names on the node."
        : `Secret ${secret} is created by the certificate controller: on plain Kubernetes deploy cert-manager first; else look at the operator's own log.`,
  };
}

/** What the same sign means for pods that are known for it. */
function adapted(seen: Seen, pod: KubeObject, trouble: Trouble): Trouble {
  const name = nameOf(pod);
  if (trouble.id !== "VIRT_POD_CRASH") return trouble;
  if (name.startsWith("hostpath-provisioner") && /permission denied/i.test(trouble.message))
    return {
      ...trouble,
      fix: "SELinux keeps the pool's folder from containers: run on the nodes `chcon -Rt container_file_t PATH`, or choose another path.",
    };
  if (/^(hco-operator|hyperconverged-cluster-operator)/.test(name)) {
    const kind = /no matches for kind "([^"]+)"/.exec(trouble.message)?.[1];
    if (kind !== undefined)
      return {
        id: "VIRT_DEFINITION_MISSING",
        message: `the operator wants kind ${kind}, whose CustomResourceDefinition is missing`,
        fix: "Deploy all CustomResourceDefinitions of exactly the operator's version, not those of another branch.",
      };
  }
  if (name.startsWith("ssp-operator") && all(seen, "hyperConvergeds").length === 0)
    return { ...trouble, fix: "This passes once HyperConverged exists. On plain Kubernetes it does not: SSP needs OpenShift's template API." };
  return trouble;
}
