import { afterAll, beforeAll, expect, it } from "vitest";
import { status } from "../../../src/installer/index.ts";
import { machineSetsFolder, type MachineSetsFolder } from "../../helpers/machine-sets-folder.ts";
import { serveCluster, type FakeApi } from "../../helpers/virtualization-api.ts";
import { FakeCluster } from "../../helpers/virtualization.ts";

/** The nodes of machines that the cluster created itself, as `virt-ipi status` shows them. */
const MACHINES = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machines";
const cluster = new FakeCluster();
let api: FakeApi;
let one: MachineSetsFolder;

beforeAll(async () => {
  api = await serveCluster(() => cluster);
  one = await machineSetsFolder({ kubeconfig: api.kubeconfig, changes: { "controlPlane.replicas": 1 } });
});
afterAll(async () => {
  await one?.remove();
  await api?.close();
});

it("are machines of this cluster, ready or missing", async () => {
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  const role = "machine.openshift.io/cluster-api-machine-role";
  const machine = (name: string, of: string) => ({ metadata: { name, labels: { [role]: of } }, spec: {}, status: { phase: "Running" } });
  const nodes = ["test-abcde-master-0", "test-abcde-worker-x2c4v", "stranger"].map((name) => ({ metadata: { name }, ...ready }));
  cluster.texts["/api/v1/nodes"] = JSON.stringify({ items: nodes });
  cluster.texts[MACHINES] = JSON.stringify({
    items: [
      machine("test-abcde-worker-x2c4v", "worker"),
      machine("test-abcde-worker-b5k7l", "worker"),
      machine("test-abcde-master-0", "master"),
      machine("test-abcde-master-q8r2d", "master"),
    ],
  });
  const found = await status(one.world);
  expect(typeof found.nodes === "string" ? found.nodes : found.nodes.map(({ name, role: as, state }) => `${name} ${as} ${state}`)).toEqual([
    "test-abcde-master-0 control-plane ready",
    "test-abcde-master-q8r2d control-plane missing",
    "test-abcde-worker-b5k7l compute missing",
    "test-abcde-worker-x2c4v compute ready",
    "stranger compute unknown",
  ]);
});
