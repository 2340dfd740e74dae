import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../src/exec/index.ts";
import { poll } from "../../src/util/index.ts";
import { kvmInstallation, type Event, type Installation } from "../helpers/kvm-installation.ts";

/** Three control-plane machines: the API survives the loss of the machine that holds its VIP, and takes it back in. */
const MINUTE = 60_000;
const API_VIP = "192.168.126.5";
/** One processor each: four machines share what there is, and more of them than there are real ones only wait for each other. */
const SMALL = { cpus: 1, memoryMB: 2560, osDisk: { diskSizeGB: 12 } };

let one: Installation;
let infraID = "";

beforeAll(async () => {
  one = await kvmInstallation([
    [["metadata", "name"], "nightly"],
    [["controlPlane", "replicas"], 3],
    [["controlPlane", "platform", "kvm"], SMALL],
    [["platform", "kvm", "bootstrap"], { cpus: 1 }],
    [["compute", 0, "replicas"], 0],
    [["networking"], { machineNetwork: [{ cidr: "192.168.126.0/24" }] }],
    [["platform", "kvm", "apiVIPs"], [API_VIP]],
  ]);
});

afterAll(async () => {
  await one.dispose();
});

it("is created with three control-plane machines that are all etcd members", async () => {
  const created = await one.cli(["create", "cluster"]);
  report("create cluster", created.events);
  expect(created.code, created.output).toBe(0);
  infraID = (JSON.parse(await readFile(join(one.dir, "metadata.json"), "utf8")) as { infraID: string }).infraID;
  expect(await readyNodes()).toEqual([0, 1, 2].map((index) => `${infraID}-master-${index}`));
});

it("serves its API by the same VIP after the machine that held it was killed", async () => {
  const holder = await holderOfVip();
  const from = performance.now();
  await virsh("destroy", holder);
  const alive = await eventually(10 * MINUTE, async () => (await one.kubectl(["get", "--raw", "/readyz"])).stdout === "ok");
  expect(alive).toBe(true);
  console.log(`API VIP answers again ${Math.round((performance.now() - from) / 1000)} s after the death of its holder`);
  const next = await holderOfVip();
  expect(next).not.toBe(holder);
  // A write proves that etcd has its quorum, not only that something answers.
  await one.kubectl(["create", "configmap", "after-the-loss", "--namespace", "default", "--from-literal=holder=lost"]);

  await virsh("start", holder);
  expect(await eventually(15 * MINUTE, async () => (await readyNodes()).length === 3 && (await healthyMembers()) === 3)).toBe(true);
  console.log(`all three machines are back ${Math.round((performance.now() - from) / 1000)} s after the loss`);
});

it("is destroyed exactly", async () => {
  const destroyed = await one.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect((await virsh("list", "--all", "--name")).trim()).toBe("");
});

const virsh = async (...args: string[]): Promise<string> => (await run("virsh", ["--connect", one.host.uri, ...args])).stdout;

/** The machine whose network card answers for the VIP. */
async function holderOfVip(): Promise<string> {
  await one.host.exec(["ip", "neigh", "flush", "to", API_VIP]);
  await one.host.exec(["ping", "-c", "3", "-W", "2", API_VIP], { accept: [0, 1] });
  const { stdout } = await one.host.exec(["ip", "neigh", "show", "to", API_VIP]);
  const mac = /lladdr (\S+)/.exec(stdout)?.[1] ?? "nobody";
  const names = (await virsh("list", "--name"))
    .split("\n")
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of names) if ((await virsh("domiflist", name)).includes(mac)) return name;
  throw new Error(`no running machine has the network card ${mac} of the VIP`);
}

interface NodeList {
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly status: { readonly conditions: readonly Condition[] } }[];
}
interface Condition {
  readonly type: string;
  readonly status: string;
}

async function readyNodes(): Promise<string[]> {
  const { stdout } = await one.kubectl(["get", "nodes", "--output", "json"]);
  const ready = (JSON.parse(stdout) as NodeList).items.filter(({ status }) =>
    status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True"),
  );
  return ready.map(({ metadata }) => metadata.name).toSorted();
}

/** Each API server's view of its own etcd member. */
async function healthyMembers(): Promise<number> {
  const { stdout } = await one.kubectl(["get", "--raw", "/api/v1/nodes"]);
  const addresses = [...stdout.matchAll(/"type":"InternalIP","address":"([^"]+)"/g)].map(([, address]) => address ?? "");
  const healthy = await Promise.all(
    addresses.map(async (address) => {
      const answer = await one.kubectl(["--server", `https://${address}:6443`, "get", "--raw", "/readyz/etcd"]);
      return answer.stdout === "ok";
    }),
  );
  return healthy.filter(Boolean).length;
}

/** Whether it holds before the time is over; what throws meanwhile does not hold. */
async function eventually(timeoutMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const probe = async (): Promise<boolean> => await holds().catch(() => false);
  const result = await poll(async () => ((await probe()) ? { done: true, value: true } : { done: false, reason: "not yet" }), {
    intervalMs: 3_000,
    timeoutMs,
  });
  return result.outcome === "done";
}

function report(what: string, events: readonly Event[]): void {
  for (const event of events)
    if (event["type"] === "phase-ended") console.log(`${what}: ${String(event["phase"])} ${Math.round(Number(event["durationMs"]) / 1000)} s`);
}
