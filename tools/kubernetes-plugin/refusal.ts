import { InstallerError, type ErrorId } from "../../src/errors/index.ts";
import { ApiStatusError, explainApiError } from "../../src/kube/api-error.ts";
import { isTooLarge, isWebhookFailure } from "./cluster.ts";
import { titleOf, type Manifest } from "./manifest.ts";

/** A Status object of the API; facts: kubernetes.io/docs/reference/kubernetes-api/common-definitions/status. */
interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[] };
}

/** True for answers that say that the thing itself is not there. */
export const isNotFound = (error: unknown): error is ApiStatusError => error instanceof ApiStatusError && error.status === 404;
export const isForbidden = (error: unknown): boolean =>
  error instanceof ApiStatusError && error.status === 403 && denial(statusOf(error)) === undefined;
export const isNamespaceMissing = (error: unknown): boolean =>
  isNotFound(error) && /namespaces? "[^"]*" not found/.test(statusOf(error).message ?? "");
/** A webhook with side effects that does not say so cannot be asked in a dry run. */
export const isDryRunUnsupported = (error: unknown): boolean =>
  error instanceof ApiStatusError && error.status === 400 && /does not support dry run/.test(error.body);
export const isRequiredFieldMissing = (error: unknown): error is ApiStatusError =>
  error instanceof ApiStatusError &&
  error.status === 422 &&
  (statusOf(error).details?.causes ?? []).some(({ reason }) => reason === "FieldValueRequired");

/** What the server said about an object, as an error for people: which field, whose fault, what to do. Anything else as it is. */
export function refusal(error: unknown, manifest: Manifest): unknown {
  if (!(error instanceof ApiStatusError)) return error;
  const status = statusOf(error);
  const causes = status.details?.causes ?? [];
  const title = titleOf(manifest);
  const make = (id: ErrorId, message: string, details: readonly string[] = []): InstallerError =>
    new InstallerError(id, withoutValues(`${title}: ${message}`, manifest), {
      value: title,
      details: details.map((line) => withoutValues(line, manifest)),
    });
  const lines = causes.map(({ field, message }) => [field, message].filter((part) => part !== undefined && part !== "").join(": "));

  const conflicts = causes.filter(({ reason }) => reason === "FieldManagerConflict");
  if (conflicts.length > 0) {
    const managers = new Set(conflicts.map(({ message }) => /conflict with "([^"]+)"/.exec(message ?? "")?.[1] ?? "another manager"));
    const fields = conflicts.map(({ field, message }) => `${field ?? "?"} is set by ${/with (.*)$/.exec(message ?? "")?.[1] ?? "another manager"}`);
    return make(
      "KUBE_CONFLICT",
      `${fields.length} ${fields.length === 1 ? "field belongs" : "fields belong"} to ${[...managers].join(", ")}`,
      fields,
    );
  }
  const denied = denial(status);
  if (denied !== undefined) return make("KUBE_DENIED", denied);
  if (isWebhookFailure(error)) {
    const found = /failed calling webhook "([^"]+)": (.*)$/s.exec(status.message ?? "");
    return make("KUBE_WEBHOOK_FAILED", `the webhook ${found?.[1] ?? "?"} does not answer: ${rootCause(found?.[2] ?? status.message ?? "")}`);
  }
  if (status.reason === "AlreadyExists") return make("KUBE_EXISTS", "it exists already");
  if (error.status === 422 && /immutable|may not be changed|cannot be (changed|updated)|updates to .* are forbidden/i.test(status.message ?? ""))
    return make("KUBE_IMMUTABLE", lines[0] ?? status.message ?? "a field is immutable", lines.slice(1));
  if (isTooLarge(error)) return make("KUBE_TOO_LARGE", explainApiError(error));
  return make("KUBE_REFUSED", explainApiError(error), lines.length > 1 ? lines : []);
}

/** The reason of a webhook or a policy that said no. Messages: k8s.io/apiserver, admission/plugin/webhook/errors and policy/validating. */
function denial({ message = "" }: Status): string | undefined {
  const webhook = /admission webhook "([^"]+)" denied the request(?: without explanation)?(?:: (.*))?$/s.exec(message);
  if (webhook !== null) return `the webhook ${webhook[1]} refuses it: ${webhook[2] ?? "it gives no reason"}`;
  const policy = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request: (.*)$/s.exec(message);
  return policy === null ? undefined : `the policy ${policy[1]} refuses it: ${policy[2]}`;
}

function statusOf({ body }: ApiStatusError): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** Of `failed to call webhook: Post "https://…": dial tcp …: connect: connection refused` the part that says why. */
const rootCause = (text: string): string => text.replace(/^failed to call webhook: /, "").replace(/^Post "([^"?]+)[^"]*": /, "$1: ");

/** The server quotes what it does not like; of a Secret that must not be told. */
function withoutValues(text: string, manifest: Manifest): string {
  if (manifest.kind !== "Secret") return text;
  return text.replaceAll(/Invalid value: (?:"(?:[^"\\]|\\.)*"|\S+?)(?=: )/g, "Invalid value").replaceAll(/\bgot .*$/gm, "got something else");
}
