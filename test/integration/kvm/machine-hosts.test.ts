import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { platformFor, type OwnedObject, type PlatformMetadata } from "../../../src/providers/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import type { LibvirtHost } from "../../../tools/demo-host/index.ts";
import { ActuatorSite } from "../../helpers/actuator-site.ts";
import { libvirtNamespace } from "../../helpers/libvirt-namespace.ts";

/** A cluster whose own machines are on another host too: two real libvirts. */
const kvm = platformFor("kvm");
const access = { run, env: {}, signal: new AbortController().signal };
const NETWORK = "users-network";
let site: ActuatorSite;
let other: LibvirtHost;
let metadata: PlatformMetadata;
let name: string;

beforeAll(async () => {
  [site, other] = await Promise.all([ActuatorSite.open(), libvirtNamespace()]);
  metadata = { ...site.metadata, machineHosts: [other.uri] };
  name = `${site.infraID}-worker-b5k7l`;
  // What its administrator has prepared: the pool, the image, and a network of the name.
  await there("pool-define-as", site.infraID, "dir", "--target", `${other.dir}/pool`);
  await there("pool-build", site.infraID);
  await there("pool-start", site.infraID);
  const image = `${site.infraID}-base.qcow2`;
  await there("vol-create-as", site.infraID, image, "64M", "--format", "qcow2");
  await there("vol-create-as", site.infraID, "somebody-elses.qcow2", "1M");
  await writeFile(`${other.dir}/network.xml`, `<network><name>${NETWORK}</name><bridge name="vi-other"/></network>`);
  await there("net-define", `${other.dir}/network.xml`);
  await there("net-start", NETWORK);
});
afterAll(async () => {
  await other?.dispose();
  await site?.close();
});

const there = async (...args: readonly string[]): Promise<string> => (await run("virsh", ["--quiet", "--connect", other.uri, ...args])).stdout.trim();
const scan = async (of = metadata): Promise<readonly OwnedObject[]> => await kvm.scan(site.infraID, of, access);
const shown = (objects: readonly OwnedObject[]): readonly string[] => objects.map(({ kind, name: of }) => `${kind} ${of}`);

it("lets Machines name the other host, finds all of them there, and removes it from there", async () => {
  const actuator = await kvm.actuator?.({
    infraID: site.infraID,
    metadata,
    run,
    env: {},
    clock: systemClock,
    start: () => '{"ignition":{"version":"3.2.0"}}',
    allow: { networks: [NETWORK] },
  });
  const machine = site.machine(name, { hosts: [{ uri: other.uri }], network: { kind: "network", name: NETWORK } }, { uid: randomUUID() });
  await actuator?.create(machine, "{}", access.signal);
  expect(await there("list", "--name")).toBe(name);
  const found = await scan();
  const [first] = found;
  expect(first?.id.startsWith(`${other.uri} `)).toBe(true);
  expect(shown(found)).toEqual(expect.arrayContaining([`domain ${name}`, `volume ${name}.qcow2`, `volume ${site.infraID}-base.qcow2`]));
  const own = await scan(site.metadata);
  expect(shown(own)).not.toContain(`volume ${name}.qcow2`);
  for (const object of found.filter(({ id }) => id.startsWith(`${other.uri} `))) await kvm.remove(site.infraID, object, metadata, access);
  expect(await scan()).toEqual(own);
  expect((await there("vol-list", site.infraID)).split("\n").map((line) => line.trim().split(/\s+/)[0])).toEqual(["somebody-elses.qcow2"]);
  expect(await there("list", "--all", "--name")).toBe("");
  expect(await there("net-list", "--name")).toContain(NETWORK);
});

it("refuses a host that the cluster may not use", async () => {
  const actuator = await kvm.actuator?.({ infraID: site.infraID, metadata: site.metadata, run, env: {}, clock: systemClock, start: () => "{}" });
  const machine = site.machine(name, { hosts: [{ uri: other.uri }] });
  await expect(actuator?.create(machine, "{}", access.signal)).rejects.toMatchObject({ kind: "Invalid", reason: "InvalidProviderSpec" });
});

it("says so when the other host does not answer, and finds what is on its own", async () => {
  const away = "qemu+unix:///system?socket=/nowhere";
  const found = await scan({ ...metadata, machineHosts: [away] });
  expect(found[0]).toMatchObject({ kind: "host", name: away, problem: expect.any(String) as string });
  expect(found.slice(1)).toEqual(await scan(site.metadata));
});
