import { describe, expect, it } from "vitest";
import { ApiStatusError } from "../../../../src/kube/api-error.ts";
import { withIgnored } from "../../../../tools/kubernetes-plugin/ignore.ts";
import type { Manifest } from "../../../../tools/kubernetes-plugin/manifest.ts";
import { refusal } from "../../../../tools/kubernetes-plugin/refusal.ts";
import { clusterChanges, settingsOf } from "../../../../tools/kubernetes-plugin/settings.ts";

const thing: Manifest = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "it", namespace: "here" } };
const told = (status: number, message: string, causes: readonly object[] = [], manifest = thing, reason = "") =>
  refusal(new ApiStatusError(status, "/path", JSON.stringify({ kind: "Status", message, reason, details: { causes } })), manifest);

describe("what the API server refuses", () => {
  it.each([
    [403, 'admission webhook "w.example.com" denied the request: no', "KUBE_DENIED", /the webhook w\.example\.com refuses it: no/],
    [400, 'admission webhook "w.example.com" denied the request without explanation', "KUBE_DENIED", /it gives no reason/],
    [
      422,
      "things is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: too big",
      "KUBE_DENIED",
      /the policy p refuses it: too big/,
    ],
    [
      500,
      'Internal error occurred: failed calling webhook "w": failed to call webhook: Post "https://a.b.svc:443/x?timeout=10s": no endpoints available for service "a"',
      "KUBE_WEBHOOK_FAILED",
      /w does not answer: https:\/\/a\.b\.svc:443\/x: no endpoints/,
    ],
    [422, 'Thing "it" is invalid: spec.a: Invalid value: "b": field is immutable', "KUBE_IMMUTABLE", /field is immutable/],
    [422, 'Thing "it" is invalid: spec.a: Required value', "KUBE_REFUSED", /Required value/],
    [403, 'things is forbidden: User "u" cannot patch resource', "KUBE_REFUSED", /cannot patch resource/],
  ])("%i %s", (status, message, id, text) => {
    expect(told(status, message)).toMatchObject({ id, message: expect.stringMatching(text) as string, value: "Thing here/it" });
  });

  it("is told with each field and its manager when it is a conflict", () => {
    const causes = [
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl-edit" using v1', field: ".spec.a" },
      { reason: "FieldManagerConflict", message: 'conflict with "hpa" with subresource "scale" using v1', field: ".spec.replicas" },
    ];
    expect(told(409, "Apply failed with 2 conflicts", causes)).toMatchObject({
      id: "KUBE_CONFLICT",
      details: ['.spec.a is set by "kubectl-edit" using v1', '.spec.replicas is set by "hpa" with subresource "scale" using v1'],
    });
  });

  it.each([
    ['Secret "s" is invalid: data[a]: Invalid value: "planted": bad', /Invalid value: bad/],
    ["failed to create typed patch object: .data: expected map, got &{planted}", /got something else/],
  ])("holds no value of a Secret: %s", (message, text) => {
    const error = told(
      422,
      message,
      [
        { message, field: "data" },
        { message, field: "data" },
      ],
      { ...thing, apiVersion: "v1", kind: "Secret" },
    );
    expect(error).toMatchObject({ message: expect.stringMatching(text) as string });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).cause])).not.toContain("planted");
  });
});

describe("a field under ignoreChanges", () => {
  const live: Manifest = {
    ...thing,
    metadata: {
      name: "it",
      managedFields: [
        { manager: "ours", operation: "Apply", fieldsV1: { "f:spec": { "f:mine": {}, "f:shared": {} } } },
        { manager: "theirs", operation: "Update", fieldsV1: { "f:spec": { "f:taken": {}, "f:shared": {} } } },
      ],
    },
    spec: { mine: 1, shared: 1, taken: 1, nobodys: 1 },
  };

  it("is left out where only another owns it, and goes along as it is elsewhere", () => {
    const wanted = { ...thing, spec: { mine: 2, shared: 2, taken: 2, nobodys: 2, other: 2 } };
    const applied = withIgnored(wanted, ["spec.mine", "spec.shared", "spec.taken", "spec.nobodys"], live, "ours");
    expect(applied["spec"]).toEqual({ mine: 1, shared: 1, nobodys: 1, other: 2 });
    expect(wanted.spec.mine).toBe(2);
  });
});

describe("settings", () => {
  const kubeconfig = (server: string, user = "a"): string =>
    `current-context: c\ncontexts: [{ name: c, context: { cluster: k, user: ${user} } }]\nclusters: [{ name: k, cluster: { server: "${server}" } }]\n`;

  it("make everything anew for another cluster, not for another way to the same", () => {
    expect(clusterChanges({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://a", "b") }, {})).toEqual([]);
    expect(clusterChanges({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://b") }, {})).toEqual(["kubeconfig"]);
    const identified = (server: string, clusterIdentifier: string) => ({ kubeconfig: kubeconfig(server), clusterIdentifier });
    expect(clusterChanges(identified("https://a", "1"), identified("https://b", "1"), {})).toEqual([]);
    expect(clusterChanges(identified("https://a", "1"), identified("https://a", "2"), {})).toEqual(["clusterIdentifier"]);
  });

  it("come from the configuration, else from the variables that the official plugin reads", () => {
    expect(settingsOf({ kubeconfig: "a\nb", deleteUnreachable: "true" }, {})).toMatchObject({ kubeconfig: "a\nb", deleteUnreachable: true });
    expect(settingsOf({ kubeconfig: "a\nb" }, { PULUMI_K8S_DELETE_UNREACHABLE: "true" })).toMatchObject({ deleteUnreachable: true });
    expect(settingsOf({ kubeconfig: "a\nb", deleteUnreachable: "false" }, {})).toMatchObject({ deleteUnreachable: false });
  });
});
