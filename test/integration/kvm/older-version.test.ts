import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { libvirtHost, startLibvirtHost, type LibvirtHost } from "../../../tools/demo-host/index.ts";
import { runCli, type Run } from "../../helpers/kvm-installation.ts";

/**
 * A cluster folder of version 0.1.0 with Pulumi 3.230 whose `create infra` was killed as it began with the pool: its lock and Pulumi's are held by
 * nobody, and Pulumi does not know whether the pool exists. The folder and the socket of libvirt lie where they lay, since the state names both.
 */
const ARCHIVE = resolve("test/fixtures/cluster-of-an-older-version.tar.xz");
const PLACE = "/tmp/virt-ipi-kept";
const DIR = join(PLACE, "cluster");
const INFRA_ID = "kept-bjwp6";
const MACHINES = ["bootstrap", "master-0", "worker-0"].map((name) => `${INFRA_ID}-${name}`);

const place = { netns: "vt-kept", dir: join(PLACE, "h") };
const printed: string[] = [];
let host: LibvirtHost;
beforeAll(async () => {
  await libvirtHost(place).dispose();
  await rm(PLACE, { recursive: true, force: true });
  await mkdir(PLACE, { mode: 0o700 });
  await run("tar", ["--extract", "--xz", "--file", ARCHIVE, "--directory", PLACE]);
  host = await startLibvirtHost(place);
  const lock = join(DIR, ".virt-ipi/lock/1");
  const holder = JSON.parse(await readFile(lock, "utf8")) as Readonly<Record<string, unknown>>;
  await writeFile(lock, JSON.stringify({ ...holder, hostname: hostname() }));
});
afterAll(async () => {
  await host?.dispose();
  await rm(PLACE, { recursive: true, force: true });
});

const cli = (...args: readonly string[]): Promise<Run> => runCli(host, DIR, printed, args);
const domains = async (): Promise<readonly string[]> =>
  (await host.exec(["virsh", "list", "--all", "--name"])).stdout.split("\n").filter(Boolean).toSorted();
const sha256 = async (file: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(join(DIR, file)))
    .digest("hex");

const keys = async (): Promise<object> => (JSON.parse(await readFile(join(DIR, ".virt-ipi/keys.json"), "utf8")) as { keys: object }).keys;

it("is gone on with by this version, with the same keys and names, and destroyed", async () => {
  const files = ["master.ign", "metadata.json", "auth/kubeconfig"];
  const before = await Promise.all(files.map(sha256));
  const keysBefore = await keys();
  const resumed = await cli("create", "infra");
  expect(resumed.code, resumed.output).toBe(0);
  expect(await domains()).toEqual(MACHINES);
  expect(await Promise.all(files.map(sha256))).toEqual(before);
  // A new version may need more keys; those of before stay.
  expect(await keys()).toMatchObject(keysBefore);
  const again = await cli("create", "infra");
  expect(again.code, again.output).toBe(0);
  expect(again.events.filter(({ type, operation }) => type === "resource" && operation !== "same")).toEqual([]);
  const destroyed = await cli("destroy", "cluster");
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await domains()).toEqual([]);
  expect((await host.exec(["virsh", "net-list", "--all", "--name"])).stdout).not.toContain(INFRA_ID);
  expect((await host.exec(["virsh", "pool-list", "--all", "--name"])).stdout).not.toContain(INFRA_ID);
});
