import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeAdmission } from "../../../src/assets/manifests/index.ts";
import { planMachines } from "../../../src/config/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { until } from "../../helpers/machine-api.ts";
import type { TestPair } from "../../helpers/pki.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** Nodes with their own certificates at a real API server that has our policy: what a kubelet does, and what one that was taken over tries. */
const spec = makeSpec(1, 2);
const [MASTER, WORKER, LATER] = ["demo-x7k2p-master-0", "demo-x7k2p-worker-0", "demo-x7k2p-worker-7"] as const;
const PLANNED: Readonly<Record<string, string>> = { [MASTER]: "192.168.126.10", [WORKER]: "192.168.126.20", [LATER]: "192.168.126.120" };

let cluster: KubeControlPlane;
const nodes = new Map<string, TestPair>();

beforeAll(async () => {
  cluster = await startKubeControlPlane({ nodeRestriction: true });
  for (const [kind, object] of nodeAdmission(spec, planMachines(spec, IDENTITY)).objects.map((each) => [each.kind, each] as const)) {
    const plural = kind === "ValidatingAdmissionPolicy" ? "validatingadmissionpolicies" : "validatingadmissionpolicybindings";
    await cluster.create(`/apis/admissionregistration.k8s.io/v1/${plural}?fieldValidation=Strict`, object);
  }
  for (const name of [MASTER, WORKER, LATER])
    nodes.set(name, await cluster.issue({ commonName: `system:node:${name}`, organizations: ["system:nodes"] }));
  // The API server takes a while to know a policy.
  const isTaken = async (change: Parameters<typeof node>[1]): Promise<boolean> =>
    (await as(WORKER, "POST", "/api/v1/nodes?dryRun=All", node(WORKER, change))).status === 201;
  const wrong = [{ spec: { podCIDR: "10.128.0.0/23" } }, { addresses: [internal("192.168.126.5")] }];
  await until("the policy is in force", async () => {
    for (const change of wrong) if (await isTaken(change)) return false;
    return await isTaken({});
  });
});

afterAll(() => cluster?.dispose());

const as = (name: string, method: string, path: string, body: unknown) => cluster.request(method, path, body, nodes.get(name));

const internal = (address: string) => ({ type: "InternalIP", address });
const addresses = (name: string, ...more: readonly object[]) => [internal(PLANNED[name] ?? ""), { type: "Hostname", address: name }, ...more];

function node(name: string, change: { labels?: object; spec?: object; addresses?: readonly object[] } = {}) {
  const labels = { "kubernetes.io/hostname": name, ...change.labels };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: change.spec ?? {},
    status: { addresses: change.addresses ?? addresses(name) },
  };
}

const TAINT = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };

describe("a kubelet", () => {
  it.each([MASTER, WORKER, LATER])("registers %s, tells its state, and goes on once it has a pod network and labels", async (name) => {
    const made = await as(name, "POST", "/api/v1/nodes", node(name, name === MASTER ? { spec: { taints: [TAINT] } } : {}));
    expect(made.status, made.body).toBe(201);
    const spec = { podCIDR: `10.128.${[...nodes.keys()].indexOf(name) * 2}.0/23`, providerID: "x://1" };
    expect(
      (await cluster.request("PATCH", `/api/v1/nodes/${name}`, { spec, metadata: { labels: { "node-role.kubernetes.io/worker": "" } } })).status,
    ).toBe(200);
    for (const path of [`/api/v1/nodes/${name}`, `/api/v1/nodes/${name}/status`]) {
      const told = await as(name, "PATCH", path, { metadata: { annotations: { told: path } }, status: { addresses: addresses(name) } });
      expect(told.status, told.body).toBe(200);
    }
  });

  it("keeps an address that somebody else has set", async () => {
    const others = [{ type: "ExternalIP", address: "203.0.113.9" }];
    expect((await cluster.request("PATCH", `/api/v1/nodes/${LATER}/status`, { status: { addresses: addresses(LATER, ...others) } })).status).toBe(
      200,
    );
    const told = await as(LATER, "PATCH", `/api/v1/nodes/${LATER}/status`, { status: { addresses: addresses(LATER, ...others) } });
    expect(told.status, told.body).toBe(200);
    expect((await as(LATER, "PATCH", `/api/v1/nodes/${LATER}/status`, { status: { addresses: addresses(LATER) } })).status).toBe(200);
  });
});

describe("a node that was taken over", () => {
  it.each<[what: string, name: string, change: Parameters<typeof node>[1]]>([
    ["with a podCIDR", WORKER, { spec: { podCIDR: "10.128.0.0/23", podCIDRs: ["10.128.0.0/23"] } }],
    ["with another's providerID", WORKER, { spec: { providerID: "vsphere://1" } }],
    ["as control plane", WORKER, { labels: { "node-role.kubernetes.io/control-plane": "" } }],
    ["with the API's address", LATER, { addresses: [internal("192.168.126.5")] }],
  ])("does not register %s", async (_what, name, change) => {
    expect((await cluster.request("DELETE", `/api/v1/nodes/${name}`)).status).toBe(200);
    const answer = await as(name, "POST", "/api/v1/nodes", node(name, change));
    expect([403, 422], answer.body).toContain(answer.status);
    expect((await as(name, "POST", "/api/v1/nodes", node(name))).status).toBe(201);
  });

  it.each<[what: string, name: string, patch: object]>([
    ["choose its podCIDR", WORKER, { spec: { podCIDR: "10.128.4.0/23", podCIDRs: ["10.128.4.0/23"] } }],
    ["choose its podCIDRs alone", WORKER, { spec: { podCIDRs: ["10.128.4.0/23"] } }],
    ["choose a providerID", WORKER, { spec: { providerID: "vsphere://1" } }],
    ["make itself unschedulable", WORKER, { spec: { unschedulable: true } }],
    ["taint itself", WORKER, { spec: { taints: [TAINT] } }],
    ["label itself control plane", WORKER, { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } }],
    ["label itself master", WORKER, { metadata: { labels: { "node-role.kubernetes.io/master": "" } } }],
    ["change another node", MASTER, { metadata: { labels: { "example.com/mine": "" } } }],
  ])("cannot %s", async (_what, name, patch) => {
    for (const path of [`/api/v1/nodes/${name}`, `/api/v1/nodes/${name}/status`]) {
      const before = await cluster.request("GET", `/api/v1/nodes/${name}`);
      const answer = await as(WORKER, "PATCH", path, patch);
      // The status alone is changed by the second path: a spec that comes with it goes by without effect.
      if (!path.endsWith("/status") || !("spec" in patch)) expect([403, 422], answer.body).toContain(answer.status);
      expect(shape((await cluster.request("GET", `/api/v1/nodes/${name}`)).body)).toEqual(shape(before.body));
    }
  });

  it("can do nothing about a podCIDR that is its own already", async () => {
    expect(
      (await cluster.request("PATCH", `/api/v1/nodes/${WORKER}`, { spec: { podCIDR: "10.128.8.0/23", podCIDRs: ["10.128.8.0/23"] } })).status,
    ).toBe(200);
    for (const podCIDR of ["10.128.4.0/23", null]) {
      const answer = await as(WORKER, "PATCH", `/api/v1/nodes/${WORKER}`, { spec: { podCIDR, podCIDRs: podCIDR === null ? null : [podCIDR] } });
      expect([403, 422], answer.body).toContain(answer.status);
    }
    expect((await as(WORKER, "DELETE", `/api/v1/nodes/${WORKER}`, undefined)).status).toBe(403);
  });

  it.each<[what: string, name: string, address: string | object]>([
    ["the API's", LATER, "192.168.126.5"],
    ["the ingress's", LATER, "192.168.126.6"],
    ["the gateway's", LATER, "192.168.126.1"],
    ["a control-plane machine's", LATER, "192.168.126.10"],
    ["another worker's that is yet to come", LATER, "192.168.126.21"],
    ["one outside of the machine network", LATER, "192.168.127.9"],
    ["one of the pod network", LATER, "10.128.0.1"],
    ["one in an IPv6 notation", LATER, "::ffff:192.168.126.5"],
    ["a name", LATER, "api.demo.example.com"],
    ["a free one instead of its planned one", WORKER, "192.168.126.77"],
    ["another name as its own", WORKER, { type: "Hostname", address: MASTER }],
    ["a name in DNS", WORKER, { type: "InternalDNS", address: "api-int.demo.example.com" }],
    ["an address outside", WORKER, { type: "ExternalIP", address: "203.0.113.9" }],
  ])("cannot tell as its address %s", async (_what, name, address) => {
    const more = typeof address === "string" ? internal(address) : address;
    const answer = await as(name, "PATCH", `/api/v1/nodes/${name}/status`, { status: { addresses: [more, ...addresses(name)] } });
    expect(answer.status, answer.body).toBe(422);
    expect(answer.body).toContain("an address that its machine may have");
  });
});

/** What nodes are trusted for. */
function shape(body: string): unknown {
  const { metadata, spec, status } = JSON.parse(body) as { metadata: { labels: unknown }; spec: unknown; status: { addresses: unknown } };
  return { labels: metadata.labels, spec, addresses: status.addresses };
}
