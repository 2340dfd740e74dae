import { type CatalogueEntry, entry } from "./entry.ts";

/** The Kubernetes API and its objects. */
export const KUBERNETES_ERRORS = {
  KUBECONFIG_INVALID: entry(
    "other",
    "The kubeconfig of the cluster cannot be used.",
    "Restore auth/kubeconfig, or create it again with `virt-ipi create ignition-configs`.",
  ),
  KUBE_UNREACHABLE: entry(
    "install",
    "The API server of the cluster does not answer.",
    "Check that the cluster runs and that this host reaches it; nothing in the state is lost, run it again.",
  ),
  KUBE_KIND_UNKNOWN: entry(
    "install",
    "The cluster does not know this kind of object.",
    "Create its CustomResourceDefinition, or install the operator that brings it, first.",
  ),
  KUBE_CONFLICT: entry(
    "install",
    "Another manager owns fields of an object.",
    "Undo what the other has set, or take its fields over: run it again with PULUMI_K8S_ENABLE_PATCH_FORCE=true in the environment.",
  ),
  KUBE_EXISTS: entry(
    "install",
    "An object of this name exists already, and is not in the state.",
    "Import it, use a Patch resource, or let the provider take existing objects over with upsertExistingObjects.",
  ),
  KUBE_IMMUTABLE: entry(
    "install",
    "A field of an object cannot be changed after it is created.",
    "Undo the change, or have the object created again with replaceOnChanges.",
  ),
  KUBE_KEY_HELD: entry(
    "install",
    "A key of an object cannot be taken out, since another manager has it as an empty object.",
    "Take it out of the cluster's object, with `kubectl patch --type=merge` and null for the key named, and run it again. Of the resources of virtualization a run does this itself.",
  ),
  KUBE_DENIED: entry("install", "An admission rule of the cluster refuses an object.", "Correct what the rule names, or change the rule."),
  KUBE_WEBHOOK_FAILED: entry(
    "install",
    "An admission webhook of the cluster does not answer.",
    "Check the pods and the endpoints behind the webhook's service; a webhook whose operator is gone has to be deleted.",
  ),
  KUBE_TOO_LARGE: entry(
    "install",
    "An object is larger than the cluster takes.",
    "Shorten it: of a CustomResourceDefinition the descriptions, of a ConfigMap the data. etcd takes 1.5 MiB unless its --max-request-bytes says more.",
  ),
  KUBE_REFUSED: entry("install", "The API server refuses an object.", "Correct what its message names."),
  KUBE_NOT_READY: entry(
    "install",
    "An object of the cluster did not become ready in time.",
    "Read the last cause; another run continues waiting. The annotation pulumi.com/timeoutSeconds gives more time.",
  ),
  KUBE_DELETION_STUCK: entry(
    "install",
    "An object of the cluster is not gone in time.",
    "Look at the finalizers named: the controller that removes them has to run.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
