import { condition, endpoints, GOOD, node, NS, webhook } from "../../../helpers/virtualization.ts";
import { OLM_CASES, type Case } from "./olm-cases.ts";
import { all, claim, managed, pod, waiting } from "./signs.ts";

export const CASES: readonly Case[] = [
  ...OLM_CASES,
  [
    "an image that cannot be pulled",
    pod("virt-api-x", waiting("ErrImagePull", "no such host")),
    "VIRT_IMAGE_PULL",
    /quay\.io\/kubevirt\/x:v1: no such host/,
    /registry/,
  ],
  [
    "a pod that crashes",
    pod("virt-api-x", waiting("CrashLoopBackOff", "", { exitCode: 2, message: "bad flag" })),
    "VIRT_POD_CRASH",
    /exit code 2\): bad flag/,
    /logs virt-api-x -c manager --previous/,
  ],
  [
    "a Job that has failed for good",
    all(
      (it) =>
        void it.put(
          "jobs",
          "kubevirt-1-job",
          { status: { failed: 7, conditions: [condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit")] } },
          NS,
        ),
      pod(
        "kubevirt-1-job-x",
        // KubeVirt's Job leaves no message of how it ended.
        { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 1, reason: "Error" } } }] },
        { "job-name": "kubevirt-1-job" },
      ),
    ),
    "VIRT_JOB_FAILED",
    /^has failed, BackoffLimitExceeded: Job has reached the specified backoff limit \(exit code 1\)$/,
    /logs -l job-name=kubevirt-1-job.* delete job kubevirt-1-job/,
  ],
  [
    "a Job that tries again",
    (it) => void it.put("jobs", "kubevirt-1-job", { status: { failed: 1, active: 1 } }, NS),
    "VIRT_JOB_FAILED",
    /^1 of its pods failed, and it continues with others$/,
    /delete job/,
  ],
  [
    "HCO that lacks a definition",
    pod(
      "hco-operator-x",
      waiting("CrashLoopBackOff", "", { message: 'no matches for kind "MigController" in version "migrations.kubevirt.io/v1alpha1"' }),
    ),
    "VIRT_DEFINITION_MISSING",
    /wants kind MigController/,
    /exactly the operator's version/,
  ],
  [
    "SSP that crashes before HyperConverged",
    all(pod("ssp-operator-x", waiting("CrashLoopBackOff")), (it) => it.remove("hyperConvergeds", "kubevirt-hyperconverged")),
    "VIRT_POD_CRASH",
    /crashes/,
    /passes once HyperConverged exists/,
  ],
  [
    "SELinux that keeps a pool from its pods",
    pod("hostpath-provisioner-csi-x", waiting("CrashLoopBackOff", "", { message: "mkdir /var/hpp: Permission denied" })),
    "VIRT_POD_CRASH",
    /Permission denied/,
    /chcon -Rt container_file_t/,
  ],
  [
    "a secret that nobody makes",
    all(
      pod("hostpath-provisioner-operator-x", { phase: "Pending" }),
      (it) =>
        void it.put(
          "events",
          "e",
          {
            reason: "FailedMount",
            message: 'MountVolume.SetUp failed for volume "apiservice-cert" : secret "hostpath-provisioner-operator-service-cert" not found',
            involvedObject: { name: "hostpath-provisioner-operator-x" },
          },
          NS,
        ),
    ),
    "VIRT_POD_MOUNT",
    /hostpath-provisioner-operator-service-cert/,
    /cert-manager/,
  ],
  [
    "nodes that are full",
    pod("virt-api-x", {
      phase: "Pending",
      conditions: [
        condition(
          "PodScheduled",
          "False",
          "Unschedulable",
          "0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
        ),
      ],
    }),
    "VIRT_POD_UNSCHEDULABLE",
    /Insufficient memory.* found for incoming pod$/,
    /more CPUs or memory/,
  ],
  [
    "machines without /dev/kvm",
    pod("virt-launcher-x", {
      phase: "Pending",
      conditions: [condition("PodScheduled", "False", "Unschedulable", "0/2 nodes are available: 2 Insufficient devices.kubevirt.io/kvm.")],
    }),
    "VIRT_NO_KVM",
    /Insufficient devices/,
    /emulation: On/,
  ],
  [
    "a webhook without endpoints",
    (it) => void it.put("endpointSlices", "hco-webhook-x", endpoints("hco-webhook", false), NS),
    "VIRT_WEBHOOK_UNREACHABLE",
    /kubevirt-hyperconverged\/hco-webhook, which has no ready endpoint/,
    /kubectl delete validatingwebhookconfiguration validate-hco\.kubevirt\.io/,
  ],
  [
    "a webhook of an earlier installation",
    (it) => void it.put("mutatingWebhooks", "virt-api-mutator", webhook("kubevirt", "virt-api")),
    "VIRT_LEFTOVERS",
    /service kubevirt\/virt-api is gone/,
    /kubectl delete mutatingwebhookconfiguration virt-api-mutator/,
  ],
  [
    "a namespace that cannot end",
    (it) =>
      void it.put("namespaces", NS, {
        metadata: { deletionTimestamp: "2026-03-04T05:00:00Z" },
        status: { conditions: [condition("NamespaceFinalizersRemaining", "True", "", "kubevirt.io/hyperconverged in 1 resource instances")] },
      }),
    "VIRT_LEFTOVERS",
    /in 1 resource instances/,
    /finalizers/,
  ],
  [
    "a resource that its finalizers keep",
    (it) =>
      void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
        metadata: { deletionTimestamp: "2026-03-04T05:00:00Z", finalizers: ["foregroundDeleteKubeVirt"] },
      }),
    "VIRT_LEFTOVERS",
    /foregroundDeleteKubeVirt/,
    /kubectl patch kubevirts\.kubevirt\.io kubevirt-kubevirt-hyperconverged -n kubevirt-hyperconverged .*"finalizers":null/,
  ],
  [
    "a KubeVirt whose deletion fails",
    (it) =>
      void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
        metadata: { deletionTimestamp: "2026-03-04T05:00:00Z", finalizers: ["foregroundDeleteKubeVirt"] },
        status: { conditions: [condition("Synchronized", "False", "DeletionFailed", "An error occurred during deletion: no route")] },
      }),
    "VIRT_LEFTOVERS",
    /keep it: foregroundDeleteKubeVirt; its operator says: An error occurred during deletion: no route/,
    /finalizers/,
  ],
  [
    "a KubeVirt whose operator has not seen that it is deleted",
    (it) =>
      void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
        metadata: { deletionTimestamp: "2026-03-04T05:00:00Z", finalizers: ["foregroundDeleteKubeVirt"] },
        status: { conditions: [condition("Synchronized", "False", "DeploymentFailed", "An error occurred during deployment: no route")] },
      }),
    "VIRT_LEFTOVERS",
    /keep it: foregroundDeleteKubeVirt$/,
    /operator must run/,
  ],
  [
    "a pod that crashes and says how it is called",
    pod("virt-api-x", waiting("CrashLoopBackOff", "", { exitCode: 2, message: `${"--port int\n".repeat(80)}unknown flag: --no-such-flag\n` })),
    "VIRT_POD_CRASH",
    /exit code 2\): … .{0,230} unknown flag: --no-such-flag$/,
    /--previous/,
  ],
  [
    "HyperConverged in another namespace",
    (it) => void it.put("hyperConvergeds", "kubevirt-hyperconverged", {}, "default"),
    "VIRT_WRONG_PLACE",
    /takes only kubevirt-hyperconverged\/kubevirt-hyperconverged/,
    /kubectl -n default delete/,
  ],
  [
    "no default StorageClass",
    (it) => void it.put("storageClasses", "hostpath-local", {}),
    "VIRT_NO_STORAGE_CLASS",
    /none is the default \(there are hostpath-local\)/,
    /is-default-virt-class=true/,
  ],
  [
    "no StorageClass at all",
    (it) => it.remove("storageClasses", "hostpath-local"),
    "VIRT_NO_STORAGE_CLASS",
    /none at all/,
    /virtualization\.storage/,
  ],
  [
    "two default StorageClasses",
    (it) => void it.put("storageClasses", "nfs", { metadata: { annotations: { "storageclass.kubevirt.io/is-default-virt-class": "true" } } }),
    "VIRT_NO_STORAGE_CLASS",
    /hostpath-local and nfs are both/,
    /all but one/,
  ],
  [
    "a claim from before the default",
    claim({ accessModes: ["ReadWriteOnce"] }),
    "VIRT_NO_STORAGE_CLASS",
    /no default when it was created/,
    /delete the claim/,
  ],
  [
    "a claim for a class that is not there",
    claim({ storageClassName: "gone", accessModes: ["ReadWriteOnce"] }),
    "VIRT_NO_STORAGE_CLASS",
    /StorageClass gone, which does not exist/,
    /name another/,
  ],
  [
    "a shared claim of a class for one node",
    claim({ storageClassName: "hostpath-local", accessModes: ["ReadWriteMany"] }),
    "VIRT_STORAGE_ACCESS_MODE",
    /ReadWriteOnce volumes only/,
    /StorageProfile/,
  ],
  [
    "a DataVolume without class",
    (it) =>
      void it.put(
        "dataVolumes",
        "fedora",
        {
          status: {
            phase: "Pending",
            conditions: [condition("Bound", "False", "ErrClaimNotValid", "PVC spec is missing accessMode and no storageClass to choose profile")],
          },
        },
        "vms",
      ),
    "VIRT_NO_STORAGE_CLASS",
    /missing accessMode/,
    /delete the DataVolume/,
  ],
  [
    "a boot image that cannot be had",
    (it) =>
      void it.put(
        "dataImportCrons",
        "fedora-image-cron",
        { status: { conditions: [condition("UpToDate", "False", "ImportFailed", "dial tcp: lookup quay.io: no such host")] } },
        "kubevirt-os-images",
      ),
    "VIRT_BOOT_SOURCE",
    /no such host/,
    /bootSources\.enabled: false/,
  ],
  [
    "a StorageClass that CDI does not know",
    (it) => void it.put("storageProfiles", "hostpath-local", { status: { provisioner: "example.com/disk", claimPropertySets: undefined } }),
    "VIRT_STORAGE_PROFILE",
    /example\.com\/disk/,
    /storageProfiles/,
  ],
  [
    "nodes without /dev/kvm",
    (it) => ["worker-0", "worker-1"].forEach((name) => it.put("nodes", name, node("0"))),
    "VIRT_NO_KVM",
    /worker-0, worker-1|\/dev\/kvm is missing/,
    /nested virtualization/,
  ],
  [
    "nodes that virt-handler does not mark",
    (it) => ["worker-0", "worker-1"].forEach((name) => it.put("nodes", name, node("1k", false))),
    "VIRT_NO_KVM",
    /kubevirt\.io\/schedulable=true/,
    /logs ds\/virt-handler/,
  ],
  [
    "a KubeVirt that says only that it deploys",
    all(
      // As KubeVirt 1.7 says it, of a deployed one too.
      (it) =>
        void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
          status: {
            phase: "Deployed",
            conditions: ["Available", "Progressing", "Degraded"].map((type) =>
              condition(
                type,
                type === "Progressing" ? "True" : "False",
                "DeploymentInProgress",
                "Deploying version v1.7.0 with registry quay.io/kubevirt",
              ),
            ),
          },
        }),
      managed("deployments", "virt-api", { spec: { replicas: 2 }, status: { readyReplicas: 1, updatedReplicas: 1 } }),
      managed("deployments", "virt-controller", { spec: { replicas: 2 }, status: { readyReplicas: 2, updatedReplicas: 2 } }),
      managed("daemonSets", "virt-handler", { status: { desiredNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 1 } }),
    ),
    "VIRT_COMPONENT_NOT_READY",
    /^not Available, DeploymentInProgress: .* quay\.io\/kubevirt; it waits for virt-api \(1 of 2 ready\), virt-handler \(1 of 3 of the new version\)$/,
    /describe kubevirts/,
  ],
  [
    "a component that is degraded",
    (it) =>
      void it.change("cdis", "cdi-kubevirt-hyperconverged", {
        status: {
          conditions: [
            condition("Available", "False"),
            condition("Degraded", "True", "ConfigError", "Reconciling to error state, unwanted CDI object"),
          ],
        },
      }),
    "VIRT_COMPONENT_NOT_READY",
    /^Degraded, ConfigError: Reconciling to error state, unwanted CDI object$/,
    /describe cdis\.cdi\.kubevirt\.io cdi-kubevirt-hyperconverged/,
  ],
  [
    "a pool that is not ready",
    (it) =>
      void it.change("hostPathProvisioners", "hostpath-provisioner", {
        status: { conditions: GOOD, storagePoolStatuses: [{ name: "local", phase: "Preparing", desiredReady: 2, currentReady: 1 }] },
      }),
    "VIRT_COMPONENT_NOT_READY",
    /pool local is Preparing \(1 of 2 nodes\)/,
    /describe/,
  ],
  [
    "HyperConverged that names a component",
    (it) =>
      void it.change("hyperConvergeds", "kubevirt-hyperconverged", {
        status: { conditions: [condition("ReconcileComplete", "True"), condition("Available", "False", "SSPNotAvailable", "SSP is not available")] },
      }),
    "VIRT_COMPONENT_NOT_READY",
    /SSPNotAvailable: SSP is not available/,
    /names the component/,
  ],
];
