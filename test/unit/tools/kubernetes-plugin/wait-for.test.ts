import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../../tools/kubernetes-plugin/manifest.ts";
import { readinessOf } from "../../../../tools/kubernetes-plugin/readiness.ts";
import { parseWaitFor } from "../../../../tools/kubernetes-plugin/wait-for.ts";

const live = (status: object, metadata: object = {}, rest: object = {}): Manifest => ({
  apiVersion: "example.com/v1",
  kind: "Thing",
  ...rest,
  metadata: { name: "it", ...metadata },
  status,
});
const reasons = (text: string, object: Manifest): readonly (string | undefined)[] => parseWaitFor(text).map((expectation) => expectation(object));

describe("pulumi.com/waitFor", () => {
  it.each([
    ["condition=Ready", { conditions: [{ type: "Ready", status: "True" }] }, undefined],
    ["condition=Ready", {}, "condition Ready is not reported yet"],
    ["condition=Ready", { conditions: [{ type: "Ready", status: "False", reason: "R", message: "m" }] }, "condition Ready is False (R: m)"],
    ["condition=Degraded=False", { conditions: [{ type: "Degraded", status: "False" }] }, undefined],
    ["jsonpath={.status.phase}=Running", { phase: "Running" }, undefined],
    ["jsonpath={.status.phase}=Running", { phase: "Pending" }, ".status.phase is Pending, not Running"],
    ["jsonpath={.status.phase}", {}, ".status.phase is not there yet"],
    ["jsonpath={.status.ready}=3", { ready: 3 }, undefined],
    ["jsonpath={.status.list[0].a}=1", { list: [{ a: 1 }] }, undefined],
    ["jsonpath={.status.list[-1].a}=2", { list: [{ a: 1 }, { a: 2 }] }, undefined],
    ["jsonpath={.status.list[*].a}=2", { list: [{ a: 1 }, { a: 2 }] }, undefined],
    ["jsonpath={.status['a.b']}=x", { "a.b": "x" }, undefined],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', { conditions: [{ type: "Ready", status: "True" }] }, undefined],
    [
      "jsonpath={$.status.conditions[?@.type=='Ready'].status}=True",
      { conditions: [{ type: "Other", status: "True" }] },
      expect.stringContaining("not there yet"),
    ],
  ])("%s of %j", (text, status, reason) => {
    expect(reasons(text, live(status))).toEqual([reason]);
  });

  it("takes a list, and a condition of an older generation for none", () => {
    const object = live({ phase: "x", observedGeneration: 1, conditions: [{ type: "Ready", status: "True" }] }, { generation: 2 });
    expect(reasons('["condition=Ready","jsonpath={.status.phase}=x"]', object)).toEqual([
      "its controller has not looked at the change yet",
      undefined,
    ]);
  });

  it.each(["Ready", "[]", "jsonpath=.status", "jsonpath={..a}", "jsonpath={.a[1:2]}", "jsonpath={}", '["condition=A","x"]'])("refuses %s", (text) => {
    expect(() => parseWaitFor(text)).toThrow(expect.objectContaining({ id: "USAGE" }) as Error);
  });
});

describe("kinds that are waited for by themselves", () => {
  const judge = (apiVersion: string, kind: string, spec: object, status: object, found?: unknown) =>
    readinessOf({ apiVersion, kind, metadata: {} })?.(
      live(status, { generation: 2, namespace: "n" }, { apiVersion, kind, spec }),
      () => Promise.resolve(found),
      false,
    );

  it.each([
    ["apps/v1", "Deployment", { replicas: 2 }, { observedGeneration: 1 }, "its controller has not looked at it yet"],
    ["apps/v1", "Deployment", { replicas: 2 }, { observedGeneration: 2, updatedReplicas: 1 }, "1 of 2 replicas are updated"],
    [
      "apps/v1",
      "Deployment",
      { replicas: 2 },
      { observedGeneration: 2, updatedReplicas: 2, replicas: 3, availableReplicas: 2 },
      "1 old replicas have not ended yet",
    ],
    ["apps/v1", "Deployment", { replicas: 2 }, { observedGeneration: 2, updatedReplicas: 2, replicas: 2, availableReplicas: 2 }, undefined],
    ["apps/v1", "Deployment", { replicas: 0 }, { observedGeneration: 2 }, undefined],
    [
      "apps/v1",
      "DaemonSet",
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 1 },
      "1 of 3 pods are available",
    ],
    [
      "v1",
      "Pod",
      {},
      { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
      "it is Pending (Unschedulable)",
    ],
    ["v1", "Pod", {}, { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }, undefined],
    ["v1", "Service", { type: "ExternalName" }, {}, undefined],
    ["v1", "Service", { clusterIP: "None", selector: { a: "b" } }, {}, undefined],
    ["v1", "Service", { selector: { a: "b" } }, {}, "no pod that its selector names is ready"],
    ["v1", "Service", { type: "LoadBalancer" }, {}, "its load balancer has no address yet"],
    ["v1", "PersistentVolumeClaim", {}, { phase: "Pending" }, "it is Pending: there is no storage class for it"],
    ["v1", "PersistentVolumeClaim", { storageClassName: "x" }, { phase: "Pending" }, "it is Pending: there is no storage class x"],
  ])("%s %s %j %j", async (apiVersion, kind, spec, status, reason) => {
    expect(await judge(apiVersion, kind, spec, status)).toBe(reason);
  });

  it("takes a claim whose class waits for its first pod, and a service with an endpoint", async () => {
    expect(
      await judge("v1", "PersistentVolumeClaim", { storageClassName: "x" }, { phase: "Pending" }, { volumeBindingMode: "WaitForFirstConsumer" }),
    ).toBeUndefined();
    expect(await judge("v1", "Service", { selector: { a: "b" } }, {}, { items: [{ endpoints: [{ conditions: { ready: true } }] }] })).toBeUndefined();
  });

  it.each([
    ["batch/v1", "Job", { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] }],
    ["v1", "Pod", { phase: "Failed", reason: "Evicted" }],
    ["apps/v1", "Deployment", { observedGeneration: 2, conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }] }],
  ])("waits no longer for a %s %s that has failed", async (apiVersion, kind, status) => {
    await expect(async () => judge(apiVersion, kind, {}, status)).rejects.toMatchObject({ id: "KUBE_NOT_READY" });
  });

  it("waits for nothing else", () => {
    expect(readinessOf({ apiVersion: "v1", kind: "ConfigMap", metadata: {} })).toBeUndefined();
  });
});
