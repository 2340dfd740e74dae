import { expect, it } from "vitest";
import { missingNodes, notReadyReason, summarizeNodes } from "../../../src/cluster/observe/nodes.ts";
import { machine, node } from "../kube/fixtures.ts";

const machines = [machine("c-bootstrap", "bootstrap"), machine("c-master-0"), machine("c-worker-0", "compute"), machine("c-worker-1", "compute")];

it("lists every machine that becomes a node, then the nodes that are not ours", () => {
  const ready = Object.assign(node("c-master-0", true, ["192.168.126.10"]), { spec: { unschedulable: true } });
  const summary = summarizeNodes(machines, [node("stranger", true), ready, node("c-worker-0", false, [], "disk pressure")]);
  expect(summary).toEqual([
    { name: "c-master-0", role: "control-plane", state: "ready", unschedulable: true, addresses: ["192.168.126.10"] },
    { name: "c-worker-0", role: "compute", state: "not-ready", reason: "disk pressure", unschedulable: false, addresses: [] },
    { name: "c-worker-1", role: "compute", state: "missing", reason: "not registered", unschedulable: false, addresses: [] },
    { name: "stranger", role: "compute", state: "unknown", unschedulable: false, addresses: [] },
  ]);
});

it("names missing machines in their order, and says why a node is not Ready even if kubelet is silent", () => {
  expect(missingNodes(machines.slice(1), [node("c-worker-0", true)])).toEqual(["c-master-0", "c-worker-1"]);
  expect(notReadyReason(node("c-master-0", undefined))).toBe("c-master-0: kubelet has not reported yet");
  expect(notReadyReason(node("c-master-0", true))).toBeUndefined();
});
