import { at, conditionOf, type KubeObject, listAt, nameOf, namespaceOf, numberAt, textAt } from "../../../kube/index.ts";
import { lastSaid, said, SOON, type Cause } from "../cause.ts";
import { all, called, type Seen } from "../seen.ts";

/**
 * Jobs of the operators that fail. KubeVirt waits for the one that computes what it deploys, says of it no word in its status, and replaces none
 * that has failed for good. Source: kubevirt pkg/virt-operator/kubevirt.go, loadInstallStrategy
 */
export function jobCauses(seen: Seen): readonly Cause[] {
  return all(seen, "jobs")
    .filter((job) => seen.target.namespaces.includes(namespaceOf(job)) && conditionOf(job, "Complete")?.status !== "True" && !isFormer(seen, job))
    .flatMap((job) => {
      const failed = conditionOf(job, "Failed");
      const pods = numberAt(job, "status", "failed");
      const forGood = failed?.status === "True";
      if (!forGood && pods === 0) return [];
      const where = `kubectl -n ${namespaceOf(job)}`;
      const end = forGood ? `has failed, ${failed.reason}: ${said(failed.message)}` : `${pods} of its pods failed, and it continues with others`;
      return [
        {
          id: "VIRT_JOB_FAILED" as const,
          object: called("jobs", job),
          message: `${end}${lastExit(seen, job)}`,
          fix: `Read the log: ${where} logs -l job-name=${nameOf(job)}. When the reason is fixed: ${where} delete job ${nameOf(job)}; its operator starts another.`,
          ...(forGood ? { patienceMs: SOON } : {}),
        },
      ];
    });
}

/**
 * A Job, or its pod, for something that KubeVirt no longer deploys, as with a registry that was taken back. Nobody waits for it, and KubeVirt removes only
 * Jobs that are complete. Source: kubevirt pkg/virt-operator/kubevirt.go, garbageCollectInstallStrategyJobs
 */
export function isFormer(seen: Seen, object: KubeObject): boolean {
  const deployment = /^kubevirt-([0-9a-f]{40})-job/.exec(nameOf(object))?.[1];
  if (deployment === undefined) return false;
  const owners = all(seen, "kubeVirts").filter((one) => namespaceOf(one) === namespaceOf(object));
  return owners.some((one) => !["", deployment].includes(textAt(one, "status", "targetDeploymentID")));
}

/** How a container of its pods ended. */
function lastExit(seen: Seen, job: KubeObject): string {
  const ended = all(seen, "pods")
    .filter((pod) => namespaceOf(pod) === namespaceOf(job) && pod.metadata?.labels?.["job-name"] === nameOf(job))
    .flatMap((pod) => listAt(pod, "status", "containerStatuses"))
    .map((container) => at(container, "state", "terminated"))
    .findLast((terminated) => numberAt(terminated, "exitCode") !== 0);
  if (ended === undefined) return "";
  const message = lastSaid(textAt(ended, "message"));
  return ` (exit code ${textAt(ended, "exitCode")}${message === "" ? "" : `: ${message}`})`;
}
