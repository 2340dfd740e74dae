import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poll } from "../../src/util/index.ts";
import { ENTRY } from "../helpers/cli.ts";
import { kvmInstallation, type Installation } from "../helpers/kvm-installation.ts";

/** Real guests whose compute machines the cluster creates: the real controllers, our actuator, libvirt, Ignition and kubelet. */
const MINUTE = 60_000;
const NAMESPACE = "openshift-machine-api";

let one: Installation;
let infraID = "";
let controller: ChildProcess | undefined;

beforeAll(async () => {
  one = await kvmInstallation([
    [["machineManagement"], "MachineSets"],
    [["compute", 0, "healthCheck"], { unhealthyTimeout: "1m", nodeStartupTimeout: "30m", maxUnhealthy: "100%" }],
  ]);
});

afterAll(async () => {
  await stopController();
  await one?.dispose();
});

async function startController(): Promise<void> {
  controller = spawn("ip", ["netns", "exec", one.host.netns, ENTRY, "machine-controller", "run", "--dir", one.dir], { stdio: "inherit" });
  await once(controller, "spawn");
}

async function stopController(): Promise<void> {
  const running = controller;
  controller = undefined;
  if (running === undefined || running.exitCode !== null) return;
  const ended = once(running, "exit");
  running.kill("SIGINT");
  await ended;
}

const json = async <T>(...args: readonly string[]): Promise<T> => JSON.parse((await one.kubectl([...args, "--output", "json"])).stdout) as T;

interface Named {
  readonly metadata: { readonly name: string; readonly uid: string };
}
interface MachineObject extends Named {
  readonly spec: { readonly providerID?: string };
  readonly status?: { readonly phase?: string; readonly nodeRef?: { readonly name: string } };
}
interface NodeObject extends Named {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

const machines = async (): Promise<readonly MachineObject[]> =>
  (await json<{ items: MachineObject[] }>("get", "machines", "--namespace", NAMESPACE)).items;
const workers = async (): Promise<readonly string[]> =>
  (await json<{ items: NodeObject[] }>("get", "nodes", "--selector", "node-role.kubernetes.io/worker")).items
    .filter(({ status }) => status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"))
    .map(({ metadata }) => metadata.name)
    .toSorted();
const domains = async (): Promise<readonly string[]> =>
  (await one.host.exec(["virsh", "list", "--all", "--name"])).stdout
    .split("\n")
    .filter((name) => name.includes("-worker-"))
    .toSorted();
const network = async (): Promise<string> => (await one.host.exec(["virsh", "net-dumpxml", infraID])).stdout;
const volumes = async (): Promise<string> => (await one.host.exec(["virsh", "vol-list", infraID])).stdout;

async function eventually(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const result = await poll(
    async () => ((await condition().catch(() => false)) ? { done: true as const, value: true } : { done: false as const, reason: "not yet" }),
    { intervalMs: 5_000, timeoutMs: limitMs },
  );
  return result.outcome === "done";
}

it("is installed with a worker that the installer did not create", async () => {
  const created = await one.cli(["create", "cluster"]);
  expect(created.code, created.output).toBe(0);
  expect(created.events.filter(({ kind, name }) => kind === "virt-ipi:kvm:Machine" && String(name).includes("worker"))).toEqual([]);
  infraID = (JSON.parse(await readFile(join(one.dir, "metadata.json"), "utf8")) as { infraID: string }).infraID;
  const [machine] = await machines();
  expect(machine).toMatchObject({ status: { phase: "Running", nodeRef: { name: machine?.metadata.name } } });
  expect(await workers()).toEqual([machine?.metadata.name]);
  expect(await domains()).toEqual(await workers());
  expect(machine?.spec.providerID).toMatch(/^kvm:\/\/\//);
});

it("gives the machines' Secret no token", async () => {
  const { data } = await json<{ data: { userData: string } }>("get", "secret", "worker-user-data", "--namespace", NAMESPACE);
  const text = Buffer.from(data.userData, "base64").toString();
  expect(text).toContain(":22623/config/worker");
  expect(text).not.toMatch(/Bearer|httpHeaders/);
});

it("boots a second worker when it is scaled, with no hand on it", async () => {
  await startController();
  await one.kubectl(["scale", "machineset", `${infraID}-worker`, "--replicas=2", "--namespace", NAMESPACE]);
  expect(await eventually(20 * MINUTE, async () => (await workers()).length === 2)).toBe(true);
  const table = await one.cli(["machines"]);
  expect(table.output).toContain(`${infraID}-worker`);
  expect(await domains()).toEqual(await workers());
});

it("replaces a machine whose virtual machine was lost", async () => {
  const [lost = ""] = await domains();
  await one.host.exec(["virsh", "destroy", lost]);
  await one.host.exec(["virsh", "undefine", lost]);
  expect(await eventually(30 * MINUTE, async () => (await workers()).length === 2 && !(await workers()).includes(lost))).toBe(true);
  expect(await eventually(5 * MINUTE, async () => !(await network()).includes(lost) && !(await volumes()).includes(lost))).toBe(true);
});

it("drains and removes what is too much, with disk, address and name", async () => {
  const before = await domains();
  const scaled = await one.cli(["scale", "worker", "1"]);
  expect(scaled.code, scaled.output).toBe(0);
  const after = await domains();
  expect(after).toHaveLength(1);
  expect(after).toEqual(await workers());
  for (const gone of before.filter((name) => !after.includes(name))) {
    expect(await network()).not.toContain(gone);
    expect(await volumes()).not.toContain(gone);
  }
});

it("is left as it is by another run", async () => {
  const again = await one.cli(["create", "cluster"]);
  expect(again.code, again.output).toBe(0);
  expect(again.events.filter(({ type, operation }) => type === "resource" && operation !== "same" && operation !== "refresh")).toEqual([]);
});

it("is destroyed with all its machines", async () => {
  await stopController();
  const destroyed = await one.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect((await one.host.exec(["virsh", "list", "--all", "--name"])).stdout.trim()).toBe("");
  expect((await one.host.exec(["virsh", "net-list", "--all", "--name"])).stdout).not.toContain(infraID);
  expect((await one.host.exec(["virsh", "pool-list", "--all", "--name"])).stdout).not.toContain(infraID);
});
