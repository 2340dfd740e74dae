import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ActuatorSite } from "../../helpers/actuator-site.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { createDefinitions, MachineNamespace, startControllers, until, type Machine } from "../../helpers/machine-api.ts";

/** The real controllers of the Machine API, our actuator and a real libvirt, with guests that boot nothing. */

const NAMESPACE = "openshift-machine-api";
let kube: KubeControlPlane;
let site: ActuatorSite;
let machines: MachineNamespace;
let empty: unknown;
let SET: string;

beforeAll(async () => {
  [kube, site] = await Promise.all([startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] }), ActuatorSite.open()]);
  SET = `${site.infraID}-worker`;
  empty = await site.world();
  await site.serve(await site.actuator());
  await createDefinitions(kube);
  machines = await MachineNamespace.create(kube, NAMESPACE);
  await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "worker-user-data" }, stringData: { userData: site.userData } });
  await startControllers(kube, "controllers", {
    kubeconfig: await kube.file("controllers.kubeconfig", kube.kubeconfig),
    namespace: NAMESPACE,
    statusSocket: `${site.folder}/status.sock`,
    args: ["--platform=actuator", `--actuator-socket=${site.socketPath}`, "--max-concurrent=4"],
  });
  await createSet();
});

afterAll(async () => {
  await kube?.dispose();
  await site?.close();
});

const labels = () => ({
  "machine.openshift.io/cluster-api-cluster": site.infraID,
  "machine.openshift.io/cluster-api-machine-role": "worker",
  "machine.openshift.io/cluster-api-machineset": SET,
});
const specOf = () => site.machine("any").spec.providerSpec;

async function createSet(): Promise<void> {
  await kube.create(machines.path("machinesets"), {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineSet",
    metadata: { name: SET },
    spec: {
      replicas: 0,
      selector: { matchLabels: { "machine.openshift.io/cluster-api-machineset": SET } },
      template: { metadata: { labels: labels() }, spec: { providerSpec: specOf() } },
    },
  });
}

const ofSet = async (): Promise<readonly Machine[]> => {
  const selector = encodeURIComponent(`machine.openshift.io/cluster-api-machineset=${SET}`);
  return (JSON.parse((await kube.request("GET", `${machines.path("machines")}?labelSelector=${selector}`)).body) as { items: readonly Machine[] })
    .items;
};
const domains = async (): Promise<readonly string[]> => (await site.virsh("list", "--name")).split("\n").filter(Boolean).toSorted();

/** Waits until the set has so many machines, all provisioned, and libvirt the same. */
async function scaled(replicas: number): Promise<readonly Machine[]> {
  await machines.scale(SET, replicas);
  return await until(`${SET} has ${replicas}`, async () => {
    const all = await ofSet();
    const ready = all.length === replicas && all.every(({ status }) => status?.phase === "Provisioned");
    return ready && (await domains()).length === replicas ? all : undefined;
  });
}

describe("a MachineSet on libvirt", () => {
  let made: readonly Machine[];

  it("gets its machines", async () => {
    made = await scaled(2);
    for (const { metadata, spec, status } of made) {
      expect(metadata.name).toMatch(/^c-abcde-worker-[a-z0-9]{5}$/);
      expect(spec.providerID).toBe(`kvm:///local/${metadata.uid}`);
      expect(metadata.annotations).toMatchObject({ "machine.openshift.io/instance-state": "running" });
      expect(metadata.labels).toMatchObject({ "machine.openshift.io/instance-type": "1cpu-64MiB", "machine.openshift.io/zone": "local" });
      expect(status?.addresses?.map(({ type }) => type)).toEqual(["InternalIP", "Hostname", "InternalDNS"]);
      expect(await site.virsh("domuuid", metadata.name)).toBe(metadata.uid);
    }
    expect(new Set(made.map(({ status }) => status?.addresses?.[0]?.address)).size).toBe(2);
  });

  it("changes nothing of its Machines when they are looked at again", async () => {
    const before = await ofSet();
    for (const { metadata } of before) await machines.poke(metadata.name);
    const [first] = before;
    await site.virsh("suspend", first?.metadata.name ?? "");
    await machines.poke(first?.metadata.name ?? "");
    await until(
      "the state is seen",
      async () => (await machines.get(first?.metadata.name ?? ""))?.metadata.annotations?.["machine.openshift.io/instance-state"] === "paused",
    );
    await site.virsh("resume", first?.metadata.name ?? "");
    await machines.poke(first?.metadata.name ?? "");
    await until(
      "it runs again",
      async () => (await machines.get(first?.metadata.name ?? ""))?.metadata.annotations?.["machine.openshift.io/instance-state"] === "running",
    );
    const shown = ({ spec, status }: Machine): unknown => ({ spec, addresses: status?.addresses, conditions: status?.providerStatus?.conditions });
    expect((await ofSet()).map(shown)).toEqual(before.map(shown));
  });

  it("loses one with all that was its own", async () => {
    const [left] = await scaled(1);
    const [gone] = made.filter(({ metadata }) => metadata.name !== left?.metadata.name);
    const world = JSON.stringify(await site.world());
    expect(world).toContain(left?.metadata.name ?? "-");
    expect(world).not.toContain(gone?.metadata.name ?? "-");
  });

  it("replaces a Machine that is deleted", async () => {
    const [old] = await ofSet();
    await machines.delete(old?.metadata.name ?? "");
    await machines.untilGone(old?.metadata.name ?? "");
    const [other] = await scaled(1);
    expect(other?.metadata.uid).not.toBe(old?.metadata.uid);
    expect(JSON.stringify(await site.world())).not.toContain(old?.metadata.name ?? "-");
  });

  it("sees that a machine has vanished, and not that it has while libvirt is away", async () => {
    const [machine] = await ofSet();
    const name = machine?.metadata.name ?? "";
    await site.killLibvirt();
    await machines.poke(name);
    await until("it is not known", async () =>
      (await machines.get(name))?.status?.conditions?.some(({ type, status }) => type === "InstanceExists" && status === "Unknown"),
    );
    expect((await machines.get(name))?.status?.phase).toBe("Provisioned");
    await site.restartLibvirt();
    await site.vanish(name);
    // Whoever met an error waits longer each time.
    await until("it has failed", async () => {
      await machines.poke(name);
      return (await machines.get(name))?.status?.phase === "Failed";
    });
    await machines.delete(name);
    const [other] = await scaled(1);
    expect(other?.metadata.name).not.toBe(name);
    expect(JSON.stringify(await site.world())).not.toContain(name);
  });

  it("fails a Machine that can never be, with all reasons, and lets it go", async () => {
    const name = `${site.infraID}-worker-never`;
    const value = { ...(specOf()?.value as object), cpus: 0, extra: true };
    await kube.create(machines.path("machines"), {
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "Machine",
      metadata: { name, labels: { ...labels(), "machine.openshift.io/cluster-api-machineset": "none" } },
      spec: { providerSpec: { value } },
    });
    const failed = await machines.untilPhase(name, "Failed");
    expect(failed.status).toMatchObject({
      errorReason: "InvalidConfiguration",
      errorMessage: expect.stringMatching(/cpus: .*; providerSpec\.value: unknown field extra/) as string,
    });
    await until("an event tells of it", async () => (await machines.events(name)).some(({ reason }) => reason === "InvalidProviderSpec"));
    await machines.delete(name);
    await machines.untilGone(name);
  });

  it("leaves nothing when it is scaled to none", async () => {
    await scaled(0);
    expect(await site.world()).toEqual(empty);
  });
});
