import { describe, expect, it } from "vitest";
import { operatorsReason, versionReason, waitForOpenShiftInstall } from "../../../src/cluster/observe/openshift-install.ts";
import { waitForOpenShiftBootstrap } from "../../../src/cluster/observe/openshift-bootstrap.ts";
import type { PlainWaitOptions, WaitReport } from "../../../src/cluster/observe/wait.ts";
import { FakeClock, FakeCluster, node } from "../kube/fixtures.ts";

const conditions = (all: Readonly<Record<string, string>>, message?: string) => ({
  status: { conditions: Object.entries(all).map(([type, status]) => ({ type, status, ...(message === undefined ? {} : { message }) })) },
});
const INSTALLED = conditions({ Available: "True", Failing: "False", Progressing: "False" });
const operator = (name: string, progressing: string, message = "") => ({ metadata: { name }, ...conditions({ Progressing: progressing }, message) });

function setUp(timeoutMs = 600_000) {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  const reports: WaitReport[] = [];
  const options: PlainWaitOptions = { connect: async () => cluster.client(), timeoutMs, clock, onWait: (report) => reports.push(report) };
  return { cluster, clock, reports, options, said: () => reports.map(({ stage, reason }) => `${stage}: ${reason}`).join("\n") };
}

describe("the version operator's word", () => {
  it.each([
    ["no object", undefined, "there is no ClusterVersion yet"],
    ["no conditions", {}, "has not reported yet"],
    ["an unknown state", conditions({ Available: "True", Failing: "Unknown", Progressing: "False" }), "has not reported yet"],
    ["work", conditions({ Available: "False", Failing: "False", Progressing: "True" }, "654 of 900 done"), "654 of 900 done"],
    ["work without a text", conditions({ Progressing: "True" }), "is at work"],
    ["a failure before work", conditions({ Failing: "True", Progressing: "True" }, "ingress is not available"), "reports: ingress is not available"],
    ["a failure though available", conditions({ Available: "True", Failing: "True", Progressing: "False" }, "degraded"), "reports: degraded"],
    ["not available", conditions({ Available: "False", Failing: "False", Progressing: "False" }), "has not reported yet"],
  ])("%s keeps waiting", (_, version, reason) => {
    expect(versionReason(version)).toContain(reason);
  });

  it("ends it when available, not failing and not progressing", () => {
    expect(versionReason(INSTALLED)).toBeUndefined();
  });
});

it("operators that progress are named, a few of them, with what they say", () => {
  expect(operatorsReason([])).toBe("no operator has reported yet");
  expect(operatorsReason([operator("dns", "False")])).toBeUndefined();
  expect(operatorsReason([operator("dns", "False"), operator("etcd", "True", "2 of 3 revisions"), { metadata: { name: "new" } }])).toBe(
    "2 of 3 operators are progressing: etcd (2 of 3 revisions), new",
  );
  expect(operatorsReason(["a", "b", "c", "d", "e"].map((name) => operator(name, "True")))).toBe(
    "5 of 5 operators are progressing: a, b, c and 2 more",
  );
});

describe("bootstrapping", () => {
  it("is complete by the ConfigMap, whatever nodes are called, and says meanwhile how many there are", async () => {
    const { cluster, clock, options, said } = setUp();
    cluster.nodes = [node("any-name.example.com", true), node("other", false)];
    clock.at(10_000, () => (cluster.configMap = { data: { status: "complete" } }));
    await expect(waitForOpenShiftBootstrap(options)).resolves.toEqual({ outcome: "done", elapsedMs: 10_000 });
    expect(said()).toMatch(/^bootstrap: the bootstrap machine has not reported yet .*; nodes: 2 registered, 1 Ready/);
    expect(cluster.closed).toBe(1);
  });
});

describe("the installation", () => {
  it("is complete when the version is, and operators have been quiet for half a minute", async () => {
    const { cluster, clock, options, said } = setUp();
    clock.at(10_000, () => (cluster.version = conditions({ Available: "False", Progressing: "True" }, "400 of 900 done")));
    clock.at(20_000, () => ((cluster.version = INSTALLED), (cluster.operators = [operator("console", "True")])));
    clock.at(30_000, () => (cluster.operators = [operator("console", "False")]));
    // One that begins again has to be quiet again.
    clock.at(50_000, () => (cluster.operators = [operator("console", "True", "rolling out")]));
    clock.at(60_000, () => (cluster.operators = [operator("console", "False")]));
    await expect(waitForOpenShiftInstall(options)).resolves.toEqual({ outcome: "done", elapsedMs: 90_000 });
    expect(said()).toContain("version: 400 of 900 done");
    expect(said()).toContain("operators: 1 of 1 operators are progressing: console (rolling out)");
  });

  it("names requests that wait for approval, and approves none", async () => {
    const { cluster, options } = setUp(30_000);
    cluster.version = conditions({ Progressing: "True" }, "waiting on ingress");
    const request = (name: string, signerName: string, decided = false) =>
      ({
        metadata: { name },
        spec: { signerName, request: "" },
        status: decided ? { conditions: [{ type: "Approved", status: "True" }] } : {},
      }) as never;
    cluster.csrs = [
      request("csr-a", "kubernetes.io/kube-apiserver-client-kubelet"),
      request("csr-b", "kubernetes.io/kubelet-serving"),
      request("csr-c", "kubernetes.io/kubelet-serving", true),
      request("csr-d", "example.com/other"),
    ];
    await expect(waitForOpenShiftInstall(options)).resolves.toMatchObject({
      outcome: "timeout",
      stage: "version",
      lastReason: "waiting on ingress [2 certificate requests wait for approval: csr-a, csr-b]",
    });
    expect(cluster.approved).toEqual([]);
  });
});
