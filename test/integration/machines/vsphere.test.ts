import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { MACHINE_CONTROLLER_KUBECONFIG } from "../../../src/assets/index.ts";
import { pointerIgnition } from "../../../src/assets/pointer-ignition.ts";
import { MACHINE_CONTROLLER_USER } from "../../../src/config/index.ts";
import { Redactor } from "../../../src/events/index.ts";
import { runMachineController } from "../../../src/installer/machine-controller.ts";
import { AUTOSCALER_RULES } from "../../../src/machines/program/rbac.ts";
import type { RbacRule } from "../../../src/providers/index.ts";
import { vsphere } from "../../../src/providers/vsphere/index.ts";
import { clusterFolder, openStack, type ClusterFolder, type StackDriver } from "../../../src/stack/index.ts";
import { machineApiProgram } from "../../../src/stack/machine-api-program.ts";
import { systemClock } from "../../../src/util/index.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { AutoscaledSet } from "../../helpers/autoscaled-set.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { MachineNamespace, startControllers, until, type Machine } from "../../helpers/machine-api.ts";
import { untilDenied } from "../../helpers/permissions.ts";
import { PlayedAutoscaler } from "../../helpers/played-autoscaler.ts";
import { smallOva, type SmallOva } from "../../helpers/small-ova.ts";
import { pulumiOfSetup } from "../../helpers/stack-bench.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { pick, vsphereCluster, type TestCluster } from "../../helpers/vsphere-cluster.ts";

/**
 * From an install-config with two failure domains to clones and back: the installer's own program and machine controller, the Machine API's own
 * vSphere controller, a real kube-apiserver and a simulated vCenter. Kubelets are played.
 */

const ID = "try-abcde";
const FOLDER = `/DC0/vm/${ID}`;
const PASSWORD = "planted-s3cret-of-vcenter";
const POOL = { cpus: 4, coresPerSocket: 2, memoryMB: 2_048, osDisk: { diskSizeGB: 12 } };
const SETS = [0, 1].map((index) => `${ID}-worker-${index}`);
const MINUTES = 60_000;
/** `worker.ign`, with a token that does not end. */
const POINTER = ({ spec }: TestCluster): string => JSON.stringify(pointerIgnition(spec, "worker", "PEM", "endless"));

let root: string;
let folder: ClusterFolder;
let kube: KubeControlPlane;
let vcsim: Vcsim;
let machines: MachineNamespace;
let cluster: TestCluster;
let ova: SmallOva;
let driver: StackDriver;
let running: Promise<unknown> = Promise.resolve();
const events: string[] = [];
const stopped = new AbortController();
const controllerStops = new AbortController();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-machines-"));
  folder = clusterFolder(root);
  vi.stubEnv("PATH", `${programsFolder()}:${process.env["PATH"] ?? ""}`);
  [kube, vcsim] = await Promise.all([
    startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] }),
    testVcsim({ user: "machines@vsphere.local", password: PASSWORD, inventory: { clusters: 2, hosts: 1, machines: 0 } }),
  ]);
  await fillVCenter();
  const zones = [
    { name: "zone-0", topology: { resourcePool: "/DC0/host/DC0_C0/Resources/machines" } },
    { name: "zone-1", cluster: 1 },
  ];
  const compute = [{ name: "worker", replicas: 2, autoscaling: { minReplicas: 2, maxReplicas: 4 }, platform: { vsphere: POOL } }];
  const config = { machineManagement: "MachineSets", compute, additionalTrustBundle: vcsim.ca };
  cluster = vsphereCluster([{ ...pick(vcsim), domains: zones }], { infraID: ID, config });
  machines = MachineNamespace.of(kube, "openshift-machine-api");
  await writeFolder();
  ova = await smallOva(join(root, "node.ova"));
  driver = await openStack({
    folder,
    clusterName: "try",
    reporter: { emit: () => undefined },
    clock: systemClock,
    signal: stopped.signal,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], VIRT_IPI_PULUMI: pulumiOfSetup() },
    platform: vsphere,
  });
});

afterAll(async () => {
  stopped.abort(new Error("the test has ended"));
  await running;
  await kube?.dispose();
  await vcsim?.stop();
  await rm(root, { recursive: true, force: true });
});

/** A resource pool, and a region with two zones, told by tags. */
async function fillVCenter(): Promise<void> {
  const { govc } = vcsim;
  await govc("pool.create", "/DC0/host/DC0_C0/Resources/machines");
  for (const name of ["openshift-region", "openshift-zone"]) await govc("tags.category.create", name);
  await govc("tags.create", "-c", "openshift-region", "region-dc0");
  await govc("tags.attach", "region-dc0", "/DC0");
  for (const index of [0, 1]) {
    await govc("tags.create", "-c", "openshift-zone", `zone-${index}`);
    await govc("tags.attach", `zone-${index}`, `/DC0/host/DC0_C${index}`);
  }
}

/** What the machine controller takes from the cluster folder. */
async function writeFolder(): Promise<void> {
  const kubeconfig = await kube.kubeconfigOf({ commonName: MACHINE_CONTROLLER_USER });
  for (const path of [join(root, "auth"), folder.own]) await mkdir(path, { mode: 0o700 });
  await writeFile(join(root, MACHINE_CONTROLLER_KUBECONFIG), kubeconfig, { mode: 0o600 });
  await writeFile(join(root, "worker.ign"), POINTER(cluster), { mode: 0o600 });
  await writeFile(folder.trustBundle, vcsim.ca);
}

const keys = {
  version: 1 as const,
  keys: { "machine-token": { privateKey: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString() } },
};
const env = { HOME: process.env["HOME"], XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] };

/** The cluster's folders, templates and tag, and its MachineSets: the installer's own machines are left out, and so is the wait for them. */
async function program(): Promise<Record<string, unknown>> {
  const { context, spec, identity } = cluster;
  const { machineApi } = await vsphere.program({ ...context, planned: context.machines, machines: [], ignition: () => "{}", image: ova });
  const bootstrapped = new pulumi.ComponentResource("test:Bootstrapped", "bootstrapped");
  await machineApiProgram({
    cluster: {
      spec,
      identity,
      platform: vsphere,
      machines: context.machines,
      assets: new Map([["worker.ign", { content: POINTER(cluster), mode: 0o600 }]]),
    },
    env,
    part: machineApi,
    kubeconfig: kube.kubeconfig,
    dependsOn: [bootstrapped],
    deletedWith: bootstrapped,
  });
  return {};
}

function startController(): void {
  const { spec, identity, context } = cluster;
  const metadata = vsphere.metadata(spec, identity, context.machines);
  const world = {
    folder,
    clock: systemClock,
    env: { ...env, PATH: process.env["PATH"], XDG_RUNTIME_DIR: root },
    run: context.run,
    redactor: new Redactor(),
    version: "0",
    signal: AbortSignal.any([stopped.signal, controllerStops.signal]),
    reporter: { emit: (event: object) => void events.push(JSON.stringify(event)) },
  };
  running = runMachineController(world, { spec, identity, machines: context.machines, platform: vsphere, metadata, keys }).catch(
    (error: unknown) => error,
  );
}

async function stopController(): Promise<void> {
  controllerStops.abort(new Error("the controller is stopped first"));
  await running;
}

/** Lets each machine that was started become a node. */
async function playKubelets(): Promise<void> {
  const joined = new Set<string>();
  while (!stopped.signal.aborted) {
    for (const machine of await allMachines().catch(() => []))
      if (machine.status?.phase === "Provisioned" && !joined.has(machine.metadata.name)) {
        joined.add(machine.metadata.name);
        await machines.join(machine);
      }
    await delay(500);
  }
}

async function allMachines(): Promise<readonly Machine[]> {
  const { body } = await kube.request("GET", machines.path("machines"));
  return (JSON.parse(body) as { items?: readonly Machine[] }).items ?? [];
}

const machinesOf = async (set: string): Promise<readonly Machine[]> =>
  (await allMachines()).filter(({ metadata }) => metadata.labels?.["machine.openshift.io/cluster-api-machineset"] === set);

/** Machines that run, with the zones that are written by a later look than the phase. */
const settled = (set: string, replicas: number): Promise<readonly Machine[]> =>
  until(`${set} has ${replicas} machines`, async () => {
    const all = await machinesOf(set);
    const isSettled = ({ metadata, status }: Machine): boolean =>
      status?.phase === "Running" && metadata.labels?.["machine.openshift.io/zone"] !== undefined;
    return all.length === replicas && all.every(isSettled) ? all : undefined;
  });

interface VirtualMachine {
  readonly resourcePool: { readonly value: string };
  readonly network: readonly { readonly value: string }[];
  readonly runtime: { readonly powerState: string };
  readonly config: {
    readonly uuid: string;
    readonly instanceUuid: string;
    readonly extraConfig: readonly { readonly key: string; readonly value: unknown }[];
    readonly hardware: { readonly device: readonly { readonly capacityInBytes?: number }[] };
  };
}

async function vmOf(name: string): Promise<VirtualMachine> {
  const { stdout } = await vcsim.govc("vm.info", "-json", `${FOLDER}/${name}`);
  const [found] = (JSON.parse(stdout) as { virtualMachines: readonly VirtualMachine[] | null }).virtualMachines ?? [];
  return found ?? expect.fail(`there is no ${FOLDER}/${name}`);
}

const clones = async (): Promise<readonly string[]> =>
  (await vcsim.govc("find", "/", "-type", "m", "-config.template", "false")).stdout
    .split("\n")
    .flatMap((path) => path.split("/").at(-1) || [])
    .toSorted();
const idOf = async (path: string): Promise<string> => (await vcsim.govc("find", "-i", "-maxdepth=0", path)).stdout.trim().replace(/^.*:/, "");

/** The claims of the token in what a machine was started with. */
function claimsIn(ignition: string): Readonly<Record<string, unknown>> {
  const { merge } = (JSON.parse(ignition) as { ignition: { config: { merge: readonly { httpHeaders?: readonly { value: string }[] }[] } } }).ignition
    .config;
  const [, claims = ""] = merge[0]?.httpHeaders?.[0]?.value.split(".") ?? [];
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Readonly<Record<string, unknown>>;
}

it("clones from the MachineSets of two failure domains what the install-config says, and changes nothing when it is run again", async () => {
  startController();
  void playKubelets();
  await driver.up(program);
  const pools = ["/DC0/host/DC0_C0/Resources/machines", "/DC0/host/DC0_C1/Resources"];
  for (const [index, set] of SETS.entries()) {
    const [machine] = await settled(set, 1);
    const name = machine?.metadata.name ?? "";
    const vm = await vmOf(name);
    expect(vm.config).toMatchObject({
      instanceUuid: machine?.metadata.uid,
      annotation: name,
      flags: { diskUuidEnabled: true },
      hardware: { numCPU: 4, numCoresPerSocket: 2, memoryMB: 2_048 },
    });
    const settings = Object.fromEntries(vm.config.extraConfig.map(({ key, value }) => [key, value]));
    expect(settings).toMatchObject({
      "guestinfo.ignition.config.data.encoding": "base64",
      "guestinfo.hostname": name,
      "stealclock.enable": "TRUE",
    });
    const claims = claimsIn(Buffer.from(String(settings["guestinfo.ignition.config.data"]), "base64").toString());
    expect(claims).toEqual({ iss: ID, pool: "worker", exp: expect.any(Number) as number });
    expect(Number(claims["exp"]) * 1_000).toBeLessThanOrEqual(Date.now() + 120 * MINUTES);
    expect(vm.config.hardware.device.flatMap(({ capacityInBytes }) => capacityInBytes ?? [])).toEqual([12 * 2 ** 30]);
    expect(vm.runtime.powerState).toBe("poweredOn");
    expect(vm.resourcePool.value).toBe(await idOf(pools[index] ?? ""));
    expect(vm.network.map(({ value }) => value)).toEqual([await idOf("/DC0/network/DC0_DVPG0")]);
    expect((await vcsim.govc("tags.attached.ls", "-r", `${FOLDER}/${name}`)).stdout.trim()).toBe(ID);
    expect(machine?.spec.providerID).toBe(`vsphere://${vm.config.uuid}`);
    expect(machine?.status?.nodeRef?.name).toBe(name);
    expect(machine?.metadata.labels).toMatchObject({ "machine.openshift.io/region": "region-dc0", "machine.openshift.io/zone": `zone-${index}` });
    // For an autoscaler that counts from zero.
    const offered = async (): Promise<unknown> => JSON.parse((await kube.request("GET", machines.path("machinesets", set))).body);
    const annotations = { "machine.openshift.io/vCPU": "4", "machine.openshift.io/memoryMb": "2048" };
    await expect.poll(offered, { timeout: 5 * MINUTES }).toMatchObject({ metadata: { annotations } });
  }
  const { changes } = await driver.up(program);
  expect(Object.keys(changes)).toEqual(["same"]);
});

it("has its sets scaled by an autoscaler, each within its share of the bounds", async () => {
  const [first = "", second = ""] = SETS;
  const set = new AutoscaledSet({
    name: first,
    autoscaler: await PlayedAutoscaler.start(kube),
    machines,
    virtualMachines: async () => (await clones()).filter((name) => name.startsWith(first)),
    phase: "Running",
  });
  await set.isGroup({ min: 1, max: 2, replicas: 1, capacity: { cpu: "4", memory: String(2_048 * 2 ** 20) } });
  await set.growsToItsMost(1);
  await set.losesTheChosenOne();
  await settled(second, 1);
});

it("scales up and down", async () => {
  const [first = "", second = ""] = SETS;
  await machines.scale(first, 3);
  const three = await settled(first, 3);
  await machines.scale(first, 1);
  const [left] = await until("two are gone", async () => {
    const all = await machinesOf(first);
    return all.length === 1 ? all : undefined;
  });
  expect(three.map(({ metadata }) => metadata.uid)).toContain(left?.metadata.uid);
  const others = (await machinesOf(second)).map(({ metadata }) => metadata.name);
  expect(await clones()).toEqual([left?.metadata.name ?? "", ...others].toSorted());
});

/** A spec that nothing is cloned from: its network does not exist. */
async function withoutNetwork(): Promise<Readonly<Record<string, unknown>>> {
  const [machine] = await machinesOf(SETS[1] ?? "");
  return { providerSpec: { value: { ...machine?.spec.providerSpec.value, network: { devices: [{ networkName: "absent" }] } } } };
}

it("fails for good where the network is not one of the failure domain's cluster", async () => {
  await machines.createMachine("apart", await withoutNetwork());
  expect(await machines.untilPhase("apart", "Failed")).toMatchObject({ status: { errorReason: "InvalidConfiguration" } });
  await machines.delete("apart");
  await machines.untilGone("apart");
});

it("says nothing of the password, in no log and no state", async () => {
  expect(events.join("\n")).toContain("cloning");
  const state = join(folder.state, ".pulumi", "stacks", "virt-ipi");
  const texts = [events.join("\n"), ...(await Promise.all((await readdir(state)).map((file) => readFile(join(state, file), "utf8"))))];
  expect(texts.length).toBeGreaterThan(1);
  for (const text of texts) for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString("base64")]) expect(text).not.toContain(secret);
});

it("needs each of the platform's permissions, and no other", async () => {
  expect(events.filter((event) => event.includes('"log"') && event.includes("forbidden"))).toEqual([]);
  await stopController();
  const kubeconfig = await kube.file("vsphere.kubeconfig", await kube.kubeconfigOf({ commonName: MACHINE_CONTROLLER_USER }));
  for (const [index, [role, rule]] of platformRules().entries()) {
    const path = `/apis/rbac.authorization.k8s.io/v1/${role}/virt-ipi-machine-controller`;
    const { rules } = JSON.parse((await kube.request("GET", path)).body) as { rules: readonly object[] };
    // An autoscaler's controllers, which do not run here, may do some of it too.
    const own = rules.filter((each) => !AUTOSCALER.some((other) => isDeepStrictEqual(each, other)));
    const others = own.filter((each) => !isDeepStrictEqual(each, rule));
    expect(others).toHaveLength(own.length - 1);
    await machines.patch(path, { rules: others });
    await untilDenied(kube, { user: MACHINE_CONTROLLER_USER, namespace: /^namespaces\/([^/]+)/.exec(role)?.[1] }, rule);
    const name = `denied-${index}`;
    const program = await startControllers(kube, name, {
      kubeconfig,
      namespace: machines.name,
      statusSocket: join(root, `${name}.sock`),
      args: ["--platform=vsphere"],
      env: { SSL_CERT_FILE: vcsim.caFile },
    });
    // One that never came to be is deleted: what is looked for then is asked for too.
    await machines.createMachine(name, await withoutNetwork());
    await until(`${name} is looked at`, async () => (await machines.get(name))?.metadata.finalizers?.length);
    await machines.delete(name);
    const [resource = ""] = rule.resources;
    await until(`${resource} are forbidden`, async () => new RegExp(`${resource}[^\\n]*is forbidden`).test(await program.log()));
    await machines.patch(path, { rules });
    await machines.untilGone(name);
    await program.stop();
  }
});

const AUTOSCALER = [...AUTOSCALER_RULES.cluster, ...AUTOSCALER_RULES.namespace];

/** The platform's rules, by the roles that they are in. */
function platformRules(): readonly (readonly [string, RbacRule])[] {
  const { cluster: everywhere, machines: own, namespaces } = vsphere.machineApi?.rules ?? expect.fail("there are no rules");
  const roles: Readonly<Record<string, readonly RbacRule[]>> = {
    clusterroles: everywhere,
    [`namespaces/${machines.name}/roles`]: own,
    ...Object.fromEntries(Object.entries(namespaces).map(([namespace, rules]) => [`namespaces/${namespace}/roles`, rules])),
  };
  return Object.entries(roles).flatMap(([role, rules]) => rules.map((rule) => [role, rule] as const));
}

it("leaves nothing when the cluster is destroyed", async () => {
  await stopController();
  const metadata = vsphere.metadata(cluster.spec, cluster.identity, cluster.context.machines);
  const context = { ...cluster.context, signal: new AbortController().signal };
  const found = await vsphere.scan(ID, metadata, context);
  const own = found.filter(({ madeBy }) => madeBy === "cluster");
  expect(own.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual((await clones()).map((name) => `vm ${name}`));
  for (const object of found) await vsphere.remove(ID, object, metadata, context);
  expect(await vsphere.scan(ID, metadata, context)).toEqual([]);
  expect(await clones()).toEqual([]);
});
