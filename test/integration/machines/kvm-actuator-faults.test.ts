import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, type Runner } from "../../../src/exec/index.ts";
import type { ActuatorRequest } from "../../../src/machines/index.ts";
import { platformFor, type Actuator } from "../../../src/providers/index.ts";
import { ActuatorSite } from "../../helpers/actuator-site.ts";
import { shareOf } from "../../helpers/share.ts";

let site: ActuatorSite;
let empty: unknown;
const ALLOW = {
  uris: ["qemu:///system?socket=/nowhere"],
  pools: ["none", "small", "off"],
  images: ["none.qcow2"],
  networks: ["none", "br-none", "off", "tiny"],
};

beforeAll(async () => {
  site = await ActuatorSite.open();
  await site.serve(await site.actuator({ allow: ALLOW }));
  const small = join(site.poolFolder(), "..", "small");
  await mkdir(small);
  const pid = await readFile(join(site.host.dir, "libvirtd.pid"), "utf8");
  // Where libvirtd sees it, and nobody else.
  await run("nsenter", ["-t", pid.trim(), "-m", "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", "/var/lib/libvirt/images/virt-ipi/small"]);
  await site.makePool("small");
  await site.makePool("off");
  await site.virsh("pool-destroy", "off");
  await site.makeNetwork("off", "192.168.127");
  await site.virsh("net-destroy", "off");
  await site.makeNetwork("tiny", "192.168.128", 29);
  empty = await site.world();
});
afterAll(() => site.close());

const PINNED = "c-abcde-worker-xk2p7";

describe("what cannot be made", () => {
  const cases: readonly (readonly [reason: string, kind: string, spec: object, message: RegExp])[] = [
    ["DiskTooSmall", "Invalid", { osDisk: { diskSizeGB: 0.01 } }, /0\.01 GiB is less than the 0\.0625 GiB of image/],
    ["MemoryExceedsHosts", "Invalid", { memoryMB: 60 * 2 ** 20 }, /no host has 62914560 MiB at all/],
    ["CpuModelUnknown", "Invalid", { cpuModel: "no-such-model" }, /no-such-model/],
    ["PoolMissing", "Failed", { pool: "none" }, /no storage pool none/],
    ["PoolInactive", "Failed", { pool: "off" }, /'off' is not active/],
    ["PoolFull", "Failed", { pool: "small" }, /has 0\.0 GiB free; 1 GiB are needed/],
    ["ImageMissing", "Failed", { image: "none.qcow2" }, /no volume none\.qcow2/],
    ["NetworkMissing", "Failed", { network: { kind: "network", name: "none" } }, /no network none/],
    ["NetworkMissing", "Failed", { network: { kind: "bridge", name: "br-none" } }, /br-none/],
    ["NetworkInactive", "Failed", { network: { kind: "network", name: "off" } }, /network off .* is off/],
    ["NoFreeAddress", "Failed", { network: { kind: "network", name: "tiny" } }, /network tiny .* has no free address/],
    ["HostUnreachable", "Failed", { uri: "qemu:///system?socket=/nowhere" }, /Failed to connect/],
    [
      "InvalidProviderSpec",
      "Invalid",
      { cpus: 0, memoryMB: "4G", osDisk: {}, network: { kind: "vlan", name: "x" }, extra: 1 },
      /^cpus: .*; memoryMB: .*; osDisk\.diskSizeGB: .*; network\.kind: .*; providerSpec\.value: unknown field extra$/,
    ],
    [
      "InvalidProviderSpec",
      "Invalid",
      { uri: "qemu+ssh://root@elsewhere/system", pool: "default", image: "../other.qcow2", network: { kind: "bridge", name: "br0" } },
      /^image: must be a name/,
    ],
    [
      "InvalidProviderSpec",
      "Invalid",
      { uri: "qemu+ssh://root@elsewhere/system", pool: "default", image: "other.qcow2", network: { kind: "bridge", name: "br0" } },
      /^uri: .*may use.*; pool: "default".*; image: "other\.qcow2".*; network\.name: "br0".*/,
    ],
    ["InvalidProviderSpec", "Invalid", { uri: "qemu+ssh://h/system?command=id" }, /^uri: .*could run programs/],
  ];
  it.each(cases)("says %s (%s) for %j, and leaves nothing", async (reason, kind, spec, message) => {
    const machine = site.machine(PINNED, spec);
    const answer = await site.ask("create", machine);
    expect(answer.error).toMatchObject({ kind, reason, message: expect.stringMatching(message) as string });
    expect(answer.providerStatus).toMatchObject({ conditions: [{ status: "False", reason }] });
    if (reason !== "HostUnreachable") expect((await site.ask("delete", machine)).error).toBeUndefined();
    expect(await site.world()).toEqual(empty);
  });

  it("says InsufficientMemory where the host has it, and not now", async () => {
    const total = Number(/^total\s*:\s*(\d+)/m.exec(await site.virsh("nodememstats"))?.[1]) / 1024;
    const answer = await site.ask("create", site.machine(PINNED, { memoryMB: Math.floor(total) - 64 }));
    expect(answer.error).toMatchObject({ kind: "Failed", reason: "InsufficientMemory" });
  });

  it.each([
    ["of another cluster", "c-abcdf-worker-xk2p7", {}, /does not begin with c-abcde-/],
    ["of a planned machine", "c-abcde-master-0", {}, /a name of the installer's/],
    ["whose disk would be the image", "c-abcde-base", {}, /a name of the installer's/],
    ["that leads out of the pool", "c-abcde-../../x", {}, /does not begin with/],
    ["with another cluster's label", PINNED, { "machine.openshift.io/cluster-api-cluster": "d-abcde" }, /this cluster is c-abcde/],
    ["of the control plane", PINNED, { "machine.openshift.io/cluster-api-machine-role": "master" }, /control plane/],
  ])("says InvalidMachine for one %s, and removes nothing of its name", async (_, name, labels, message) => {
    const machine = site.machine(name, {}, { labels });
    expect((await site.ask("create", machine)).error).toMatchObject({
      kind: "Invalid",
      reason: "InvalidMachine",
      message: expect.stringMatching(message) as string,
    });
    await site.ask("delete", machine);
    expect(await site.world()).toEqual(empty);
  });

  it("says InvalidUserData, and quotes nothing of it", async () => {
    const { error } = await site.ask("create", site.machine(PINNED), "planted-secret");
    expect(error).toMatchObject({ kind: "Invalid", reason: "InvalidUserData" });
    expect(error?.message).not.toContain("planted");
  });
});

describe("what is somebody else's", () => {
  const define = async (name: string, owner: string): Promise<void> => {
    const file = join(site.folder, "foreign.xml");
    await writeFile(
      file,
      `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>${owner}
       <devices><disk type='file' device='disk'><source file='/var/lib/libvirt/images/virt-ipi/c-abcde/${name}.qcow2'/><target dev='vda' bus='virtio'/></disk></devices></domain>`,
    );
    await site.virsh("define", file);
    await site.virsh("vol-create-as", "c-abcde", `${name}.qcow2`, "1M");
  };
  const remove = async (name: string): Promise<void> => {
    await site.virsh("undefine", name);
    await site.virsh("vol-delete", "--pool", "c-abcde", `${name}.qcow2`);
  };
  const owner = (text: string): string =>
    `<metadata><virt-ipi:owner xmlns:virt-ipi='https://virt-ipi.dev/xmlns/owner/1' infraID='c-abcde' role='control-plane'/>${text}</metadata>`;

  it.each([
    ["a domain that carries no mark", ""],
    ["a domain of another Machine", owner(`<m:machine xmlns:m='https://virt-ipi.dev/xmlns/machine/1' uid='${randomUUID()}' complete='true'/>`)],
  ])("stays: %s has the name", async (_, mark) => {
    await define(PINNED, mark);
    const before = await site.world();
    const machine = site.machine(PINNED);
    expect(await site.ask("exists", machine)).toEqual({ exists: false });
    expect((await site.ask("create", machine)).error).toMatchObject({ kind: "Failed", reason: "NameTaken" });
    expect((await site.ask("delete", machine)).error).toBeUndefined();
    expect(await site.world()).toEqual(before);
    await remove(PINNED);
  });

  it("stays: a domain has the UUID, and says nothing of the Machine", async () => {
    await define("other", "");
    const machine = site.machine(PINNED, {}, { uid: await site.virsh("domuuid", "other") });
    const before = await site.world();
    for (const operation of ["exists", "create", "update", "delete"] as const)
      expect(await site.ask(operation, machine)).toMatchObject({ error: { reason: "NotOwned" } });
    expect(await site.world()).toEqual(before);
    await remove("other");
  });

  it("is reported where it is the installer's own, and stays", async () => {
    await define(site.planned, owner(""));
    const before = await site.world();
    const machine = site.machine(site.planned, {}, { labels: { "machine.openshift.io/cluster-api-machine-role": "master" } });
    expect(await site.ask("exists", machine)).toMatchObject({ exists: true, instanceState: "shut off" });
    expect((await site.ask("update", machine)).error).toBeUndefined();
    expect((await site.ask("delete", machine)).error).toMatchObject({ kind: "Failed", reason: "NotOwned" });
    expect(await site.world()).toEqual(before);
    await remove(site.planned);
  });
});

/** Runs virsh until it has changed the world so many times, then never again: an actuator that was killed. A batch ends where its process does. */
function killedAfter(changes: number): { readonly run: Runner; readonly dead: Promise<void>; readonly done: () => number } {
  let left = changes;
  let done = 0;
  const dead = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  const runUntilDead: Runner = async (file, args, options) => {
    if (left < 0) return await never;
    const commands = args.slice(3).join("\0").split("; ");
    const changing = commands.filter((command) => CHANGES.test(command)).length;
    const kept =
      changing <= left
        ? commands
        : commands.slice(
            0,
            commands.findIndex((_, index) => changesIn(commands.slice(0, index + 1)) > left),
          );
    left -= changing;
    done += changing;
    if (kept.length === 0) {
      dead.resolve();
      return await never;
    }
    const result = await run(file, [...args.slice(0, 3), ...(commands.length === 1 ? args.slice(3) : [kept.join("; ")])], options);
    if (left >= 0) return result;
    dead.resolve();
    return await never;
  };
  return { run: runUntilDead, dead: dead.promise, done: () => done };
}
const CHANGES = /^'?(?:define|net-update|vol-create|vol-upload|vol-delete|start|metadata|destroy|undefine)(?:'|\0|$)/;
const changesIn = (commands: readonly string[]): number => commands.filter((command) => CHANGES.test(command)).length;

describe("after a kill at any step", () => {
  const uid = randomUUID();
  const machine = (): ActuatorRequest["machine"] => site.machine(PINNED, {}, { uid });
  let whole: unknown;
  let creates: number;
  let removes: number;

  const until = async (dead: Promise<void>, work: Promise<unknown>): Promise<void> => {
    await Promise.race([dead, work.then(() => expect.unreachable("was not killed"))]);
  };
  const killed = async (changes: number, work: (actuator: Actuator) => Promise<unknown>): Promise<void> => {
    const { run: dying, dead } = killedAfter(changes);
    await until(dead, work(await site.actuator({ run: dying })));
  };
  const signal = new AbortController().signal;

  it("is known how many steps there are", async () => {
    const counting = killedAfter(1_000);
    const actuator = await site.actuator({ run: counting.run });
    await actuator.create(machine(), site.userData, signal);
    creates = counting.done();
    whole = await site.world();
    await actuator.delete(machine(), signal);
    removes = counting.done() - creates;
    expect(await site.world()).toEqual(empty);
    expect([creates, removes]).toEqual([9, 8]);
  });

  it.each(shareOf([0, 1, 2, 3, 4, 5, 6, 7, 8], 1, 3))("create and delete come to the same end (%i)", async (step) => {
    await killed(step, (actuator) => actuator.create(machine(), site.userData, signal));
    // What is not complete is not there for the cluster: it then asks for it to be made.
    expect(await site.ask("exists", machine())).toEqual({ exists: false });
    expect((await site.ask("create", machine())).error).toBeUndefined();
    expect(await site.world()).toEqual(whole);
    expect(await site.ask("exists", machine())).toMatchObject({ exists: true, instanceState: "running" });
    if (step < removes) await killed(step, (actuator) => actuator.delete(machine(), signal));
    expect((await site.ask("delete", machine())).error).toBeUndefined();
    expect(await site.world()).toEqual(empty);
  });

  it("what a killed create left goes with its Machine", async () => {
    for (const step of [2, 7]) {
      await killed(step, (actuator) => actuator.create(machine(), site.userData, signal));
      expect((await site.ask("delete", machine())).error).toBeUndefined();
      expect(await site.world()).toEqual(empty);
    }
  });

  it("what the installer destroys with the cluster, are its machines too, also half of one and a disk without its domain", async () => {
    await killed(5, (actuator) => actuator.create(machine(), site.userData, signal));
    await site.ask("create", site.machine("c-abcde-worker-zzzz2"));
    await site.ask("create", site.machine("c-abcde-worker-zzzz4"));
    await site.virsh("destroy", "c-abcde-worker-zzzz4");
    await site.virsh("undefine", "c-abcde-worker-zzzz4");
    await site.virsh("vol-create-as", "c-abcde", "c-abcde-worker-backup.qcow2", "1M");
    const kvm = platformFor("kvm");
    const access = { run, env: {}, signal };
    const found = await kvm.scan(site.infraID, site.metadata, access);
    const names = found.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([PINNED, "c-abcde-worker-zzzz2", "c-abcde-worker-zzzz2.ign", "c-abcde-worker-zzzz4.qcow2", "c-abcde"]),
    );
    expect(names).not.toContain("c-abcde-worker-backup.qcow2");
    for (const object of found) await kvm.remove(site.infraID, object, site.metadata, access);
    expect(await kvm.scan(site.infraID, site.metadata, access)).toEqual([]);
  });
});
