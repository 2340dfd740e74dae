import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeAdmission } from "../../../src/assets/manifests/index.ts";
import { planMachines } from "../../../src/config/index.ts";
import { machineNodeAdmission } from "../../../src/machines/node-admission.ts";
import { startKubeControlPlane, type ApiAnswer, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { createDefinitions, MachineNamespace, until } from "../../helpers/machine-api.ts";
import type { TestPair } from "../../helpers/pki.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** Nodes of Machines at a real API server that has both policies: what a kubelet does, and what one that was taken over tries. */

const spec = makeSpec(1, 1);
const plan = planMachines(spec, IDENTITY);
const PLANNED = "demo-x7k2p-worker-0";
const [ONE, TWO, NEW] = ["demo-x7k2p-worker-xk2p7", "demo-x7k2p-worker-zz4v9", "demo-x7k2p-worker-b5b5b"] as const;
/** Made by hand: no Machine describes it. */
const NONE = "demo-x7k2p-worker-by-hand";
const ADDRESS = { [PLANNED]: "192.168.126.20", [ONE]: "192.168.126.140", [TWO]: "192.168.126.141" } as const;

let cluster: KubeControlPlane;
const nodes = new Map<string, TestPair>();

beforeAll(async () => {
  cluster = await startKubeControlPlane({ nodeRestriction: true });
  await createDefinitions(cluster);
  const machines = await MachineNamespace.create(cluster, "openshift-machine-api");
  const policies = [...nodeAdmission(spec, plan).objects, ...machineNodeAdmission(machines.name, [PLANNED])];
  for (const object of policies) {
    const plural = object.kind === "ValidatingAdmissionPolicy" ? "validatingadmissionpolicies" : "validatingadmissionpolicybindings";
    await cluster.create(`/apis/admissionregistration.k8s.io/v1/${plural}?fieldValidation=Strict`, object);
  }
  // The installer's own machine has a Machine too, that as yet knows no address.
  for (const name of [PLANNED, ONE, TWO, NEW]) {
    await machines.createMachine(name);
    if (name === ONE || name === TWO)
      await machines.patch(`${machines.path("machines", name)}/status`, { status: { addresses: [internal(ADDRESS[name]), hostname(name)] } });
  }
  for (const name of [PLANNED, ONE, TWO, NEW, NONE])
    nodes.set(name, await cluster.issue({ commonName: `system:node:${name}`, organizations: ["system:nodes"] }));
  // The API server takes a while to know policies and their parameters, and refuses everything until it knows these.
  const tried = async (name: string, address: string): Promise<number> =>
    (await register(name, [internal(address), hostname(name)], "?dryRun=All")).status;
  await until("both policies are in force", async () => {
    const statuses = [await tried(TWO, ADDRESS[TWO]), await tried(TWO, ADDRESS[ONE]), await tried(PLANNED, "192.168.126.77")];
    return statuses.join() === "201,422,422";
  });
});

afterAll(() => cluster?.dispose());

const internal = (address: string) => ({ type: "InternalIP", address });
const hostname = (name: string) => ({ type: "Hostname", address: name });
const register = async (name: string, addresses: readonly object[], query = ""): Promise<ApiAnswer> =>
  await cluster.request(
    "POST",
    `/api/v1/nodes${query}`,
    { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubernetes.io/hostname": name } }, spec: {}, status: { addresses } },
    nodes.get(name),
  );
const tell = async (name: string, addresses: readonly object[]): Promise<ApiAnswer> =>
  await cluster.request("PATCH", `/api/v1/nodes/${name}/status`, { status: { addresses } }, nodes.get(name));

describe("the node of a Machine", () => {
  it.each([PLANNED, ONE, TWO] as const)("registers with its own address: %s", async (name) => {
    const own = [internal(ADDRESS[name]), hostname(name)];
    const made = await register(name, own);
    expect(made.status, made.body).toBe(201);
    const told = await tell(name, own);
    expect(told.status, told.body).toBe(200);
  });

  it("registers while its Machine knows no address, with one that is nobody's", async () => {
    const refused = await register(NEW, [internal(ADDRESS[ONE]), hostname(NEW)]);
    expect(refused.status, refused.body).toBe(422);
    const made = await register(NEW, [internal("192.168.126.150"), hostname(NEW)]);
    expect(made.status, made.body).toBe(201);
  });

  it.each<[what: string, name: string, address: string]>([
    ["another Machine's", ONE, ADDRESS[TWO]],
    ["another Machine's, written otherwise", ONE, "::ffff:192.168.126.141"],
    ["a free one", ONE, "192.168.126.160"],
    ["a Machine's, being one of the plan", PLANNED, ADDRESS[ONE]],
    ["a planned machine's", ONE, ADDRESS[PLANNED]],
    ["the API's", ONE, "192.168.126.5"],
  ])("that was taken over cannot tell as its address %s", async (_, name, address) => {
    const answer = await tell(name, [internal(address), hostname(name)]);
    expect(answer.status, answer.body).toBe(422);
    expect(answer.body).toMatch(/may (?:not )?report/);
  });

  it("without a Machine cannot tell a Machine's address, and may tell another", async () => {
    const answer = await register(NONE, [internal(ADDRESS[TWO]), hostname(NONE)]);
    expect(answer.status, answer.body).toBe(422);
    expect(answer.body).toContain("the address of another Machine");
    expect((await register(NONE, [internal("192.168.126.170"), hostname(NONE)])).status).toBe(201);
  });

  it("goes on to tell what it told, whatever has become of its Machine", async () => {
    expect((await cluster.request("DELETE", `/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machines/${ONE}`)).status).toBe(200);
    const told = await tell(ONE, [internal(ADDRESS[ONE]), hostname(ONE)]);
    expect(told.status, told.body).toBe(200);
  });
});
