import { type CatalogueEntry, entry } from "./entry.ts";

/** Virtualization in the cluster. */
export const VIRTUALIZATION_ERRORS = {
  VIRT_TIMEOUT: entry(
    "operators",
    "Virtualization did not work within its time.",
    "Fix the last cause above, then `virt-ipi resume` continues waiting; `virt-ipi verify` shows every component.",
  ),
  VIRT_OLM_MISSING: entry("operators", "The cluster has no Operator Lifecycle Manager.", "Deploy OLM, or use virtualization.source: Manifests."),
  VIRT_CATALOG_MISSING: entry(
    "operators",
    "The catalog that should hold the operators does not exist.",
    "Name one that exists under virtualization.catalogSource.",
  ),
  VIRT_CATALOG_UNHEALTHY: entry(
    "operators",
    "The catalog that holds the operators does not serve.",
    "Check its pod in the catalog's namespace, its image and the pull secret.",
  ),
  VIRT_OPERATOR_GROUP: entry(
    "operators",
    "The OperatorGroup of the operators' namespace is missing, not the only one, or of the wrong kind.",
    "Leave exactly one, with the install mode that the message names.",
  ),
  VIRT_RESOLUTION_FAILED: entry(
    "operators",
    "OLM cannot resolve the Subscription.",
    "Compare package, channel and startingCSV with what the catalog holds.",
  ),
  VIRT_UNPACK_FAILED: entry(
    "operators",
    "OLM could not unpack the operators' bundle.",
    "Check the way from the cluster to the bundle's registry, then delete the failed unpack job.",
  ),
  VIRT_INSTALL_PLAN_FAILED: entry(
    "operators",
    "An InstallPlan of OLM failed.",
    "Fix what its message names, delete the ClusterServiceVersion that OLM began with, and create the Subscription again: OLM replaces no failed plan.",
  ),
  VIRT_INSTALL_PLAN_OTHER: entry(
    "operators",
    "OLM wants to install another version than the one asked for.",
    "Give a startingCSV that the channel holds, or remove what else is subscribed in the namespace.",
  ),
  VIRT_UPGRADE_STEP: entry(
    "operators",
    "An upgrade would leave out a version in between.",
    "Upgrade one minor version at a time: set startingCSV to the next one.",
  ),
  VIRT_NOT_UPGRADEABLE: entry(
    "operators",
    "The operators do not allow an upgrade now.",
    "Wait until HyperConverged is Available and not Progressing, then run again.",
  ),
  VIRT_CSV_FAILED: entry(
    "operators",
    "The ClusterServiceVersion of the operators failed.",
    "Look at the deployments and pods that its message names.",
  ),
  VIRT_REQUIREMENTS: entry(
    "operators",
    "The operators wait for objects that they require.",
    "Look at the steps of the InstallPlan for what was not created.",
  ),
  VIRT_DEFINITION_MISSING: entry(
    "operators",
    "A CustomResourceDefinition that an operator wants is missing.",
    "Deploy all definitions of exactly the operator's version.",
  ),
  VIRT_DEFINITION_TOO_LARGE: entry(
    "operators",
    "A CustomResourceDefinition, or the InstallPlan that holds it, is too large for the cluster.",
    "Raise the request limit of etcd (--max-request-bytes).",
  ),
  VIRT_WEBHOOK_UNREACHABLE: entry(
    "operators",
    "An admission webhook of the operators does not answer.",
    "Check the pods behind its service; if its operator is gone, delete the webhook configuration.",
  ),
  VIRT_LEFTOVERS: entry("operators", "Something of an earlier installation is in the way.", "Remove what the message names, then run again."),
  VIRT_WRONG_PLACE: entry("operators", "A HyperConverged is not where its operator looks for it.", "Delete it; virt-ipi creates the right one."),
  VIRT_IMAGE_PULL: entry(
    "operators",
    "A pod cannot pull its image.",
    "Check the way from the nodes to the registry, its mirror, and the pull secret.",
  ),
  VIRT_POD_CRASH: entry("operators", "A pod crashes again and again.", "Read its log with kubectl logs --previous."),
  VIRT_JOB_FAILED: entry(
    "operators",
    "A Job of an operator fails.",
    "Read the log of its pods; when the reason is fixed, delete the Job, which its operator starts again.",
  ),
  VIRT_POD_MOUNT: entry("operators", "A pod cannot mount one of its volumes.", "Fix what the message names."),
  VIRT_POD_UNSCHEDULABLE: entry("operators", "A pod fits on no node.", "Give the compute machines more CPUs or memory, or add some."),
  VIRT_NO_KVM: entry(
    "operators",
    "No node can run virtual machines with hardware acceleration.",
    "Enable nested virtualization for the compute machines, or set virtualization.emulation: On.",
  ),
  VIRT_NO_STORAGE_CLASS: entry(
    "operators",
    "There is no StorageClass for the disks of virtual machines.",
    "Name one under virtualization.storage, or set virtualization.bootSources.enabled: false.",
  ),
  VIRT_STORAGE_ACCESS_MODE: entry(
    "operators",
    "A volume asks for an access mode that its StorageClass does not have.",
    "Leave access modes to the StorageProfile, or use a class with shared volumes.",
  ),
  VIRT_STORAGE_PROFILE: entry(
    "operators",
    "CDI does not know what a StorageClass can do.",
    "Describe it under virtualization.storage.storageProfiles.",
  ),
  VIRT_BOOT_SOURCE: entry(
    "operators",
    "A boot image cannot be imported.",
    "Check the way to its registry, or set virtualization.bootSources.enabled: false.",
  ),
  VIRT_COMPONENT_NOT_READY: entry("operators", "A component of virtualization is not ready.", "Read its conditions with kubectl describe."),
  VIRT_IN_USE: entry(
    "operators",
    "There are virtual machines, so virtualization is not removed.",
    "Delete the machines first, or set virtualization.uninstallStrategy: RemoveWorkloads and update before you disable it.",
  ),
  VIRT_MANIFEST_UNREADABLE: entry(
    "config",
    "A manifest of the operators cannot be read.",
    "Check its location under virtualization, and the mirror.",
  ),
  VIRT_MANIFEST_CHECKSUM: entry(
    "config",
    "A manifest of the operators is not the one that was pinned.",
    "Look at what changed, then correct its sha256.",
  ),
  VIRT_NOT_WANTED: entry("config", "The install-config asks for no virtualization.", "Add the virtualization section and run `virt-ipi resume`."),
  VIRT_VERIFY_FAILED: entry(
    "operators",
    "Virtualization does not work as it should.",
    "Fix the first cause of the table, then run `virt-ipi verify` again.",
  ),
  VIRT_SMOKE_TEST_FAILED: entry("operators", "The test machine did not pass.", "Read the step that failed; `virt-ipi verify` shows every component."),
} as const satisfies Record<string, CatalogueEntry>;
