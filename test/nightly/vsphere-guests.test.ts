import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Vcsim } from "../../tools/vcsim/index.ts";
import { freePorts } from "../helpers/free-ports.ts";
import { VALID, validateIgnition } from "../helpers/ignition-validate.ts";
import { bootGuest, shows, type Guest } from "../helpers/qemu-guest.ts";
import { smallOva } from "../helpers/small-ova.ts";
import { testVcsim } from "../helpers/vcsim.ts";
import { oneDomain } from "../helpers/vsphere-cluster.ts";
import { vsphereInstallation, type VSphereInstallation } from "../helpers/vsphere-installation.ts";

/**
 * What the clones carry is what machines boot with: read back from the vCenter and given to the real node image. QEMU has no VMware
 * backdoor that answers for guestinfo, so that Ignition finds the same text in the firmware.
 */
const API_VIP = "192.168.126.5";

let folder: string;
let vcsim: Vcsim | undefined;
let cluster: VSphereInstallation | undefined;
/** Text of each clone's Ignition config, by its name behind the infraID. */
const carried = new Map<string, string>();
const guests: Guest[] = [];

beforeAll(async () => {
  folder = await mkdtemp("/tmp/virt-ipi-e2e-vsphere-");
  const ova = await smallOva(join(folder, "node.ova"));
  vcsim = await testVcsim({ password: "secret" });
  cluster = await vsphereInstallation(oneDomain(vcsim), [vcsim], { compute: 1, platform: { clusterOSImage: ova.path } });
});

afterAll(async () => {
  for (const guest of guests) await guest.dispose();
  await cluster?.dispose();
  await vcsim?.stop();
  await rm(folder, { recursive: true, force: true });
});

it("carries Ignition configs that Ignition accepts", async () => {
  const made = await cluster?.createInfra();
  expect(made?.code, made?.output).toBe(0);
  const infraID = (await cluster?.infraID()) ?? "";
  for (const name of ["bootstrap", "master-0", "worker-0"]) {
    const text = await guestinfoIgnition(`/DC0/vm/${infraID}/${infraID}-${name}`);
    carried.set(name, text);
    expect(await validateIgnition(text), name).toEqual(VALID);
  }
});

it("boots them to their own units, the control plane by the config that the bootstrap machine hands out", async () => {
  const boot = async (name: string, memoryMB: number, address: string, forward: object): Promise<Guest> => {
    const ignition = carried.get(name) ?? "";
    const guest = await bootGuest({ name, dir: folder, ignition, memoryMB, network: "192.168.126.0/24", address, ...forward });
    guests.push(guest);
    return guest;
  };
  const [hostPort = 0] = await freePorts(1);
  const bootstrap = await boot("bootstrap", 2_560, "192.168.126.20", { serves: { port: 22_623, hostPort } });
  const finds = { address: API_VIP, port: 22_623, hostPort };
  const controlPlane = await boot("master-0", 2_048, "192.168.126.21", { finds });
  await shows(bootstrap, /virt-ipi: bootstrap: stage \w+/);
  // The one thing that its Ignition fetches: the machine-config server's part.
  await shows(controlPlane, /GET result: OK/);
  await shows(controlPlane, /virt-ipi: control plane: /);
});

async function guestinfoIgnition(path: string): Promise<string> {
  const { stdout = "" } = (await vcsim?.govc("object.collect", "-json", path, "config.extraConfig")) ?? {};
  const [{ val }] = JSON.parse(stdout) as [{ val: { _value: { key: string; value: string }[] } }];
  const config = Object.fromEntries(val._value.map(({ key, value }) => [key, value]));
  expect(config["guestinfo.ignition.config.data.encoding"]).toBe("gzip+base64");
  return gunzipSync(Buffer.from(config["guestinfo.ignition.config.data"] ?? "", "base64")).toString();
}
