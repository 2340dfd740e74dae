import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ActuatorSite } from "../helpers/actuator-site.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../helpers/kubernetes-plugin.ts";
import { CONTRACT } from "../helpers/libvirt-contract/contract.ts";
import { OFF_POOL, OTHER_NETWORK, otherUri, type SeenCall } from "../helpers/libvirt-contract/site.ts";
import { createDefinitions, MachineNamespace, startControllers } from "../helpers/machine-api.ts";

/** Each topic of docs/actuator-contract.md, by the real controllers on a real libvirt, with guests that boot nothing. */

const NAMESPACE = "openshift-machine-api";
let kube: KubeControlPlane;
let site: ActuatorSite;
let machines: MachineNamespace;
let empty: unknown;
const calls: SeenCall[] = [];

beforeAll(async () => {
  const controllers = [...DELETING_CONTROLLERS, "disruption-controller", "serviceaccount-controller"];
  [kube, site] = await Promise.all([startKubeControlPlane({ controllers }), ActuatorSite.open()]);
  await site.makePool(OFF_POOL);
  await site.virsh("pool-destroy", OFF_POOL);
  await site.makeNetwork(OTHER_NETWORK, "192.168.127");
  empty = await site.world();
  const allow = { uris: [otherUri({ site })], pools: [OFF_POOL], networks: [OTHER_NETWORK] };
  await site.serve(await site.actuator({ allow }), (call) => calls.push({ ...call, at: performance.now() }));
  await createDefinitions(kube);
  machines = await MachineNamespace.create(kube, NAMESPACE);
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "worker-user-data" }, stringData: { userData: site.userData } });
  const args = ["--platform=actuator", `--actuator-socket=${site.socketPath}`, "--max-concurrent=10"];
  const kubeconfig = await kube.file("controllers.kubeconfig", kube.kubeconfig);
  await startControllers(kube, "controllers", { kubeconfig, namespace: NAMESPACE, statusSocket: `${site.folder}/status.sock`, args });
});

afterAll(async () => {
  await kube?.dispose();
  await site?.close();
});

/** They wait much, so those that bear it run beside each other; all at once would wait for the processors, and take that for a fault. */
const slots = pLimit(4);

const contract = (alone: boolean): void =>
  it.each(CONTRACT.filter((each) => (each.alone ?? false) === alone).map((each) => [each.topics.join("; "), each.what, each.check] as const))(
    "%s: it %s",
    async (_topics, _what, check) => await slots(async () => await check({ site, machines, calls })),
  );

describe.concurrent("the contract of an actuator", () => contract(false));

describe("the contract of an actuator, one by one", () => {
  contract(true);

  it("is kept with nothing left behind", async () => {
    expect(await site.world()).toEqual(empty);
  });
});
