import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { messageOf } from "../../../src/errors/index.ts";
import { RESOURCES } from "../../../src/plugin/registry.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { startProvider, type ProviderClient } from "../../helpers/provider-client.ts";
import { smallOva, type SmallOva } from "../../helpers/small-ova.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";

const TEMPLATE = "virt-ipi:vsphere:Template";
const FOLDER = "/DC0/vm";
const NAME = "try-abcde-rhcos-zone-a";
const PATH = `${FOLDER}/${NAME}`;

let folder: string;
let ova: SmallOva;
let vcsim: Vcsim;
let provider: ProviderClient;

beforeAll(async () => {
  folder = await mkdtemp("/tmp/vt-vsphere-");
  ova = await smallOva(join(folder, "node.ova"));
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  vi.stubEnv("PATH", `${programsFolder()}:${process.env["PATH"] ?? ""}`);
  vcsim = await testVcsim({ inventory: { machines: 0 } });
  vi.stubEnv("SSL_CERT_FILE", vcsim.caFile);
  provider = await startProvider({ server: vcsim.server, user: vcsim.user, password: vcsim.password }, { resources: RESOURCES });
});

afterEach(async () => {
  provider.close();
  await vcsim.stop();
});

const inputs = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  name: NAME,
  infraID: "try-abcde",
  datacenter: "DC0",
  folder: FOLDER,
  computeCluster: "/DC0/host/DC0_C0",
  resourcePool: "/DC0/host/DC0_C0/Resources",
  datastore: "/DC0/datastore/LocalDS_0",
  network: "DC0_DVPG0",
  source: ova.path,
  sha256: ova.sha256,
  tags: [],
  ...more,
});

const machines = async (): Promise<readonly string[]> => (await vcsim.govc("find", "/DC0/vm", "-type", "m")).stdout.split("\n").filter(Boolean);
const property = async (name: string): Promise<string> => (await vcsim.govc("object.collect", "-s", PATH, name)).stdout.trim();

describe("a template", () => {
  it("is imported, marked, and read back", async () => {
    const made = await provider.create(TEMPLATE, inputs());
    expect(made.outputs).toMatchObject({ name: NAME, path: PATH, sha256: ova.sha256, moid: made.id });
    expect(await property("config.template")).toBe("true");
    expect(await property("config.uuid")).toBe(made.outputs["uuid"]);
    expect(await property("config.version")).toBe("vmx-15");
    expect(await provider.read(TEMPLATE, made.id, inputs(), made.outputs)).toMatchObject({ inputs: inputs(), outputs: made.outputs });
  });

  it("has what clones cannot ask for themselves", async () => {
    await provider.create(TEMPLATE, inputs({ nestedVirtualization: true }));
    expect(await property("config.nestedHVEnabled")).toBe("true");
  });

  it("is told as gone when somebody removed it, and removing it again is no error", async () => {
    const made = await provider.create(TEMPLATE, inputs());
    await vcsim.govc("object.destroy", PATH);
    expect(await provider.read(TEMPLATE, made.id, inputs(), made.outputs)).toBeUndefined();
    await provider.delete(TEMPLATE, made.id, inputs(), made.outputs);
  });

  it("is removed", async () => {
    const made = await provider.create(TEMPLATE, inputs());
    await provider.delete(TEMPLATE, made.id, inputs(), made.outputs);
    expect(await machines()).toEqual([]);
  });

  it("carries the tags it is given", async () => {
    await vcsim.govc("tags.category.create", "openshift-try-abcde");
    const tag = (await vcsim.govc("tags.create", "-c", "openshift-try-abcde", "try-abcde")).stdout.trim();
    await provider.create(TEMPLATE, inputs({ tags: [tag] }));
    expect((await vcsim.govc("tags.attached.ls", "-r", PATH)).stdout.trim()).toBe("try-abcde");
  });

  it("is not made over a machine of somebody else's", async () => {
    await vcsim.govc("vm.create", "-pool", "/DC0/host/DC0_C0/Resources", "-ds", "LocalDS_0", "-net", "DC0_DVPG0", "-on=false", NAME);
    await expect(provider.create(TEMPLATE, inputs())).rejects.toThrow(/^NAME_TAKEN: /);
    expect(await machines()).toEqual([PATH]);
  });

  it("that a killed run left partly created is made anew, and a whole one is taken over", async () => {
    await vcsim.govc("vm.create", "-pool", "/DC0/host/DC0_C0/Resources", "-ds", "LocalDS_0", "-net", "DC0_DVPG0", "-on=false", NAME);
    await vcsim.govc("vm.change", "-vm", PATH, "-annotation", `virt-ipi template of try-abcde, sha256 ${ova.sha256}`);
    const first = await provider.create(TEMPLATE, inputs());
    expect(await property("config.template")).toBe("true");
    const again = await provider.create(TEMPLATE, inputs());
    expect(again.id).toBe(first.id);
    expect(await vcsim.control.requests()).toMatchObject({ "/sdk ImportVApp": 1 });
  });

  it("is refused when the file is not the one expected, and nothing of it is left", async () => {
    await expect(provider.create(TEMPLATE, inputs({ sha256: "0".repeat(64) }))).rejects.toThrow(/^IMAGE_CHECKSUM: /);
    expect(await machines()).toEqual([]);
  });

  it("is refused when the OVA has two networks", async () => {
    const two = await smallOva(join(folder, "two.ova"), { networks: 2 });
    await expect(provider.create(TEMPLATE, inputs({ source: two.path, sha256: two.sha256 }))).rejects.toThrow(
      /^VSPHERE_TEMPLATE_UNFIT: .* 2 networks/,
    );
  });

  it("names what is wrong with the place", async () => {
    await expect(provider.create(TEMPLATE, inputs({ network: "nowhere" }))).rejects.toThrow(/no running host of \/DC0\/host\/DC0_C0 sees both/);
    expect(await machines()).toEqual([]);
  });
});

describe("an upload", () => {
  it("that is cancelled leaves nothing, and the next one is whole", async () => {
    const large = await smallOva(join(folder, "large.ova"), { bytes: 8 * 2 ** 20 });
    // For more than an hour.
    await vcsim.control.addRules({ path: "/nfc", bytesPerSecond: 2 ** 11 });
    const cut = provider.create(TEMPLATE, inputs({ source: large.path, sha256: large.sha256 }));
    const ended = expect(cut).rejects.toThrow(/^INTERRUPTED: /);
    await vi.waitFor(async () => expect(await machines()).toEqual([PATH]), { timeout: 300_000, interval: 100 });
    await provider.cancel();
    await ended;
    expect(await machines()).toEqual([]);
    await vcsim.control.clearRules();
    const next = await startProvider({ server: vcsim.server, user: vcsim.user, password: vcsim.password }, { resources: RESOURCES });
    await next.create(TEMPLATE, inputs({ source: large.path, sha256: large.sha256 }));
    next.close();
    expect(await property("config.template")).toBe("true");
  });

  it("that breaks off says so, leaves nothing, and can be tried again", async () => {
    await vcsim.control.addRules({ path: "/nfc", reset: true, times: 1 });
    await expect(provider.create(TEMPLATE, inputs())).rejects.toThrow(/^OVA_UPLOAD_FAILED: the upload to \/DC0\/host\/DC0_C0\/DC0_C0_H0 stopped at/);
    expect(await machines()).toEqual([]);
    await provider.create(TEMPLATE, inputs());
    expect(await property("config.template")).toBe("true");
  });

  it("that the server refuses is undone as well", async () => {
    await vcsim.control.addRules({ path: "/nfc", status: 503, times: 1 });
    await expect(provider.create(TEMPLATE, inputs())).rejects.toThrow(/503|^OVA_UPLOAD_FAILED: .*govc crashed: panic/);
    expect(await machines()).toEqual([]);
  });

  it("that runs out of time is undone", async () => {
    await vcsim.control.addRules({ path: "/nfc", hang: true });
    await expect(provider.create(TEMPLATE, inputs(), { timeout: 4 })).rejects.toThrow(/^RESOURCE_TIMEOUT: /);
    await vcsim.control.clearRules();
    expect(await machines()).toEqual([]);
  });
});

describe("a password", () => {
  it.each(["$HOME `id`", 'say "hi"', "back\\slash", "it's", "100%&more", " spaces around ", "ünïcode€"])("%j is taken as it is", async (password) => {
    await using other = await testVcsim({ password, user: "corp\\installer" });
    vi.stubEnv("SSL_CERT_FILE", other.caFile);
    const client = await startProvider({ server: other.server, user: other.user, password }, { resources: RESOURCES });
    await client.create(TEMPLATE, inputs());
    client.close();
    expect((await other.govc("object.collect", "-s", PATH, "config.template")).stdout.trim()).toBe("true");
  });

  it("that is wrong is tried once, and not told", async () => {
    const client = await startProvider({ server: vcsim.server, user: vcsim.user, password: "not-the-password" }, { resources: RESOURCES });
    const failure = await client.create(TEMPLATE, inputs()).then(String, messageOf);
    const others = await Promise.all(["a", "b"].map((name) => client.create(TEMPLATE, inputs({ name })).then(String, messageOf)));
    client.close();
    expect(others.every((message) => message.startsWith("VCENTER_LOGIN: "))).toBe(true);
    expect(failure).toMatch(/^VCENTER_LOGIN: /);
    expect(failure).not.toContain("not-the-password");
    expect(await vcsim.control.requests()).toMatchObject({ "/sdk Login": 1 });
  });
});
