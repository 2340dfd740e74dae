import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { run } from "../../../src/exec/index.ts";
import * as vsphere from "../../../src/providers/vsphere/sdk/index.ts";
import { ROOT } from "../../../setup/paths.ts";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { packedOva } from "../../helpers/packed-ova.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { createProject } from "../language-host/project.ts";
import { vsphereStack, type TestStack } from "./stack.ts";

const PASSWORD = `p$w"o\\r'd%&x y`;
const IGNITION = JSON.stringify({ ignition: { version: "3.2.0" }, passwd: { users: [{ name: "core", passwordHash: "planted-ignition-secret" }] } });
const MACHINES = ["bootstrap", "master-0", "master-1", "master-2"];

let vcsim: Vcsim;
let folder: string;

beforeAll(async () => {
  vcsim = await testVcsim({ user: "CORP\\installer", password: PASSWORD, inventory: { pools: 1, hosts: 3 } });
  folder = await mkdtemp(join(tmpdir(), "vsphere-plugin-"));
  const ova = await packedOva(folder, "tiny");
  await vcsim.govc("import.ova", "-name=template", "-ds=LocalDS_0", "-pool=/DC0/host/DC0_C0/Resources", ova);
  await vcsim.govc("vm.markastemplate", "template");
});

afterAll(async () => {
  await vcsim.stop();
  await rm(folder, { recursive: true, force: true });
});

const provider = (more: Partial<vsphere.ProviderArgs> = {}): vsphere.Provider =>
  new vsphere.Provider("vcenter", { vsphereServer: vcsim.server, user: vcsim.user, password: vcsim.password, ...more });

/** What an installation declares, in small. */
const cluster = async (): Promise<void> => {
  const options = { provider: provider() };
  const datacenter = vsphere.getDatacenter({ name: "DC0" }, options);
  const datacenterId = datacenter.id;
  const compute = vsphere.getComputeCluster({ name: "DC0_C0", datacenterId }, options);
  const network = vsphere.getNetwork({ name: "DC0_DVPG0", datacenterId }, options);
  const datastore = vsphere.getDatastore({ name: "LocalDS_0", datacenterId }, options);
  const template = vsphere.getVirtualMachine({ name: "template", datacenterId }, options);
  const category = new vsphere.TagCategory(
    "category",
    { name: "openshift-try-abcde", cardinality: "SINGLE", associableTypes: ["VirtualMachine", "Folder", "ResourcePool"] },
    options,
  );
  const tag = new vsphere.Tag("tag", { name: "try-abcde", categoryId: category.id }, options);
  const where = new vsphere.Folder("folder", { path: "try-abcde", type: "vm", datacenterId, tags: [tag.id] }, options);
  const pool = new vsphere.ResourcePool("pool", { name: "try-abcde", parentResourcePoolId: compute.resourcePoolId, tags: [tag.id] }, options);
  const made = MACHINES.map(
    (name) =>
      new vsphere.VirtualMachine(
        name,
        {
          name: `try-abcde-${name}`,
          resourcePoolId: pool.id,
          datastoreId: datastore.id,
          folder: where.path,
          numCpus: 4,
          memory: 8192,
          guestId: template.guestId,
          firmware: template.firmware as never,
          scsiType: template.scsiType,
          nestedHvEnabled: true,
          disks: [{ label: "disk0", size: 20, unitNumber: 0, thinProvisioned: true }],
          networkInterfaces: [{ networkId: network.id, adapterType: "vmxnet3" }],
          clone: { templateUuid: template.id },
          extraConfig: {
            "guestinfo.hostname": name,
            "guestinfo.ignition.config.data": gzipSync(IGNITION).toString("base64"),
            "guestinfo.ignition.config.data.encoding": "gzip+base64",
            "stealclock.enable": "TRUE",
          },
          tags: [tag.id],
        },
        options,
      ),
  );
  const masters = made.filter((_, index) => index > 0).map(({ id }) => id);
  new vsphere.ComputeClusterVmAntiAffinityRule("apart", { name: "try-abcde", computeClusterId: compute.id, virtualMachineIds: masters }, options);
};

interface VmInfo {
  readonly virtualMachines: {
    readonly config: {
      readonly extraConfig: { readonly key: string; readonly value: string }[];
      readonly flags: { readonly diskUuidEnabled?: boolean };
      readonly hardware: { readonly numCPU: number; readonly memoryMB: number };
      readonly nestedHVEnabled?: boolean;
    };
    readonly runtime: { readonly powerState: string };
  }[];
}

const infoOf = async (path: string): Promise<VmInfo["virtualMachines"][number] | undefined> =>
  (JSON.parse((await vcsim.govc("vm.info", "-json", path)).stdout) as VmInfo).virtualMachines[0];

const paths = async (type: string): Promise<readonly string[]> =>
  (await vcsim.govc("find", "/DC0", "-type", type)).stdout.split("\n").filter(Boolean);

describe("a cluster's objects under the real engine", () => {
  let test: TestStack;

  beforeAll(async () => {
    test = await vsphereStack(vcsim, cluster);
  });

  afterAll(async () => {
    await test[Symbol.asyncDispose]();
  });

  it("are made: tag, folder, pool, rule, and clones that carry their first boot", async () => {
    const up = await test.stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: 11 });

    expect(await paths("f")).toContain("/DC0/vm/try-abcde");
    expect(await paths("p")).toContain("/DC0/host/DC0_C0/Resources/try-abcde");
    expect((await paths("m")).filter((path) => path.includes("try-abcde"))).toHaveLength(4);
    const master = await infoOf("/DC0/vm/try-abcde/try-abcde-master-0");
    expect(master?.runtime.powerState).toBe("poweredOn");
    expect(master?.config).toMatchObject({ hardware: { numCPU: 4, memoryMB: 8192 }, flags: { diskUuidEnabled: true } });
    const extra = new Map(master?.config.extraConfig.map(({ key, value }) => [key, value]));
    expect(extra.get("guestinfo.hostname")).toBe("master-0");
    expect(extra.get("stealclock.enable")).toBe("TRUE");
    expect(gunzipSync(Buffer.from(extra.get("guestinfo.ignition.config.data") ?? "", "base64")).toString()).toBe(IGNITION);
    const attached = (await vcsim.govc("tags.attached.ls", "try-abcde")).stdout.split("\n");
    expect(attached.filter((line) => line.startsWith("VirtualMachine"))).toHaveLength(4);
    expect((await vcsim.govc("cluster.rule.ls", "-cluster=DC0_C0")).stdout).toContain("try-abcde");
  });

  it("stay as they are in a second update, and in one that looks at the world first", async () => {
    expect((await test.stack.up()).summary.resourceChanges).toEqual({ same: 11 });
    expect((await test.stack.up({ refresh: true })).summary.resourceChanges).toEqual({ same: 11 });
  });

  it("leave neither the password nor an Ignition config in the state", async () => {
    const state = await test.state();
    expect(state).toContain("try-abcde-master-0");
    for (const secret of [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), gzipSync(IGNITION).toString("base64"), "planted-ignition-secret"])
      expect(state).not.toContain(secret);
  });

  it("are gone after destroy", async () => {
    await test.stack.destroy();
    expect((await paths("m")).filter((path) => path.includes("try-abcde"))).toEqual([]);
    expect(await paths("f")).not.toContain("/DC0/vm/try-abcde");
    expect((await vcsim.govc("tags.ls")).stdout).toBe("");
    expect((await vcsim.govc("tags.category.ls")).stdout).toBe("");
  });
});

describe("the plugin", () => {
  it("tries a wrong password once, and says so", async () => {
    const before = (await vcsim.control.requests())["/sdk Login"] ?? 0;
    const program = async (): Promise<void> => {
      const options = { provider: provider({ password: "not-the-password" }) };
      new vsphere.TagCategory("one", { name: "one", cardinality: "SINGLE", associableTypes: ["Folder"] }, options);
      new vsphere.TagCategory("two", { name: "two", cardinality: "SINGLE", associableTypes: ["Folder"] }, options);
    };
    await using test = await vsphereStack(vcsim, program);
    const failure = await test.stack.up().catch((error: unknown) => error);
    expect(String(failure)).toMatch(/Login failure/);
    expect(String(failure)).not.toContain("not-the-password");
    expect((await vcsim.control.requests())["/sdk Login"]).toBe(before + 1);
  });

  it("trusts no certificate that it cannot verify", async () => {
    const program = async (): Promise<void> => {
      new vsphere.TagCategory("one", { name: "one", cardinality: "SINGLE", associableTypes: ["Folder"] }, { provider: provider() });
    };
    await using test = await vsphereStack(vcsim, program, { SSL_CERT_FILE: join(folder, "none.pem") });
    await expect(test.stack.up()).rejects.toThrow(/certificate signed by unknown authority/);
  });

  it("names an object that is not there", async () => {
    const program = async (): Promise<Record<string, unknown>> => {
      const options = { provider: provider() };
      return { network: vsphere.getNetwork({ name: "DC0_TYPO", datacenterId: vsphere.getDatacenter({ name: "DC0" }, options).id }, options) };
    };
    await using test = await vsphereStack(vcsim, program);
    await expect(test.stack.up()).rejects.toThrow(/DC0_TYPO/);
  });

  it("serves plain pulumi, which finds it by the project's plugins", async () => {
    const program = [
      `import { Provider, TagCategory } from ${JSON.stringify(join(ROOT, "src/providers/vsphere/sdk/index.ts"))};`,
      `const provider = new Provider("vcenter", { vsphereServer: ${JSON.stringify(vcsim.server)}, user: process.env.WHO, password: process.env.PASS });`,
      `new TagCategory("plain", { name: "plain", cardinality: "SINGLE", associableTypes: ["Folder"] }, { provider });`,
    ];
    await using project = await createProject(programsFolder("pulumi", "pulumi-resource-vsphere"), program.join("\n"));
    const { plugins } = parse(await readFile(join(ROOT, "Pulumi.yaml"), "utf8")) as { plugins: { providers: { name: string; path: string }[] } };
    const providers = plugins.providers.map(({ name, path }) => ({ name, path: join(ROOT, path) }));
    await project.write(
      "Pulumi.yaml",
      stringify({ name: "tiny", runtime: { name: "nodejs", options: { typescript: false } }, plugins: { providers } }),
    );
    const env = { ...project.env, SSL_CERT_FILE: vcsim.caFile, WHO: vcsim.user, PASS: vcsim.password };
    const up = await run("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"], {
      cwd: project.folder,
      env,
      accept: [1, 255],
    });
    expect(up, up.stdout + up.stderr).toMatchObject({ exitCode: 0 });
    expect((await vcsim.govc("tags.category.ls")).stdout).toBe("plain");
    expect(up.stdout).not.toContain(vcsim.password);
  });
});
