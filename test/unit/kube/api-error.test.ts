import { describe, expect, it } from "vitest";
import { ApiStatusError, explainApiError, RequestTimeout, saysTooLarge } from "../../../src/kube/api-error.ts";

const failure = (code: string, fields: object = {}, message = code): Error =>
  Object.assign(new Error(message), { code, address: "192.168.126.5", port: 6443 }, fields);
const readyz = "[+]ping ok\n[-]etcd failed: reason withheld\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\nreadyz check failed\n";

const kubeletAlert = JSON.stringify({
  kind: "Status",
  message: 'Get "https://192.168.126.20:10250/containerLogs/a/b/c?tailLines=5": remote error: tls: internal error',
});

describe("explainApiError", () => {
  it.each([
    [failure("ECONNREFUSED"), "connection to 192.168.126.5:6443 refused"],
    [failure("EHOSTUNREACH"), "no route to 192.168.126.5:6443"],
    [failure("ENETUNREACH"), "no route to 192.168.126.5:6443"],
    [failure("ECONNRESET", {}, "socket hang up"), "connection closed by 192.168.126.5:6443"],
    [failure("ETIMEDOUT"), "timeout: 192.168.126.5:6443 does not answer"],
    [new RequestTimeout("192.168.126.5:6443", 10_000), "timeout: 192.168.126.5:6443 did not answer within 10 s"],
    [
      failure("ENOTFOUND", { address: undefined, port: undefined, hostname: "api.c.example.com" }),
      "the name api.c.example.com cannot be resolved (ENOTFOUND)",
    ],
    [failure("SELF_SIGNED_CERT_IN_CHAIN"), "not signed by this cluster's CA"],
    [failure("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "not signed by this cluster's CA"],
    [failure("CERT_HAS_EXPIRED"), "the certificate of 192.168.126.5:6443 has expired"],
    [failure("CERT_NOT_YET_VALID"), "not valid yet"],
    [
      failure("ERR_TLS_CERT_ALTNAME_INVALID", {}, "Hostname/IP does not match certificate's altnames: IP: 1.2.3.4 is not in the cert's list"),
      "issued for other names: IP: 1.2.3.4",
    ],
    [failure("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"), "does not accept the client certificate"],
    [failure("ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED"), "client certificate of the kubeconfig has expired"],
    [failure("ERR_SSL_WRONG_VERSION_NUMBER"), "does not speak TLS"],
    [new AggregateError([failure("ECONNREFUSED"), failure("ENETUNREACH")]), "connection to 192.168.126.5:6443 refused"],
    [new TypeError("fetch failed", { cause: failure("ECONNREFUSED") }), "connection to 192.168.126.5:6443 refused"],
    [new ApiStatusError(401, "/readyz", '{"kind":"Status","message":"Unauthorized"}'), "(401): its client certificate has expired"],
    [new ApiStatusError(403, "/x", '{"kind":"Status","message":"nodes is forbidden"}'), "(403): nodes is forbidden"],
    [new ApiStatusError(404, "/x", "404 page not found\n"), "not found (404): 404 page not found"],
    [new ApiStatusError(429, "/x", ""), "overloaded (429)"],
    [new ApiStatusError(500, "/readyz", readyz), "not ready: etcd, poststarthook/rbac/bootstrap-roles failing (500)"],
    [new ApiStatusError(503, "/x", "<html>\nno backend</html>"), "error (503): <html>"],
    [new ApiStatusError(500, "/api/v1/namespaces/a/pods/b/log", kubeletAlert), "its kubelet has no serving certificate"],
    [
      new ApiStatusError(502, "/api/v1/nodes/a/proxy/healthz", "error trying to reach service: remote error: tls: internal error"),
      "its kubelet has no",
    ],
    [
      new ApiStatusError(500, "/apis/a/v1/b", "failed calling webhook: remote error: tls: internal error"),
      "answers with an error (500): failed calling",
    ],
    [Object.assign(new Error("HTTP-Code: 500"), { code: 500, body: readyz, headers: {} }), "not ready: etcd"],
    [new Error("something new", { cause: new Error("below it") }), "something new: below it"],
    ["a string", "a string"],
    [undefined, "undefined"],
  ])("%s -> %s", (error, expected) => {
    expect(explainApiError(error)).toContain(expected);
  });

  it("brackets no more than one port to an IPv6 address", () => {
    expect(explainApiError(failure("ECONNREFUSED", { address: "fd00::5" }))).toContain("fd00::5");
  });
});

describe("saysTooLarge", () => {
  // Sources: etcd (ErrRequestTooLarge), grpc-go, k8s.io/apimachinery (field.TooLong, StatusReasonRequestEntityTooLarge)
  it.each([
    "etcdserver: request is too large",
    "rpc error: code = ResourceExhausted desc = trying to send message larger than max (2100100 vs. 2097152)",
    "Request entity too large: limit is 3145728",
    'CustomResourceDefinition "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    "[]: Too long: may not be more than 1048576 bytes",
  ])("takes %s for it", (text) => {
    expect(saysTooLarge(text)).toBe(true);
  });

  it.each(["spec.hostname: Too long: may not be more than 64 bytes", "etcdserver: request timed out", "too many requests"])("not %s", (text) => {
    expect(saysTooLarge(text)).toBe(false);
  });
});
