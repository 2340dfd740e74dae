import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clusterFolder, prepareAssets, prepareCluster, type PreparedCluster } from "../../../src/stack/index.ts";
import { systemEntropy } from "../../../src/util/index.ts";
import { baremetal, kvm, yamlOf } from "../config/verdicts/support.ts";

const HASH = "$2y$05$eW5hbm9vYmNyeXB0c2FsdOoN6GOQ7Hs0Q1bQmU0xqVx5yYp0cC1aS";
const OLM = { source: "OLM", storage: { storageClass: "fast" } };

let folder: string;
const secrets: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-prepare-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function prepare(change: Readonly<Record<string, unknown>>, regenerate = false): Promise<PreparedCluster> {
  await writeFile(join(folder, "install-config.yaml"), yamlOf(kvm, change));
  const clock = { now: () => new Date("2026-03-01T12:00:00Z"), sleep: () => Promise.resolve() };
  return await prepareCluster({
    env: {},
    folder: clusterFolder(folder),
    clock,
    entropy: systemEntropy,
    regenerate,
    onSecret: (secret) => secrets.push(secret),
    onWarning: () => {},
  });
}

it("takes what is deployed into the cluster, and limits, for no change of the machines", async () => {
  const before = await prepare({});
  const after = await prepare({ virtualization: OLM, "timeouts.operators": "2h" });
  expect(after.spec.virtualization).toMatchObject({ operators: { source: "OLM" } });
  expect(after.spec.timeouts.operators).toBe(7_200_000);
  expect(after.identity).toEqual(before.identity);
  for (const [path, { content }] of before.assets) expect(after.assets.get(path)?.content, path).toBe(content);
  expect((await prepare({ virtualization: { ...OLM, channel: "candidate" } })).spec.virtualization).toMatchObject({
    operators: { channel: "candidate" },
  });
  await expect(prepare({ "compute[0].replicas": 9, virtualization: OLM })).rejects.toMatchObject({ id: "CONFIG_CHANGED" });
});

it("keeps the users' hashes out of what it writes, and tells them to the redactor", async () => {
  const okd = { pullSecret: '{"auths":{"q":{"auth":"YTpi"}}}', distribution: "okd", virtualization: { users: { htpasswd: `ada:${HASH}` } } };
  const { assets } = await prepare(okd);
  expect(secrets).toContain(HASH);
  for (const [path, { content }] of assets) expect(content.includes(HASH), path).toBe(false);
  await prepare({ virtualization: OLM }, true);
  expect(await readFile(join(folder, "manifests/cluster-config.yaml"), "utf8")).not.toContain("virtualization");
});

it("keeps a config that the user edited when all is created again, and says so", async () => {
  await prepare({});
  const path = join(folder, "master.ign");
  const edited = `${await readFile(path, "utf8")}\n`;
  await writeFile(path, edited);
  const again = await prepare({ "controlPlane.replicas": 1 }, true);
  expect(await readFile(path, "utf8")).toBe(edited);
  expect(again.assets.get("master.ign")?.content).toBe(edited);
  expect(again.notes.join("\n")).toContain(
    "not created again, since you edited them; remove them and run again to have them as the install-config says: master.ign",
  );
  await rm(path);
  const removed = await prepare({ "controlPlane.replicas": 1 }, true);
  expect(removed.notes).toEqual([]);
  expect(await readFile(path, "utf8")).not.toBe(edited);
});

it.each(["arbiter.ign", "worker.ign"])(
  "takes away the config of a pool that is no more when all is created again, unless the user has changed it: %s changed",
  async (changed) => {
    const path = join(folder, changed);
    const written = async (name: string): Promise<boolean> => (await readFile(join(folder, name)).catch(() => undefined)) !== undefined;
    const assets = async (change: object, regenerate: boolean): Promise<void> => {
      await writeFile(join(folder, "install-config.yaml"), yamlOf(baremetal, { ...change }));
      const clock = { now: () => new Date("2026-03-01T12:00:00Z"), sleep: () => Promise.resolve() };
      await prepareAssets({ env: {}, folder: clusterFolder(folder), clock, entropy: systemEntropy, regenerate, onWarning: () => {} });
    };
    await assets({ "controlPlane.replicas": 2, arbiter: { name: "arbiter", replicas: 1 } }, false);
    await writeFile(path, `${await readFile(path, "utf8")}\n`);
    await assets({}, true);
    expect(await written("arbiter.ign")).toBe(changed === "arbiter.ign");
    expect(await written("worker.ign")).toBe(true);
  },
);
