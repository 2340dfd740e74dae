import { createHash } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { RESOURCES } from "../../../src/plugin/registry.ts";
import type { Properties } from "../../../src/pulumi/resource/values.ts";
import type { LibvirtHost } from "../../../tools/demo-host/index.ts";
import { libvirtNamespace } from "../../helpers/libvirt-namespace.ts";
import { startProvider, type Made, type ProviderClient, type ProviderFailure } from "../../helpers/provider-client.ts";

const NETWORK = "virt-ipi:kvm:Network";
const POOL = "virt-ipi:kvm:StoragePool";
const IMAGE = "virt-ipi:kvm:BaseImage";
const VOLUME = "virt-ipi:kvm:Volume";
const MACHINE = "virt-ipi:kvm:Machine";
const ID = "c-abcde";
const NODE = `${ID}-master-0`;
const SECRET = "planted-ignition-secret";

let host: LibvirtHost;
let folder: string;
let image: { readonly source: string; readonly sha256: string };
let client: ProviderClient;

beforeAll(async () => {
  host = await libvirtNamespace();
  folder = await mkdtemp("/tmp/vt-files-");
  const source = join(folder, "image.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", source, "64M"]);
  image = {
    source,
    sha256: createHash("sha256")
      .update(await readFile(source))
      .digest("hex"),
  };
});

afterAll(async () => {
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
});

const virsh = async (...args: readonly string[]): Promise<string> => (await host.exec(["virsh", "--quiet", ...args])).stdout;
const poolFiles = async (): Promise<readonly string[]> => (await readdir(join(host.dir, "lib/images/virt-ipi", ID))).toSorted();
const failureOf = (promise: Promise<unknown>): Promise<ProviderFailure> =>
  promise.then(
    () => expect.unreachable("did not fail"),
    (error: unknown) => error as ProviderFailure,
  );

beforeAll(async () => void (client = await provider()));
afterAll(() => client.close());

const provider = (): Promise<ProviderClient> => startProvider({ uri: host.uri }, { resources: RESOURCES });

const network: Properties = {
  name: ID,
  infraID: ID,
  bridge: "vi-abcde",
  domain: "c.example.com",
  gateway: "192.168.126.1",
  prefixLength: 24,
  dynamicRange: { first: "192.168.126.100", last: "192.168.126.254" },
  reservations: [{ name: NODE, macAddress: "52:54:00:00:00:10", ipAddress: "192.168.126.10" }],
  records: [{ ipAddress: "192.168.126.5", hostnames: ["api.c.example.com", "api-int.c.example.com"] }],
  wildcards: [{ name: "apps.c.example.com", ipAddress: "192.168.126.6" }],
};
const pool: Properties = { name: ID, path: `/var/lib/libvirt/images/virt-ipi/${ID}` };
const disk = (sizeGB = 1): Properties => ({
  name: `${NODE}.qcow2`,
  pool: ID,
  basePath: `${String(pool["path"])}/${ID}-base.qcow2`,
  machine: NODE,
  sizeGB,
});
const baseOf = (): Properties => ({ name: `${ID}-base.qcow2`, pool: ID, ...image });
const machine: Properties = {
  name: NODE,
  infraID: ID,
  role: "control-plane",
  cpus: 1,
  memoryMB: 128,
  macAddress: "52:54:00:00:00:10",
  network: { kind: "network", name: ID },
  pool: ID,
  diskPath: `${String(pool["path"])}/${NODE}.qcow2`,
  ignition: JSON.stringify({ secret: SECRET }),
  address: "192.168.126.10",
};

const domains = async (): Promise<string> => (await virsh("list", "--all", "--name")).trim();

describe("Network", () => {
  let made: Made;
  beforeAll(async () => void (made = await client.create(NETWORK, network)));

  it("serves the cluster's names and addresses", async () => {
    expect(made).toMatchObject({ id: ID, outputs: { name: ID, bridge: "vi-abcde", forward: "nat" } });
    const { resolve } = await import("node:path");
    const script = `import dns from "node:dns/promises"; const r = new dns.Resolver(); r.setServers(["192.168.126.1"]);
      console.log(JSON.stringify(await Promise.all(["api", "api-int", "x.apps", "${NODE}"].map((n) => r.resolve4(n + ".c.example.com")))));`;
    const { stdout } = await host.exec([resolve("node_modules/.bin/node"), "--input-type=module", "-e", script]);
    expect(JSON.parse(stdout)).toEqual([["192.168.126.5"], ["192.168.126.5"], ["192.168.126.6"], ["192.168.126.10"]]);
  });

  it("reads back as it was asked for", async () => {
    expect(await client.read(NETWORK, ID, network, made.outputs)).toEqual({ id: ID, inputs: network, outputs: made.outputs });
    expect(await client.read(NETWORK, "c-abcdf")).toBeUndefined();
  });

  it("changes its machines in place", async () => {
    const other = { name: `${ID}-worker-0`, macAddress: "52:54:00:00:00:20", ipAddress: "192.168.126.20" };
    const bridge = await virsh("net-dumpxml", ID);
    const outputs = await client.update(NETWORK, ID, { inputs: network, outputs: made.outputs }, { ...network, reservations: [other] });
    expect(outputs).toEqual(made.outputs);
    for (const flags of [[], ["--inactive"]]) {
      const text = await virsh("net-dumpxml", ID, ...flags);
      expect(text).toContain("52:54:00:00:00:20");
      expect(text).toContain(`${ID}-worker-0.c.example.com`);
      expect(text).not.toContain(NODE);
    }
    expect(/uuid>(.*)</.exec(bridge)?.[1]).toBe(made.outputs["uuid"]);
    await client.update(NETWORK, ID, { inputs: network, outputs }, network);
    expect((await client.read(NETWORK, ID, network, outputs))?.inputs).toEqual(network);
  });

  it("is taken on when an interrupted run has made it already", async () => expect(await client.create(NETWORK, network)).toEqual(made));

  it("refuses a network of the same name that is not its own", async () => {
    expect(await failureOf(client.create(NETWORK, { ...network, infraID: "d-abcde" }))).toMatchObject({
      details: expect.stringMatching(/^NAME_TAKEN/) as string,
    });
  });
});

describe("StoragePool, BaseImage, Volume", () => {
  it("make a pool that others can walk through but not list", async () => {
    expect(await client.create(POOL, pool)).toMatchObject({ id: ID });
    const { stdout } = await run("stat", ["-c", "%a", join(host.dir, "lib/images/virt-ipi", ID)]);
    expect(stdout).toBe("711");
    expect(await client.read(POOL, ID)).toMatchObject({ inputs: pool });
    expect(await client.create(POOL, pool)).toMatchObject({ id: ID });
    expect(await failureOf(client.create(POOL, { ...pool, path: "/elsewhere" }))).toMatchObject({
      details: expect.stringMatching(/^NAME_TAKEN/) as string,
    });
  });

  it("leave a folder that is there as it is, whose it is, and where it is; one that was made goes with its pool", async () => {
    const images = join(host.dir, "lib/images");
    const facts = async (): Promise<string> => (await run("stat", ["-c", "%a %u:%g", join(images, "shared")])).stdout;
    await mkdir(join(images, "shared"));
    await chown(join(images, "shared"), 65534, 65534);
    await chmod(join(images, "shared"), 0o2775);
    for (const name of ["shared", "made"]) {
      const inputs = { name: `p-${name}`, path: `/var/lib/libvirt/images/${name}` };
      const { outputs } = await client.create(POOL, inputs);
      expect(outputs).toMatchObject({ made: name === "made" });
      if (name === "shared") expect(await facts()).toBe("2775 65534:65534");
      await client.delete(POOL, inputs.name, inputs, outputs);
    }
    expect(await facts()).toBe("2775 65534:65534");
    expect(await readdir(images)).not.toContain("made");
    await rm(join(images, "shared"), { recursive: true });
  });

  it("refuse a folder of the system, also behind a link", async () => {
    await symlink("/etc", join(folder, "link"));
    expect(await failureOf(client.create(POOL, { name: "p-link", path: join(folder, "link") }))).toMatchObject({
      details: expect.stringMatching(/^POOL_FOLDER_REFUSED/) as string,
    });
    expect(await virsh("pool-list", "--all", "--name")).not.toContain("p-link");
  });

  it("copy the image, exactly", async () => {
    const made = await client.create(IMAGE, baseOf());
    expect(made).toMatchObject({ id: `${ID}/${ID}-base.qcow2`, outputs: { sha256: image.sha256, virtualSize: 64 * 2 ** 20 } });
    const copy = await readFile(join(host.dir, "lib/images/virt-ipi", ID, `${ID}-base.qcow2`));
    expect(createHash("sha256").update(copy).digest("hex")).toBe(image.sha256);
  });

  it("refuse an image with another checksum, one that is not there, and one that is no qcow2", async () => {
    const wrong = { ...baseOf(), name: "c-abcde-other.qcow2" };
    expect(await failureOf(client.create(IMAGE, { ...wrong, sha256: "0".repeat(64) }))).toMatchObject({
      details: expect.stringMatching(/^IMAGE_CHECKSUM/) as string,
    });
    expect(await failureOf(client.create(IMAGE, { ...wrong, source: "/nowhere" }))).toMatchObject({
      details: expect.stringMatching(/^IMAGE_UNREADABLE/) as string,
    });
    const text = await readFile(import.meta.filename);
    const noImage = { ...wrong, source: import.meta.filename, sha256: createHash("sha256").update(text).digest("hex") };
    expect(await failureOf(client.create(IMAGE, noImage))).toMatchObject({
      details: expect.stringMatching(/^IMAGE_CHECKSUM.*not a qcow2/) as string,
    });
    expect(await poolFiles()).toEqual([`${ID}-base.qcow2`]);
  });

  it("make a disk on it that grows and never shrinks", async () => {
    const made = await client.create(VOLUME, disk());
    expect(made).toMatchObject({ id: `${ID}/${NODE}.qcow2`, outputs: { sizeGB: 1 } });
    expect(await client.read(VOLUME, made.id, disk(), made.outputs)).toEqual({ id: made.id, inputs: disk(), outputs: made.outputs });
    const grown = await client.update(VOLUME, made.id, { inputs: disk(), outputs: made.outputs }, disk(2));
    expect(grown).toMatchObject({ sizeGB: 2 });
    expect((await client.check(VOLUME, disk(1), disk(2))).failures).toEqual([expect.stringMatching(/^sizeGB: .*shrink/)]);
    expect(await failureOf(client.update(VOLUME, made.id, { inputs: disk(2), outputs: grown }, disk(1)))).toMatchObject({
      details: expect.stringMatching(/^VOLUME_SHRINK/) as string,
    });
  });

  it("keep the image that disks stand on when another is asked for", async () => {
    const outputs =
      (await client.read(IMAGE, `${ID}/${ID}-base.qcow2`, baseOf(), { ...baseOf(), path: `${String(pool["path"])}/${ID}-base.qcow2` }))?.outputs ??
      {};
    expect(
      await client.update(IMAGE, `${ID}/${ID}-base.qcow2`, { inputs: baseOf(), outputs }, { ...baseOf(), sha256: "1".repeat(64) }),
    ).toMatchObject({ sha256: image.sha256 });
  });
});

describe("Machine", () => {
  let made: Made;
  const state = (): { inputs: Properties; outputs: Properties } => ({ inputs: machine, outputs: made.outputs });
  beforeAll(async () => void (made = await client.create(MACHINE, machine)));

  it("runs with its Ignition, which only QEMU may read", async () => {
    expect(made.outputs).toMatchObject({
      name: NODE,
      running: true,
      address: "192.168.126.10",
      ignitionSha256: createHash("sha256").update(String(machine["ignition"])).digest("hex"),
    });
    expect(await virsh("domstate", NODE)).toBe("running");
    const path = join(host.dir, "lib/images/virt-ipi", ID, `${NODE}.ign`);
    expect(await readFile(path, "utf8")).toBe(machine["ignition"]);
    expect((await run("stat", ["-c", "%a", path])).stdout).toBe("600");
    expect(await virsh("dumpxml", NODE)).not.toContain(SECRET);
    expect(JSON.stringify(made.outputs)).not.toContain(SECRET);
  });

  it("reads as itself, by UUID and by name, and as gone", async () => {
    expect(await client.read(MACHINE, made.id, machine, made.outputs)).toEqual({ id: made.id, inputs: machine, outputs: made.outputs });
    const { ignition: _ignition, address: _address, ...visible } = machine;
    expect(await client.read(MACHINE, NODE)).toMatchObject({ id: made.id, inputs: visible });
    expect(await client.read(MACHINE, "00000000-0000-0000-0000-000000000001")).toBeUndefined();
  });

  it("is taken on as it runs when the state has lost it", async () => {
    expect((await client.create(MACHINE, machine)).id).toBe(made.id);
    expect(await failureOf(client.create(MACHINE, { ...machine, macAddress: "52:54:00:00:00:99" }))).toMatchObject({
      details: expect.stringMatching(/^NAME_TAKEN/) as string,
    });
  });

  it("shows as drifted when it is off, and is started by the update", async () => {
    await virsh("destroy", NODE);
    const drifted = await client.read(MACHINE, made.id, machine, made.outputs);
    expect(drifted).toMatchObject({ inputs: { powerOn: false }, outputs: { running: false } });
    expect(await client.diff(MACHINE, drifted?.inputs ?? {}, machine)).toMatchObject({ diffs: ["powerOn"], replaces: [] });
    await client.update(MACHINE, made.id, { inputs: drifted?.inputs ?? {}, outputs: drifted?.outputs ?? {} }, machine);
    expect(await virsh("domstate", NODE)).toBe("running");
  });

  it("is replaced for another identity, and never for other Ignition", async () => {
    expect(await client.diff(MACHINE, machine, { ...machine, ignition: "{}" })).toMatchObject({ changed: false });
    expect(await client.diff(MACHINE, machine, { ...machine, macAddress: "52:54:00:00:00:11" })).toMatchObject({
      replaces: ["macAddress"],
      deleteBeforeReplace: true,
    });
  });

  it("is not restarted for another size unless that is allowed, and the preview says so", async () => {
    const bigger = { ...machine, cpus: 2, memoryMB: 192 };
    for (const preview of [true, false])
      expect(await failureOf(client.update(MACHINE, made.id, state(), bigger, { preview }))).toMatchObject({
        details: expect.stringMatching(/^MACHINE_RESTART_REFUSED/) as string,
      });
    expect(await virsh("domstate", NODE)).toBe("running");
    await virsh("destroy", NODE);
    await client.update(MACHINE, made.id, state(), bigger);
    expect((await client.read(MACHINE, made.id, machine, made.outputs))?.inputs).toMatchObject({ cpus: 2, memoryMB: 192 });
    expect(await virsh("domstate", NODE)).toBe("running");
  });

  it("has its disk grown while it runs", async () => {
    const id = `${ID}/${NODE}.qcow2`;
    const outputs = (await client.read(VOLUME, id))?.outputs ?? {};
    await client.update(VOLUME, id, { inputs: disk(2), outputs }, disk(3));
    expect(await virsh("domblkinfo", NODE, "vda")).toContain(String(3 * 2 ** 30));
  });

  it("is refused where a foreign domain has the name", async () => {
    await virsh("destroy", NODE);
    const text = (await virsh("dumpxml", NODE))
      .replace(/<metadata>[\s\S]*<\/metadata>/, "")
      .replaceAll(NODE, "foreign")
      .replace(/<uuid>.*<\/uuid>/, "");
    await host.exec(["virsh", "define", "/dev/stdin"], { input: text }).catch(async () => {
      const file = join(folder, "foreign.xml");
      await (await import("node:fs/promises")).writeFile(file, text);
      await virsh("define", file);
    });
    expect(await failureOf(client.create(MACHINE, { ...machine, name: "foreign" }))).toMatchObject({
      details: expect.stringMatching(/^NAME_TAKEN/) as string,
    });
    expect(await domains()).toContain("foreign");
    await virsh("undefine", "foreign");
  });

  it("goes with its Ignition and logs, and its disk stays", async () => {
    await client.delete(MACHINE, made.id, machine, made.outputs);
    expect(await domains()).toBe("");
    expect(await poolFiles()).toEqual([`${ID}-base.qcow2`, `${NODE}.qcow2`]);
    await client.delete(MACHINE, made.id, machine, made.outputs);
  });

  it("leaves nothing when it cannot start", async () => {
    const failure = await failureOf(client.create(MACHINE, { ...machine, network: { kind: "network", name: "missing" } }));
    expect(failure.details).toMatch(/^LIBVIRT_FAILED/);
    expect(failure.details).not.toContain(SECRET);
    expect(await domains()).toBe("");
    expect(await poolFiles()).toEqual([`${ID}-base.qcow2`, `${NODE}.qcow2`]);
  });

  it("leaves nothing when it is cancelled in the middle, whenever that is", async () => {
    for (const delay of [1, 40, 120, 200]) {
      const own = await provider();
      const creating = own.create(MACHINE, machine).then(
        async (late) => await client.delete(MACHINE, late.id, machine, late.outputs),
        (error: unknown) => error as ProviderFailure,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await own.cancel();
      const failure = await creating;
      own.close();
      if (failure !== undefined) expect(failure).toMatchObject({ details: expect.stringMatching(/^INTERRUPTED/) as string });
      expect(await domains()).toBe("");
      expect(await poolFiles()).toEqual([`${ID}-base.qcow2`, `${NODE}.qcow2`]);
    }
  });

  it("stays off when asked to", async () => {
    const off = { ...machine, powerOn: false };
    const resting = await client.create(MACHINE, off);
    expect(await virsh("domstate", NODE)).toBe("shut off");
    expect(await client.read(MACHINE, resting.id, off, resting.outputs)).toMatchObject({ inputs: off });
    await client.delete(MACHINE, resting.id, off, resting.outputs);
  });

  it("is kept when it gets no address in time, so that the next update goes on waiting", async () => {
    const { address: _address, ...dynamic } = machine;
    const failure = await failureOf(client.create(MACHINE, dynamic, { timeout: 30 }));
    expect(failure.initFailed).toMatchObject({
      inputs: { name: NODE },
      outputs: { name: NODE, running: true },
      reasons: [expect.stringMatching(/^MACHINE_NO_ADDRESS/) as string],
    });
    expect(await virsh("domstate", NODE)).toBe("running");
    await client.delete(MACHINE, failure.initFailed?.id ?? "", dynamic, failure.initFailed?.outputs ?? {});
    expect(await domains()).toBe("");
  });
});

describe("removal", () => {
  afterEach(() => undefined);

  it("leaves nothing, and is repeatable", async () => {
    for (const _ of [1, 2]) {
      await client.delete(VOLUME, `${ID}/${NODE}.qcow2`, disk(3), {});
      await client.delete(IMAGE, `${ID}/${ID}-base.qcow2`, baseOf(), {});
      await client.delete(POOL, ID, pool, {});
      await client.delete(NETWORK, ID, network, {});
    }
    expect([await virsh("net-list", "--all"), await virsh("pool-list", "--all")]).toEqual(["", ""]);
    expect(await readdir(join(host.dir, "lib/images/virt-ipi"))).toEqual([]);
    expect((await host.exec(["ip", "-br", "link"])).stdout).not.toContain("vi-abcde");
  });
});
