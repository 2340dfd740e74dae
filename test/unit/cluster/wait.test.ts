import { describe, expect, it, vi } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { ApiStatusError } from "../../../src/kube/index.ts";
import { waitForBootstrapComplete } from "../../../src/cluster/observe/bootstrap-complete.ts";
import { waitForInstallComplete } from "../../../src/cluster/observe/install-complete.ts";
import type { WaitOptions, WaitReport } from "../../../src/cluster/observe/wait.ts";
import { FakeClock, FakeCluster, machine, node } from "../kube/fixtures.ts";

const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED", address: "192.168.126.5", port: 6443 });
const machines = [machine("c-bootstrap", "bootstrap"), machine("c-master-0"), machine("c-worker-0", "compute")];

function setUp(change: Partial<WaitOptions> = {}) {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  const reports: WaitReport[] = [];
  const options: WaitOptions = {
    connect: async () => cluster.client(),
    machines,
    clusterDomain: "c.example.com",
    machineNetwork: ["192.168.126.0/24"],
    timeoutMs: 600_000,
    clock,
    onWait: (report) => reports.push(report),
    ...change,
  };
  return { cluster, clock, reports, options };
}

const stagesOf = (reports: readonly WaitReport[]): string[] =>
  reports.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1]);

describe("waitForBootstrapComplete", () => {
  it("tells its stages one after the other, each with the last cause", async () => {
    const { cluster, clock, reports, options } = setUp();
    cluster.down = refused;
    clock.at(10_000, () => (cluster.down = undefined));
    clock.at(20_000, () => (cluster.nodes = [node("c-master-0", false)]));
    clock.at(30_000, () => (cluster.configMap = { data: { status: "started", message: "0 of 1 members" } }));
    clock.at(40_000, () => (cluster.configMap = { data: { status: "etcd-joined" } }));
    clock.at(50_000, () => (cluster.configMap = { data: { status: "api-on-control-plane" } }));
    clock.at(60_000, () => (cluster.configMap = { data: { status: "complete" } }));
    await expect(waitForBootstrapComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 60_000 });
    expect(stagesOf(reports)).toEqual(["api", "nodes", "etcd", "bootstrap"]);
    const said = reports.map(({ reason }) => reason).join("\n");
    expect(said).toContain("192.168.126.5:6443 refused");
    expect(said).toContain("not registered yet: c-master-0");
    expect(said).not.toContain("c-worker-0");
    expect(said).toContain("0 of 1 members");
    expect(cluster.closed).toBe(1);
  });

  it("takes a lost API in the middle for a reason and goes on", async () => {
    const { cluster, clock, reports, options } = setUp();
    cluster.nodes = [node("c-master-0", false)];
    cluster.configMap = { data: { status: "etcd-joined" } };
    clock.at(10_000, () => (cluster.down = Object.assign(new Error("reset"), { code: "ECONNRESET" })));
    clock.at(30_000, () => ((cluster.down = undefined), (cluster.configMap = { data: { status: "complete" } })));
    await expect(waitForBootstrapComplete(options)).resolves.toMatchObject({ outcome: "done" });
    expect(stagesOf(reports)).toEqual(["bootstrap", "api"]);
  });

  it("gives the last reason when out of time", async () => {
    const { cluster, options } = setUp({ timeoutMs: 30_000 });
    cluster.nodes = [node("c-master-0", false)];
    cluster.configMap = { data: { status: "api-on-control-plane", message: "removing member" } };
    await expect(waitForBootstrapComplete(options)).resolves.toEqual({
      outcome: "timeout",
      stage: "bootstrap",
      lastReason: expect.stringContaining("removing member"),
      elapsedMs: 30_000,
    });
  });

  it("ends at the first fatal sign on a console, and shows the others", async () => {
    const signs = [{ machine: "c-master-0", cause: "Ignition retries", fatal: false }];
    const { cluster, clock, reports, options } = setUp({ consoleSigns: async () => [...signs] });
    cluster.down = refused;
    clock.at(60_000, () => signs.push({ machine: "c-bootstrap", cause: "No space left on device", fatal: true }));
    const result = await waitForBootstrapComplete(options);
    expect(result).toMatchObject({ outcome: "failed", stage: "api", machine: "c-bootstrap", cause: "No space left on device" });
    expect(result.elapsedMs).toBeLessThanOrEqual(70_000);
    expect(reports[0]?.reason).toContain("[console of c-master-0: Ignition retries]");
  });

  it("does not fail because consoles cannot be read", async () => {
    const { cluster, options } = setUp({ consoleSigns: () => Promise.reject(new Error("virsh")), timeoutMs: 5_000 });
    cluster.down = refused;
    await expect(waitForBootstrapComplete(options)).resolves.toMatchObject({ outcome: "timeout", stage: "api" });
  });

  it("rejects at once for a kubeconfig that cannot be used, and with the signal's reason when aborted", async () => {
    const bad = setUp({ connect: () => Promise.reject(new InstallerError("KUBECONFIG_INVALID", "bad")) });
    await expect(waitForBootstrapComplete(bad.options)).rejects.toMatchObject({ id: "KUBECONFIG_INVALID" });
    const stop = new AbortController();
    const aborted = setUp({ signal: stop.signal });
    aborted.cluster.down = refused;
    aborted.clock.at(5_000, () => stop.abort(new Error("Ctrl-C")));
    await expect(waitForBootstrapComplete(aborted.options)).rejects.toThrow("Ctrl-C");
    expect(aborted.cluster.closed).toBe(1);
  });
});

describe("waitForInstallComplete", () => {
  it("waits for every machine's node, CoreDNS and the default ServiceAccount", async () => {
    const { cluster, clock, reports, options } = setUp();
    cluster.nodes = [node("c-master-0", true)];
    clock.at(10_000, () => (cluster.nodes = [node("c-master-0", true), node("c-worker-0", false, [], "cni plugin not initialized")]));
    clock.at(20_000, () => (cluster.nodes = [node("c-master-0", true), node("c-worker-0", true)]));
    clock.at(30_000, () => (cluster.deployment = { spec: { replicas: 2, selector: {}, template: {} }, status: { availableReplicas: 1 } }));
    clock.at(40_000, () => (cluster.deployment = { status: { conditions: [{ type: "Available", status: "True" }] } }));
    clock.at(50_000, () => (cluster.serviceAccount = true));
    await expect(waitForInstallComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 50_000 });
    const said = reports.map(({ reason }) => reason);
    expect(said).toEqual([
      "nodes not registered yet: c-worker-0",
      "nodes not Ready: c-worker-0: cni plugin not initialized",
      "Deployment kube-system/coredns does not exist yet",
      "Deployment kube-system/coredns is not available: 1 of 2 pods available",
      "the controller manager has not created ServiceAccount default/default yet",
    ]);
  });

  it("waits until every kubelet answers the API server, which it does once it has a serving certificate", async () => {
    const { cluster, clock, reports, options } = setUp();
    cluster.nodes = [node("c-master-0", true), node("c-worker-0", true), node("stranger", true)];
    cluster.deployment = { status: { conditions: [{ type: "Available", status: "True" }] } };
    cluster.serviceAccount = true;
    cluster.kubelets.set("stranger", refused);
    cluster.kubelets.set("c-worker-0", new ApiStatusError(502, "/api/v1/nodes/c-worker-0/proxy/healthz", "remote error: tls: internal error"));
    clock.at(30_000, () => cluster.kubelets.set("c-worker-0", refused));
    clock.at(60_000, () => cluster.kubelets.delete("c-worker-0"));
    await expect(waitForInstallComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 60_000 });
    expect(reports.map(({ stage, reason }) => `${stage}: ${reason}`)).toEqual([
      expect.stringMatching(/^nodes: kubelets that do not answer the API server: c-worker-0: its kubelet has no serving certificate/),
      expect.stringMatching(/^api: .*refused/),
    ]);
  });

  it("does not wait for the bootstrap machine's node, nor for nodes that are not ours", async () => {
    const { cluster, options } = setUp();
    cluster.nodes = [node("c-master-0", true), node("c-worker-0", true), node("stranger", false)];
    cluster.deployment = { status: { conditions: [{ type: "Available", status: "True" }] } };
    cluster.serviceAccount = true;
    await expect(waitForInstallComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 0 });
  });

  it("counts the node of a machine that was created again once it was seen lost, or has had the time to be", async () => {
    const { cluster, clock, reports, options } = setUp({ remade: new Set(["c-worker-0"]) });
    cluster.nodes = [node("c-master-0", true), node("c-worker-0", true)];
    cluster.deployment = { status: { conditions: [{ type: "Available", status: "True" }] } };
    cluster.serviceAccount = true;
    clock.at(60_000, () => (cluster.nodes = [node("c-master-0", true), node("c-worker-0", false)]));
    clock.at(90_000, () => (cluster.nodes = [node("c-master-0", true), node("c-worker-0", true)]));
    await expect(waitForInstallComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 90_000 });
    expect(reports[0]?.reason).toBe("nodes still Ready from before their machines were created again: c-worker-0");
    // Made again, and a node again, before this wait began.
    await expect(waitForInstallComplete(options)).resolves.toEqual({ outcome: "done", elapsedMs: 240_000 });
  });

  it("takes an availability that is older than the Deployment's last change for not available", async () => {
    const { cluster, options } = setUp({ timeoutMs: 4_000 });
    cluster.nodes = [node("c-master-0", true), node("c-worker-0", true)];
    cluster.deployment = { metadata: { generation: 2 }, status: { observedGeneration: 1, conditions: [{ type: "Available", status: "True" }] } };
    await expect(waitForInstallComplete(options)).resolves.toMatchObject({ outcome: "timeout", stage: "workloads" });
  });

  it("repeats a reason that stays only every half minute", async () => {
    const onWait = vi.fn();
    const { options } = setUp({ onWait, timeoutMs: 65_000 });
    await waitForInstallComplete(options);
    expect(onWait).toHaveBeenCalledTimes(3);
  });
});
