import { expect, it } from "vitest";
import { conditionOf, until } from "../../../helpers/machine-api.ts";
import { createDaemonPod, createPod, podStatus } from "../../../helpers/machine-pods.ts";
import { quiet } from "../../../helpers/quiet.ts";
import type { Rig } from "./rig.ts";

/** How a Node is emptied before its machine goes. */
export function drain(rig: () => Rig): void {
  const policies = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

  it("evicts what a PodDisruptionBudget lets go, and waits for the rest", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("guarded");
    await machines.running("guarded");
    await createPod(machines, "guarded-db", "guarded", { labels: { app: "guarded-db" }, volumes: [{ name: "scratch", emptyDir: {} }] });
    await createPod(machines, "guarded-web", "guarded");
    await createDaemonPod(machines, "guarded-agent", "guarded");
    await machines.kube.create(policies, {
      metadata: { name: "guarded" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "guarded-db" } } },
    });
    await until("the budget is counted", async () => {
      const { status } = JSON.parse((await machines.kube.request("GET", `${policies}/guarded`)).body) as { status?: { currentHealthy?: number } };
      return status?.currentHealthy === 1;
    });
    await machines.delete("guarded");
    await until("the other pod is evicted", async () => (await podStatus(machines, "guarded-web")) === 404);
    const node = JSON.parse((await machines.kube.request("GET", "/api/v1/nodes/guarded")).body) as { spec: { unschedulable?: boolean } };
    expect(node.spec.unschedulable).toBe(true);
    // An eviction that is refused is tried again after five seconds, for twenty in all.
    await quiet(6_000);
    expect(await podStatus(machines, "guarded-db")).toBe(200);
    expect(actuator.callsOf("guarded", "delete")).toEqual([]);
    await machines.kube.request("DELETE", `${policies}/guarded`);
    await machines.untilGone("guarded");
    expect(await podStatus(machines, "guarded-db")).toBe(404);
    // Pods of a DaemonSet stay: they go with the Node.
    expect(await podStatus(machines, "guarded-agent")).toBe(200);
  });

  it("waits for hooks before it touches the Node", async () => {
    const { machines } = rig();
    await machines.createMachine("hooked", { lifecycleHooks: { preDrain: [{ name: "move-away", owner: "storage" }] } });
    await machines.running("hooked");
    await machines.delete("hooked");
    await until("the hook holds it", async () => conditionOf(await machines.get("hooked"), "Drainable")?.status === "False");
    await until("an event tells about the hook", async () => (await machines.events("hooked")).some(({ reason }) => reason === "DrainBlocked"));
    const node = JSON.parse((await machines.kube.request("GET", "/api/v1/nodes/hooked")).body) as { spec: { unschedulable?: boolean } };
    expect(node.spec.unschedulable).toBeUndefined();
    await machines.patch(machines.path("machines", "hooked"), { spec: { lifecycleHooks: { preDrain: [] } } });
    await machines.untilGone("hooked");
  });

  it("leaves out the drain, and hooks before it, where the annotation says so", async () => {
    const { machines } = rig();
    await machines.createMachine(
      "undrained",
      { lifecycleHooks: { preDrain: [{ name: "move-away", owner: "storage" }] } },
      { annotations: { "machine.openshift.io/exclude-node-draining": "" } },
    );
    await machines.running("undrained");
    await createPod(machines, "undrained-web", "undrained");
    await machines.delete("undrained");
    await machines.untilGone("undrained");
    expect(await podStatus(machines, "undrained-web")).toBe(200);
  });

  it("does not wait for pods of a Node of which nothing is heard", async () => {
    const { machines } = rig();
    await machines.createMachine("silent");
    await machines.running("silent");
    // No kubelet ends it, so that it stays for ever.
    await createPod(machines, "silent-web", "silent", { terminationGracePeriodSeconds: 3_600 });
    await machines.setNode("silent", "Unknown");
    await machines.delete("silent");
    await machines.untilGone("silent");
    const pod = JSON.parse((await machines.kube.request("GET", "/api/v1/namespaces/default/pods/silent-web")).body) as {
      metadata: { deletionGracePeriodSeconds?: number };
    };
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(1);
  });

  it("empties one control-plane Node at a time", async () => {
    const { machines } = rig();
    const names = ["control-a", "control-b"];
    for (const name of names) {
      await machines.createMachine(name);
      await machines.running(name, { labels: { "node-role.kubernetes.io/control-plane": "" } });
    }
    await createPod(machines, "control-a-db", "control-a", { labels: { app: "control-a-db" } });
    await machines.kube.create(policies, {
      metadata: { name: "control-a" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "control-a-db" } } },
    });
    await machines.delete("control-a");
    const cordoned = async (name: string): Promise<boolean> => {
      const { body } = await machines.kube.request("GET", `/api/v1/nodes/${name}`);
      return (JSON.parse(body) as { spec?: { unschedulable?: boolean } }).spec?.unschedulable === true;
    };
    await until("the first is cordoned", () => cordoned("control-a"));
    await machines.delete("control-b");
    await until("the second has to wait", async () => (await machines.events("control-b")).some(({ reason }) => reason === "DrainRequeued"));
    expect(await cordoned("control-b")).toBe(false);
    await machines.kube.request("DELETE", `${policies}/control-a`);
    for (const name of names) await machines.untilGone(name);
  });
}
