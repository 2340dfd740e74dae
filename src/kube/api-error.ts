import { messageOf } from "../errors/index.ts";

/** A request that got no answer in time. */
export class RequestTimeout extends Error {
  readonly code = "REQUEST_TIMEOUT";
  readonly address: string;
  constructor(address: string, milliseconds: number) {
    super(`${address} did not answer within ${milliseconds / 1000} s`);
    this.name = "RequestTimeout";
    this.address = address;
  }
}

/** An answer of the API server outside 2xx. */
export class ApiStatusError extends Error {
  readonly status: number;
  readonly path: string;
  readonly body: string;
  /** When the server wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  constructor(status: number, path: string, body: string, retryAfterMs?: number) {
    super(`HTTP ${status} for ${path}`);
    this.name = "ApiStatusError";
    this.status = status;
    this.path = path;
    this.body = body;
    this.retryAfterMs = retryAfterMs;
  }
}

/** As etcd, its client in the API server, a proxy, and the limits of annotations (256 KiB) and ConfigMaps (1 MiB) say it. */
const TOO_LARGE = /request (?:entity|is) too large|message larger than max|Too long: may not be more than \d{6,}/i;

/** Whether these words of the API server, or of who has asked it, are of an object that is too large. */
export const saysTooLarge = (text: string): boolean => TOO_LARGE.test(text);

/** How a kubelet that waits for its certificate ends a connection. Sources: Go's crypto/tls, alert 80; kubelet's certificate manager */
const NO_CERTIFICATE = /remote error: tls: internal error/;
const ASKS_KUBELET = /^\/api\/v1\/nodes\/[^/]+\/proxy\//;

interface Failure {
  readonly code: string;
  readonly message: string;
  /** `address:port` or host name, where the error knows it. */
  readonly where: string;
}

const UNKNOWN_CA = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
]);

/** The reason why an API call failed, in one line for people. Never throws; holds no secret. */
export function explainApiError(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return explainStatus(status.status, status.path, status.body);
  const failure = failureOf(error);
  if (failure === undefined) return messageOf(error);
  return explainFailure(failure);
}

function explainFailure({ code, message, where }: Failure): string {
  const server = where === "" ? "the API server" : where;
  if (UNKNOWN_CA.has(code))
    return `${server} shows a certificate that is not signed by this cluster's CA (${code}): another or an older cluster answers there`;
  switch (code) {
    case "ECONNREFUSED":
      return `connection to ${server} refused: the machine is up, no API server listens yet`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
      return `no route to ${server}: no machine has this address (${code})`;
    case "ECONNRESET":
    case "EPIPE":
    case "ECONNABORTED":
      return `connection closed by ${server}: the API server or its load balancer is not ready`;
    case "ETIMEDOUT":
    case "REQUEST_TIMEOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
      return `timeout: ${code === "REQUEST_TIMEOUT" ? message : `${server} does not answer`}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
      return `the name ${server} cannot be resolved (${code}): check the DNS entry`;
    case "CERT_HAS_EXPIRED":
      return `the certificate of ${server} has expired: check its age and this host's clock`;
    case "CERT_NOT_YET_VALID":
      return `the certificate of ${server} is not valid yet: check this host's clock and the machine's`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `the certificate of ${server} was issued for other names: ${message.replace(/^.*?altnames:\s*/i, "")}`;
    default:
      return explainTls(code, message, server) ?? message;
  }
}

function explainTls(code: string, message: string, server: string): string | undefined {
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_REQUIRED)|CERTIFICATE_REQUIRED/.test(code))
    return `${server} does not accept the client certificate of the kubeconfig (${code})`;
  if (/CERTIFICATE_EXPIRED/.test(code)) return `the client certificate of the kubeconfig has expired`;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code) || code === "EPROTO")
    return `${server} does not speak TLS: something else listens there (${firstLine(message)})`;
  return code.startsWith("ERR_SSL_") ? `TLS with ${server} failed: ${firstLine(message)}` : undefined;
}

function explainStatus(status: number, path: string, body: string): string {
  const said = statusMessage(body);
  if (status === 401)
    return "the API server does not accept the credentials of the kubeconfig (401): its client certificate has expired or is of another cluster";
  if (status === 403) return `the user of the kubeconfig may not do this (403): ${said || path}`;
  if (status === 404) return `not found (404): ${said || path}`;
  if (status === 429) return `the API server is overloaded (429): ${said || "too many requests"}`;
  if (NO_CERTIFICATE.test(said) && (ASKS_KUBELET.test(path) || said.includes(":10250")))
    return "its kubelet has no serving certificate: the request for it is not approved (kubectl get certificatesigningrequests)";
  if (status >= 500) {
    const failing = failingChecks(body);
    if (failing.length > 0) return `the API server answers but is not ready: ${failing.join(", ")} failing (${status})`;
    return `the API server answers with an error (${status}): ${said || path}`;
  }
  return `unexpected answer (${status}) for ${path}: ${said}`;
}

/** Names of the failing checks in the text of `/readyz`: lines `[-]etcd failed: reason withheld`. */
export function failingChecks(body: string): readonly string[] {
  return [...body.matchAll(/^\[-\](\S+)/gm)].map((match) => match[1] ?? "");
}

function statusMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed && typeof parsed.message === "string") return parsed.message;
  } catch {
    // Not a Status object: a proxy's page, or plain text.
  }
  return firstLine(body).slice(0, 200);
}

const firstLine = (text: string): string =>
  text
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim() ?? "";

function statusOf(error: unknown): { status: number; path: string; body: string } | undefined {
  if (error instanceof ApiStatusError) return error;
  // ApiException of @kubernetes/client-node: known by its shape, so that the package need not be loaded here.
  if (error instanceof Error && "code" in error && typeof error.code === "number" && "body" in error) {
    const body = typeof error.body === "string" ? error.body : JSON.stringify(error.body ?? "");
    return { status: error.code, path: "", body };
  }
  return undefined;
}

function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  // Several addresses tried (IPv4 and IPv6): the first failure speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors[0]);
  if ("code" in error && typeof error.code === "string") return { code: error.code, message: error.message, where: whereOf(error) };
  return error.cause === undefined ? undefined : failureOf(error.cause);
}

function whereOf(error: Error): string {
  const { address, port, hostname, host } = error as { address?: unknown; port?: unknown; hostname?: unknown; host?: unknown };
  const name = [address, hostname, host].find((value): value is string => typeof value === "string");
  if (name === undefined) return "";
  return typeof port === "number" && !name.includes(":") ? `${name}:${port}` : name;
}
