import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { planMachines, type MachinePlan } from "../../../src/config/index.ts";
import { run } from "../../../src/exec/index.ts";
import { platformFor } from "../../../src/providers/index.ts";
import { kvmSpecOf } from "../../../src/providers/kvm/kvm-spec.ts";
import { ProviderClient } from "../../helpers/provider-client.ts";
import type { LibvirtHost } from "../../../tools/demo-host/index.ts";
import { kvmCluster } from "../../helpers/kvm-cluster.ts";
import { libvirtNamespace } from "../../helpers/libvirt-namespace.ts";

const PLUGIN = resolve("bin/plugin");
const SECRET = "planted-bootstrap-secret";

let host: LibvirtHost;
let folder: string;

beforeAll(async () => {
  host = await libvirtNamespace();
  folder = await mkdtemp("/tmp/vt-files-");
});

afterAll(async () => {
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
});

const names = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await host.exec(["virsh", "--quiet", ...args, "--name"])).stdout
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .toSorted();

/** Where `npm run setup:tests` puts it, else PATH. */
function pulumiFolder(): string {
  const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "virt-ipi", "bin");
  const found = [process.env["VIRT_IPI_PULUMI_BIN"], cache, ...(process.env["PATH"] ?? "").split(delimiter)].find(
    (each) => each !== undefined && existsSync(join(each, "pulumi")),
  );
  if (found === undefined) throw new Error("there is no pulumi: run `npm run setup:tests`");
  return found;
}

describe("the plugin's executable", () => {
  interface Plugin {
    readonly client: ProviderClient;
    readonly child: ReturnType<typeof spawn>;
    readonly exit: Promise<number | null>;
  }

  async function start(): Promise<Plugin> {
    const child = spawn(join(PLUGIN, "pulumi-resource-virt-ipi"), ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
    const exit = new Promise<number | null>((done) => child.on("exit", done));
    const line = await new Promise<string>((done) => child.stdout.once("data", (chunk: Buffer) => done(String(chunk))));
    return { child, exit, client: new ProviderClient(Number.parseInt(line, 10)) };
  }

  it("prints its port, and goes when the engine's end of its input closes", async () => {
    const { client, child, exit } = await start();
    expect(await client.checkConfig({ uri: "x" })).toHaveLength(1);
    client.close();
    child.stdin?.end();
    expect(await exit).toBe(0);
  });

  it("can be killed in the middle, and the next run makes the whole machine", async () => {
    const pool = `/var/lib/libvirt/images/virt-ipi/k-abcde`;
    const first = await start();
    await first.client.configure({ uri: host.uri });
    await first.client.create("virt-ipi:kvm:StoragePool", { name: "k-abcde", path: pool });
    const image = join(folder, "kill.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
    const sha256 = createHash("sha256")
      .update(await readFile(image))
      .digest("hex");
    await first.client.create("virt-ipi:kvm:BaseImage", { name: "k-abcde-base.qcow2", pool: "k-abcde", source: image, sha256 });
    first.client.close();
    first.child.kill("SIGKILL");
    const volume = {
      name: "k-abcde-master-0.qcow2",
      pool: "k-abcde",
      basePath: `${pool}/k-abcde-base.qcow2`,
      machine: "k-abcde-master-0",
      sizeGB: 1,
    };
    const network = { kind: "bridge", name: "lo" };
    const machine = {
      name: "k-abcde-master-0",
      infraID: "k-abcde",
      role: "control-plane",
      cpus: 1,
      memoryMB: 128,
      macAddress: "52:54:00:00:00:10",
      network,
      pool: "k-abcde",
      diskPath: `${pool}/k-abcde-master-0.qcow2`,
      ignition: "{}",
      address: "192.168.1.2",
      powerOn: false,
    };
    for (const delay of [20, 60, 100, 150, 250]) {
      const { client, child, exit } = await start();
      await client.configure({ uri: host.uri });
      await client.create("virt-ipi:kvm:Volume", volume);
      const cut = client.create("virt-ipi:kvm:Machine", machine).catch(() => undefined);
      await new Promise((done) => setTimeout(done, delay));
      child.kill("SIGKILL");
      await exit;
      await cut;
      client.close();
    }
    const last = await start();
    await last.client.configure({ uri: host.uri });
    const made = await last.client.create("virt-ipi:kvm:Machine", machine);
    expect(await last.client.read("virt-ipi:kvm:Machine", made.id, machine, made.outputs)).toMatchObject({ inputs: machine });
    expect(await names("list", "--all")).toEqual(["k-abcde-master-0"]);
    await last.client.delete("virt-ipi:kvm:Machine", made.id, machine, made.outputs);
    await last.client.delete("virt-ipi:kvm:Volume", "k-abcde/k-abcde-master-0.qcow2", volume, {});
    await last.client.delete(
      "virt-ipi:kvm:BaseImage",
      "k-abcde/k-abcde-base.qcow2",
      { name: "k-abcde-base.qcow2", pool: "k-abcde", source: image, sha256 },
      {},
    );
    await last.client.delete("virt-ipi:kvm:StoragePool", "k-abcde", { name: "k-abcde", path: pool }, {});
    expect([...(await names("list", "--all")), ...(await names("pool-list", "--all"))]).toEqual([]);
    last.client.close();
    last.child.stdin?.end();
    expect(await last.exit).toBe(0);
  });
});

describe("a cluster's infrastructure through Pulumi's engine", () => {
  it("is previewed, made, left alone, mended, reduced and removed", async () => {
    const image = join(folder, "image.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
    const sha256 = createHash("sha256")
      .update(await readFile(image))
      .digest("hex");
    const { identity, ...cluster } = kvmCluster({ uri: host.uri });
    let { spec } = cluster;
    const ignition = (): string => JSON.stringify({ ignition: { version: "3.3.0" }, passwd: { users: [{ name: "core", passwordHash: SECRET }] } });
    let machines: readonly MachinePlan[] = planMachines(spec, identity);
    const { signal } = new AbortController();
    const program = async (): Promise<void> =>
      void (await platformFor("kvm").program({
        run,
        env: {},
        signal,
        spec,
        identity,
        machines,
        planned: planMachines(spec, identity),
        ignition,
        clusterDir: folder,
        image: { path: image, sha256 },
      }));
    const state = join(folder, "state");
    await mkdir(state);
    vi.stubEnv("PATH", `${pulumiFolder()}${delimiter}${process.env["PATH"] ?? ""}`);
    const stack = await automation.LocalWorkspace.createOrSelectStack(
      { stackName: "dev", projectName: "infra", program },
      {
        workDir: await mkdtemp(join(folder, "work-")),
        pulumiHome: join(folder, "home"),
        pulumiCommand: await automation.PulumiCommand.get(),
        envVars: { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "test", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
        projectSettings: {
          name: "infra",
          runtime: "nodejs",
          plugins: { providers: [{ name: "virt-ipi", path: PLUGIN }] },
        } as unknown as automation.ProjectSettings,
      },
    );

    const preview = await stack.preview();
    expect(preview.changeSummary).toMatchObject({ create: 14 });
    expect(await names("list", "--all")).toEqual([]);

    await stack.up();
    expect(await names("list")).toEqual(["try-abcde-bootstrap", "try-abcde-master-0", "try-abcde-worker-0"]);
    expect(JSON.stringify(await stack.exportStack())).toContain(SECRET);
    expect((await run("grep", ["-rl", SECRET, state], { accept: [1] })).stdout).toBe("");

    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 14 });

    // Previews only: these machines have no system that would go down when it is asked to.
    const asPlanned = machines;
    machines = machines.map((machine) => (machine.role === "control-plane" ? { ...machine, memoryMB: 192 } : machine));
    await expect(stack.preview()).rejects.toThrow("MACHINE_RESTART_REFUSED");
    spec = { ...spec, platform: { ...kvmSpecOf(spec), allowRestart: true } };
    expect((await stack.preview()).changeSummary).toMatchObject({ update: 1 });
    ({ spec } = cluster);
    machines = asPlanned;

    await host.exec(["virsh", "destroy", "try-abcde-master-0"]);
    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 13, update: 1 });
    expect(await names("list")).toContain("try-abcde-master-0");

    await host.exec(["virsh", "destroy", "try-abcde-worker-0"]);
    await host.exec(["virsh", "undefine", "try-abcde-worker-0"]);
    expect((await stack.up()).summary.resourceChanges).toMatchObject({ create: 1 });
    expect(await names("list")).toContain("try-abcde-worker-0");

    machines = machines.filter(({ role }) => role !== "bootstrap");
    expect((await stack.up()).summary.resourceChanges).toEqual({ delete: 3, same: 11 });
    expect(await names("list", "--all")).toEqual(["try-abcde-master-0", "try-abcde-worker-0"]);

    await stack.destroy();
    expect([...(await names("list", "--all")), ...(await names("net-list", "--all")), ...(await names("pool-list", "--all"))]).toEqual([]);
  });
});
