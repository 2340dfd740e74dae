import type { ErrorId } from "../errors/index.ts";

/** How a request ends that got no answer. Sources: Go's net, net/http, and golang.org/x/net/http2 */
const BROKEN =
  /connection re(?:fused|set)|broken pipe|\bEOF\b|TLS handshake timeout|i\/o timeout|no such host|no route to host|network is unreachable|client connection (?:lost|force closed)|server sent GOAWAY|use of closed network connection|Client\.Timeout/;
/** An API server that starts, ends, or has lost its etcd. Sources: apimachinery's errors, etcd's rpctypes */
const BUSY =
  /server is currently unable to handle the request|too many requests|apiserver is (?:not ready|shutting down)|etcdserver: (?:request timed out|leader changed|no leader|not capable)/i;
/** A request as Go's net/url names it, and what it ended by. A probe of a pod, which the API server quotes, is not ours. */
const REQUEST = new RegExp(`(?<!probe failed: )\\b(?:Get|Head|Post|Put|Patch|Delete) "https?://[^"]*":.*?(?:${BROKEN.source})`, "s");

/**
 * What the official kubernetes plugin says, by what it means: its messages carry no id of the catalogue. Most of them quote the
 * API server (k8s.io/apimachinery/pkg/api/errors, k8s.io/apiserver admission); the first match counts.
 */
const BY_TEXT: readonly (readonly [RegExp, ErrorId])[] = [
  [/failed calling webhook/i, "KUBE_WEBHOOK_FAILED"],
  [/admission webhook "[^"]*" denied|ValidatingAdmissionPolicy .* denied/i, "KUBE_DENIED"],
  [REQUEST, "KUBE_UNREACHABLE"],
  [BUSY, "KUBE_UNREACHABLE"],
  [/field conflict|Apply failed with \d+ conflict/i, "KUBE_CONFLICT"],
  [/already exists/i, "KUBE_EXISTS"],
  [/is too large|Too long: (?:must have at most|may not be more than) \d+ bytes|message larger than max/i, "KUBE_TOO_LARGE"],
  [/no matches for kind|apiVersion for this resource does not exist/i, "KUBE_KIND_UNKNOWN"],
  [/immutable|updates to .* are forbidden/i, "KUBE_IMMUTABLE"],
  // Server-side apply leaves null where the last key of an object goes that an operator has written as {} itself.
  [/in body must be of type object: "null"/, "KUBE_KEY_HELD"],
  // The same as is said of an object that does not become ready, although the update was refused.
  [/ is invalid: /, "KUBE_REFUSED"],
  [/failed to fully initialize|become live/i, "KUBE_NOT_READY"],
  // Of a deletion it says no more; what holds the object is in a warning before.
  [/timed out waiting for the condition/i, "KUBE_DELETION_STUCK"],
  [/cluster is unreachable/i, "KUBE_UNREACHABLE"],
  [BROKEN, "KUBE_UNREACHABLE"],
];

/** The error for a failure of an object in the cluster; undefined for any other type of resource. */
export function kubernetesErrorId(type: string, message: string): ErrorId | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  return BY_TEXT.find(([text]) => text.test(message))?.[1] ?? "KUBE_REFUSED";
}
