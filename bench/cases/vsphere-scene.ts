import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { machineIgnition, makeClusterKeys, readTemplates, rendererOf, renderAssets } from "../../src/assets/index.ts";
import { loadClusterSpec, makeIdentity, planMachines, type ClusterSpec, type MachinePlan } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import { platformFor } from "../../src/providers/index.ts";
import { clusterFolder, openStack, type StackDriver } from "../../src/stack/index.ts";
import { sha256Of, systemClock, systemEntropy } from "../../src/util/index.ts";
import { cacheFolder } from "../../setup/paths.ts";
import { startVcsim } from "../../tools/vcsim/index.ts";

/** What a run has to itself: a vCenter with nothing in it, and a cluster prepared for it. */
export interface Scene extends AsyncDisposable {
  /** Makes the tag, the folder, the template and so many machines. @returns how many resources were made, the stack not counted */
  create(machines: number): Promise<number>;
  destroy(): Promise<void>;
  /** A script of bench/baseline, with the files that it reads in `folder`. */
  script(name: string, ...args: readonly string[]): Promise<void>;
  readonly folder: string;
  /** Machines and templates in the inventory. */
  count(): Promise<number>;
  govc(...args: readonly string[]): Promise<unknown>;
}

/** @param image an OVA @param machines control-plane and compute machines together */
export async function openScene(image: string, machines: number): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "bench-vsphere-"));
  const bin = join(cacheFolder(), "bin");
  const vcsim = await startVcsim({ bin });
  const dispose = async (): Promise<void> => {
    await vcsim.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const installConfig = stringify(configFor(vcsim, image, machines));
    const spec = loadClusterSpec(installConfig);
    const identity = makeIdentity(spec.name, systemClock, systemEntropy);
    const keys = await makeClusterKeys(rendererOf(spec), systemEntropy);
    const templates = await readTemplates(resolve(import.meta.dirname, "../../templates"));
    const platformMetadata = platformFor("vsphere").metadata(spec, identity, planMachines(spec, identity));
    const { assets, start } = await renderAssets({ spec, identity, keys, installConfig, templates, platformMetadata });
    await copyFile(image, join(folder, "image.ova"));
    const data = gzipSync(assets.get("worker.ign")?.content ?? "").toString("base64");
    await writeFile(join(folder, "ignition.b64"), data);
    const sha256 = await sha256Of(image);
    const plans = planMachines(spec, identity).filter(({ role }) => role !== "bootstrap");
    const ignition = (machine: MachinePlan): string => machineIgnition({ assets, spec, start, bootstrapping: true }, machine);
    let driver: StackDriver | undefined;
    const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}`, SSL_CERT_FILE: vcsim.caFile };
    return {
      folder,
      create: async (count) => {
        driver ??= await openDriver(spec, folder, env);
        const { changes } = await driver.up(async () => {
          const { signal } = new AbortController();
          const here: typeof run = (file, args, options) =>
            run(file, args, { ...options, env: { PATH: env.PATH, SSL_CERT_FILE: vcsim.caFile, ...options?.env } });
          const input = {
            run: here,
            env,
            signal,
            spec,
            identity,
            machines: plans.slice(0, count),
            planned: planMachines(spec, identity),
            ignition,
            clusterDir: folder,
            image: { path: image, sha256 },
          };
          await platformFor("vsphere").program(input);
          return {};
        });
        return (changes.create ?? 1) - 1;
      },
      destroy: async () => void (await driver?.destroy()),
      script: async (name, ...args) =>
        void (await run(resolve(import.meta.dirname, "../baseline", name), args, { env: { ...vcsim.govcEnv, PATH: env.PATH } })),
      count: async () => (await vcsim.govc("find", "/DC0/vm", "-type", "m")).stdout.split("\n").filter(Boolean).length,
      govc: (...args) => vcsim.govc(...args),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const openDriver = (spec: ClusterSpec, folder: string, env: Readonly<Record<string, string | undefined>>): Promise<StackDriver> =>
  openStack({
    folder: clusterFolder(folder),
    clusterName: spec.name,
    reporter: { emit: () => undefined },
    clock: systemClock,
    signal: new AbortController().signal,
    env,
  });

function configFor(vcsim: { readonly server: string; readonly user: string; readonly password: string }, image: string, machines: number): object {
  const [server = "", port] = vcsim.server.split(":");
  const size = { cpus: 1, coresPerSocket: 1, memoryMB: 256, osDisk: { diskSizeGB: 2 } };
  const topology = { datacenter: "DC0", computeCluster: "/DC0/host/DC0_C0", networks: ["DC0_DVPG0"], datastore: "/DC0/datastore/LocalDS_0" };
  return {
    apiVersion: "v1",
    baseDomain: "example.com",
    metadata: { name: "bench" },
    distribution: "kubernetes",
    controlPlane: { name: "master", replicas: 1 },
    compute: [{ name: "worker", replicas: machines - 1 }],
    networking: { machineNetwork: [{ cidr: "192.168.126.0/24" }] },
    platform: {
      vsphere: {
        vcenters: [{ server, port: Number(port), user: vcsim.user, password: vcsim.password, datacenters: ["DC0"] }],
        failureDomains: [{ name: "zone", region: "region", zone: "zone", server, topology }],
        apiVIPs: ["192.168.126.5"],
        ingressVIPs: ["192.168.126.6"],
        defaultMachinePlatform: size,
        clusterOSImage: image,
      },
    },
  };
}
