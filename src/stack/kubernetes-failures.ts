import type { ErrorId } from "../errors/index.ts";

/**
 * What the official kubernetes plugin says, by what it means: its messages carry no id of the catalogue. Most of them quote the
 * API server (k8s.io/apimachinery/pkg/api/errors, k8s.io/apiserver admission); the first match counts.
 */
const BY_TEXT: readonly (readonly [RegExp, ErrorId])[] = [
  [/failed calling webhook/i, "KUBE_WEBHOOK_FAILED"],
  [/admission webhook "[^"]*" denied|ValidatingAdmissionPolicy .* denied/i, "KUBE_DENIED"],
  [/field conflict|Apply failed with \d+ conflict/i, "KUBE_CONFLICT"],
  [/already exists/i, "KUBE_EXISTS"],
  [/no matches for kind|apiVersion for this resource does not exist/i, "KUBE_KIND_UNKNOWN"],
  [/immutable|updates to .* are forbidden/i, "KUBE_IMMUTABLE"],
  [/failed to fully initialize|timed out waiting|become live/i, "KUBE_NOT_READY"],
  [/cluster is unreachable|connection refused|no such host|i\/o timeout/i, "KUBE_UNREACHABLE"],
];

/** The error for a failure of an object in the cluster; undefined for any other type of resource. */
export function kubernetesErrorId(type: string, message: string): ErrorId | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  return BY_TEXT.find(([text]) => text.test(message))?.[1] ?? "KUBE_REFUSED";
}
