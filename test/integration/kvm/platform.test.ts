import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planMachines } from "../../../src/config/index.ts";
import { run, type Runner } from "../../../src/exec/index.ts";
import { RESOURCES } from "../../../src/plugin/registry.ts";
import { platformFor, type OwnedObject, type PlatformAccess, type PlatformContext } from "../../../src/providers/index.ts";
import type { LibvirtHost } from "../../../tools/demo-host/index.ts";
import { kvmCluster, type KvmClusterOptions } from "../../helpers/kvm-cluster.ts";
import { libvirtNamespace } from "../../helpers/libvirt-namespace.ts";
import { reportedSpec } from "../../helpers/reported-config.ts";
import { startProvider, type ProviderClient } from "../../helpers/provider-client.ts";

const kvm = platformFor("kvm");
const ID = "try-abcde";
const NODE = `${ID}-master-0`;
const POOL_PATH = `/var/lib/libvirt/images/virt-ipi/${ID}`;

let host: LibvirtHost;
let folder: string;
let client: ProviderClient;
let inside: Runner;

beforeAll(async () => {
  host = await libvirtNamespace();
  inside = (file, args, options) => host.exec([file, ...args], options);
  folder = await mkdtemp("/tmp/vt-files-");
  client = await startProvider({ uri: host.uri }, { resources: RESOURCES });
});

afterAll(async () => {
  client.close();
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const virsh = async (...args: readonly string[]): Promise<string> => (await host.exec(["virsh", "--quiet", ...args])).stdout;

function contextOf(options: KvmClusterOptions = {}): PlatformContext {
  const { spec, identity } = kvmCluster({ uri: host.uri, ...options });
  return {
    spec,
    identity,
    machines: planMachines(spec, identity),
    reporter: { emit: () => undefined },
    run: inside,
    signal,
    env: {},
    clusterDir: folder,
  };
}

async function define(command: string, text: string): Promise<void> {
  const path = join(folder, `${command}.xml`);
  await writeFile(path, text);
  await virsh(command, path);
}

async function outcomes(options: KvmClusterOptions = {}, skip: readonly string[] = []): Promise<Readonly<Record<string, string>>> {
  const results = await kvm.preflight(contextOf(options), new Set(skip));
  return Object.fromEntries(results.map(({ id, outcome }) => [id, outcome]));
}

describe("preflight", () => {
  it("passes on a host that has all, and warns where there is no acceleration", async () => {
    const found = await outcomes();
    expect(Object.keys(found)).toEqual([
      "tools",
      "libvirt-reachable",
      "libvirt-version",
      "acceleration",
      "nested-virtualization",
      "processors",
      "memory",
      "virtualization-memory",
      "pool-readable",
      "disk-space",
      "names-free",
      "bridge",
      "address-ranges",
      "vip-free",
      "image-checksum",
      "clock",
    ]);
    expect(Object.entries(found).filter(([id, outcome]) => outcome === "failed" && id !== "acceleration")).toEqual([]);
    expect(["ok", "warning"]).toContain(found["acceleration"]);
  });

  it("says what libvirt said when it does not answer, and leaves the rest out", async () => {
    const results = await kvm.preflight(contextOf({ uri: `qemu:///system?socket=${folder}/none` }), new Set(["clock"]));
    expect(results.find(({ id }) => id === "libvirt-reachable")).toMatchObject({
      outcome: "failed",
      found: expect.stringContaining("none") as string,
      fix: expect.stringContaining("libvirtd") as string,
    });
    expect(results.filter(({ outcome }) => outcome === "skipped").map(({ id }) => id)).toContain("memory");
  });

  it("names a missing program", async () => {
    const context = contextOf();
    const results = await kvm.preflight(
      { ...context, run: (file, args, options) => run(file === "qemu-img" ? "qemu-img-that-is-not-there" : file, args, options) },
      new Set(),
    );
    expect(results[0]).toMatchObject({ id: "tools", outcome: "failed", found: "qemu-img is not installed" });
  });

  it("skips what it is told to", async () =>
    expect(await outcomes({}, ["memory", "clock"])).toMatchObject({ memory: "skipped", clock: "skipped", "names-free": "ok" }));

  it("fails when the machines want more memory or disk than there is", async () => {
    const context = contextOf();
    const results = await kvm.preflight(
      { ...context, machines: context.machines.map((machine) => ({ ...machine, memoryMB: 10_000_000, diskSizeGB: 8 })), run: inside },
      new Set(),
    );
    expect(results.find(({ id }) => id === "memory")).toMatchObject({
      outcome: "failed",
      found: expect.stringContaining("30000000 MiB needed for 3 machines") as string,
    });
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      ...context.machines[0],
      name: `m-${index}`,
      diskSizeGB: 120,
    })) as typeof context.machines;
    const disks = await kvm.preflight({ ...context, machines: many }, new Set());
    expect(disks.find(({ id }) => id === "disk-space")).toMatchObject({ outcome: "failed" });
  });

  it("fails for a pool that does not exist", async () =>
    expect(await outcomes({ storagePool: { kind: "existing", name: "nowhere" } })).toMatchObject({ "pool-readable": "failed" }));

  it("looks for the bridge on the host, and names those that there are", async () => {
    const { platform } = reportedSpec("26-bridge-missing.yaml");
    const missing = platform.name === "kvm" && platform.network.kind === "bridge" ? platform.network.bridge : "";
    const look = async (bridge: string): Promise<unknown> =>
      (await kvm.preflight(contextOf({ bridge }), new Set())).find(({ id }) => id === "bridge");
    expect(await look(missing)).toMatchObject({ outcome: "failed", found: "this host has no bridge br77; there is none" });
    for (const name of ["br8", "br9"]) await host.exec(["ip", "link", "add", name, "type", "bridge"]);
    await host.exec(["ip", "link", "set", "br8", "up"]);
    expect(await look(missing)).toMatchObject({ outcome: "failed", found: "this host has no bridge br77; there are: br8, br9" });
    expect(await look("lo")).toMatchObject({ outcome: "failed", found: "lo on this host is no bridge; there are: br8, br9" });
    expect(await look("br9")).toMatchObject({ outcome: "ok", found: "br9 on this host, without a link so far" });
    expect(await look("br8")).toMatchObject({ outcome: "ok" });
    for (const name of ["br8", "br9"]) await host.exec(["ip", "link", "del", name]);
  });

  it("fails when a route of the host leads into the machine network", async () => {
    await host.exec(["ip", "link", "add", "other0", "type", "bridge"]);
    await host.exec(["ip", "addr", "add", "192.168.126.77/25", "dev", "other0"]);
    await host.exec(["ip", "link", "set", "other0", "up"]);
    expect(await outcomes()).toMatchObject({ "address-ranges": "failed" });
    await host.exec(["ip", "link", "del", "other0"]);
    expect(await outcomes()).toMatchObject({ "address-ranges": "ok" });
  });

  it("fails when a foreign domain has the name of a machine", async () => {
    await define("define", `<domain type='qemu'><name>${NODE}</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os></domain>`);
    expect(await outcomes()).toMatchObject({ "names-free": "failed" });
    await virsh("undefine", NODE);
  });
});

describe("a cluster on the host", () => {
  const metadata = (): ReturnType<typeof kvm.metadata> => kvm.metadata(contextOf().spec, contextOf().identity, contextOf().machines);
  const context = (): PlatformAccess => ({ run: inside, signal, env: {} });
  const scan = (): Promise<readonly OwnedObject[]> => kvm.scan(ID, metadata(), context());
  const named = (objects: readonly OwnedObject[]): readonly string[] => objects.map(({ kind, name }) => `${kind} ${name}`);

  beforeAll(async () => {
    const image = join(folder, "image.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
    await client.create("virt-ipi:kvm:StoragePool", { name: ID, path: POOL_PATH });
    await client.create("virt-ipi:kvm:Network", {
      name: ID,
      infraID: ID,
      bridge: "vi-abcde",
      domain: "try.example.com",
      gateway: "192.168.126.1",
      prefixLength: 24,
      reservations: [],
      records: [],
      wildcards: [],
    });
    const { stdout } = await run("sha256sum", [image]);
    await client.create("virt-ipi:kvm:BaseImage", { name: `${ID}-base.qcow2`, pool: ID, source: image, sha256: stdout.slice(0, 64) });
    await client.create("virt-ipi:kvm:Volume", {
      name: `${NODE}.qcow2`,
      pool: ID,
      basePath: `${POOL_PATH}/${ID}-base.qcow2`,
      machine: NODE,
      sizeGB: 1,
    });
    await client.create("virt-ipi:kvm:Machine", {
      name: NODE,
      infraID: ID,
      role: "control-plane",
      cpus: 1,
      memoryMB: 128,
      macAddress: "52:54:00:00:00:10",
      network: { kind: "network", name: ID },
      pool: ID,
      diskPath: `${POOL_PATH}/${NODE}.qcow2`,
      ignition: "{}",
      address: "192.168.126.10",
    });
    await plantForeign();
  });

  /** Things of others with names that begin or end like ours, or that only look like ours. */
  async function plantForeign(): Promise<void> {
    for (const [name, infraID] of [
      [`${ID}-master-01`, "try-abcdf"],
      [`x${NODE}`, undefined],
      [`${ID}2-master-0`, `${ID}2`],
    ] as const) {
      const owner =
        infraID === undefined
          ? ""
          : `<metadata><v:owner xmlns:v='https://virt-ipi.dev/xmlns/owner/1' infraID='${infraID}' role='compute'/></metadata>`;
      await define(
        "define",
        `<domain type='qemu'><name>${name}</name>${owner}<memory>65536</memory><os><type arch='x86_64'>hvm</type></os></domain>`,
      );
    }
    await define("net-define", `<network><name>${ID}-other</name><bridge name='other1'/><ip address='192.168.99.1' prefix='24'/></network>`);
    for (const name of [`${ID}-base.qcow2.bak`, `${NODE}.qcow2.orig`, `${ID}-master-01.qcow2`, "somebody.qcow2"])
      await virsh("vol-create-as", ID, name, "1M");
    await mkdir(join(host.dir, "lib/images/others"), { recursive: true });
    await virsh("pool-create-as", `${ID}-pool`, "dir", "--target", "/var/lib/libvirt/images/others");
    await virsh("vol-create-as", `${ID}-pool`, `${NODE}.qcow2`, "1M");
  }

  it("is found whole, and nothing that is another's", async () => {
    expect(named(await scan())).toEqual([
      `domain ${NODE}`,
      `volume ${NODE}.console.log`,
      `volume ${NODE}.ign`,
      `volume ${NODE}.qcow2`,
      `volume ${ID}-base.qcow2`,
      `network ${ID}`,
      `pool ${ID}`,
    ]);
  });

  it("is no conflict to itself in a preflight", async () => expect(await outcomes()).toMatchObject({ "names-free": "ok", "address-ranges": "ok" }));

  it("fails the preflight of another run when somebody has a VIP", async () => {
    await virsh("destroy", NODE);
    expect(await outcomes()).toMatchObject({ "vip-free": "ok" });
    // Another namespace on the bridge answers ARP for the VIP, as a foreign machine would.
    const other = `${host.netns}x`;
    await run("ip", ["netns", "add", other]);
    try {
      await host.exec(["ip", "link", "add", "vip0", "type", "veth", "peer", "name", "eth0", "netns", other]);
      await host.exec(["ip", "link", "set", "vip0", "master", "vi-abcde", "up"]);
      await run("ip", ["-n", other, "addr", "add", "192.168.126.5/24", "dev", "eth0"]);
      await run("ip", ["-n", other, "link", "set", "eth0", "up"]);
      // A bridge port may stay silent for its first seconds.
      await expect.poll(async () => (await outcomes())["vip-free"], { timeout: 60_000, interval: 1_000 }).toBe("failed");
    } finally {
      await run("ip", ["netns", "del", other]);
    }
    await virsh("start", NODE);
  });

  it("is gathered with its consoles and descriptions", async () => {
    const files = await kvm.gather(ID, metadata(), context());
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        `console/${NODE}.log`,
        `libvirt/${NODE}.domain.dumpxml.txt`,
        `libvirt/${ID}.network.net-dumpxml.txt`,
        "libvirt/volumes.txt",
      ]),
    );
    expect(files.get(`libvirt/${NODE}.domain.dumpxml.txt`)).toContain(NODE);
  });

  it("lets its consoles be read through libvirt", async () => {
    await writeFile(join(host.dir, "lib/images/virt-ipi", ID, `${NODE}.console.log`), "Kernel panic - not syncing: test\n");
    expect(await kvm.consoleOf?.(NODE, metadata(), context())).toBe("Kernel panic - not syncing: test\n");
    expect(await kvm.consoleOf?.("nobody", metadata(), context())).toBeUndefined();
  });

  it("leaves what does not carry its mark, though it is told to remove it", async () => {
    const uuid = async (command: string, name: string): Promise<string> => (await virsh(command, name)).trim();
    const others: readonly OwnedObject[] = [
      { kind: "domain", name: NODE, id: await uuid("domuuid", `x${NODE}`) },
      { kind: "domain", name: NODE, id: await uuid("domuuid", `${ID}-master-01`) },
      { kind: "network", name: ID, id: await uuid("net-uuid", `${ID}-other`) },
      { kind: "volume", name: "somebody.qcow2", id: `${ID}/somebody.qcow2` },
      { kind: "pool", name: `${ID}-pool`, id: await uuid("pool-uuid", `${ID}-pool`) },
    ];
    for (const object of others)
      await expect(kvm.remove(ID, object, metadata(), context()), object.kind).rejects.toMatchObject({ id: "OBJECT_NOT_OWNED" });
    const named = { ...metadata(), machines: ["somebody"] };
    await expect(kvm.scan(ID, named, context())).rejects.toMatchObject({ id: "METADATA_INVALID" });
    expect(await readdir(join(host.dir, "lib/images/virt-ipi", ID))).toContain("somebody.qcow2");
  });

  it("is removed object by object, twice, and all that is another's stays", async () => {
    const objects = await scan();
    for (const object of [...objects, ...objects]) await kvm.remove(ID, object, metadata(), context());
    expect(await scan()).toEqual([]);
    expect((await virsh("list", "--all", "--name")).trim().split("\n").toSorted()).toEqual(
      [`${ID}-master-01`, `${ID}2-master-0`, `x${NODE}`].toSorted(),
    );
    expect((await virsh("net-list", "--all", "--name")).trim()).toBe(`${ID}-other`);
    expect((await readdir(join(host.dir, "lib/images/virt-ipi", ID))).toSorted()).toEqual(
      [`${ID}-base.qcow2.bak`, `${ID}-master-01.qcow2`, `${NODE}.qcow2.orig`, "somebody.qcow2"].toSorted(),
    );
    expect(await readdir(join(host.dir, "lib/images/others"))).toEqual([`${NODE}.qcow2`]);
    expect(await virsh("pool-list", "--all", "--name")).toContain(`${ID}-pool`);
  });
});
