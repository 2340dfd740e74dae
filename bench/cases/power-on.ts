import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { machineIgnition } from "../../src/assets/index.ts";
import type { MachinePlan } from "../../src/config/index.ts";
import { run } from "../../src/exec/index.ts";
import { clusterFolder, imageOf, openStack, prepareCluster, type PreparedCluster } from "../../src/stack/index.ts";
import { poll, systemClock, systemEntropy } from "../../src/util/index.ts";
import { startLibvirtHost, type LibvirtHost } from "../../tools/demo-host/index.ts";
import { compare, type Comparison } from "../measure.ts";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/kvm-demo.yaml");
const TARGET = 1.15;
const LIMIT_MS = 15 * 60_000;

interface Scene {
  readonly host: LibvirtHost;
  readonly folder: string;
  readonly cluster: PreparedCluster;
  readonly bootstrap: MachinePlan;
  readonly image: string;
  readonly accelerated: boolean;
}

/**
 * From power-on until the bootstrap machine's API is ready: our machine as its resource defines it, against QEMU called by hand
 * with the same image, the same Ignition config and the same network. Where there is no acceleration both are emulated.
 */
export async function powerOn(): Promise<readonly Comparison[]> {
  const work = await mkdtemp(join(tmpdir(), "bench-"));
  let scene: Scene | undefined;
  let byHand: ChildProcess | undefined;
  let number = 0;
  const close = async (): Promise<void> => {
    await ended(byHand);
    byHand = undefined;
    await scene?.host.dispose();
    scene = undefined;
  };
  const open = async (): Promise<void> => {
    scene = await makeScene(join(work, `run-${++number}`), `vp-${process.pid}-${number}`);
  };
  const current = (): Scene => {
    if (scene === undefined) throw new Error("there is no machine");
    return scene;
  };
  try {
    const comparison = await compare({
      name: "power-on",
      runs: 2,
      target: TARGET,
      ours: {
        title: "power-on of our bootstrap machine until its API is ready",
        before: open,
        run: async () => {
          await current().host.exec(["virsh", "start", current().bootstrap.name]);
          await apiReady(current());
        },
        after: close,
      },
      baseline: {
        title: "the same image and Ignition config booted by hand",
        before: async () => {
          await open();
          await prepareByHand(current());
        },
        run: async () => {
          byHand = bootByHand(current());
          await apiReady(current());
        },
        after: close,
      },
    });
    return [comparison];
  } finally {
    await close();
    await rm(work, { recursive: true, force: true });
  }
}

/** A libvirt with network, image and a bootstrap machine that is off. */
async function makeScene(folder: string, name: string): Promise<Scene> {
  const host = await startLibvirtHost({ netns: name, dir: join("/tmp", name) });
  await run("mkdir", [folder]);
  const example = await readFile(EXAMPLE, "utf8");
  await writeFile(join(folder, "install-config.yaml"), example.replace(/^platform:\n {2}kvm:\n/m, `$&    uri: "${host.uri}"\n`));
  const cluster = await prepareCluster({
    env: process.env,
    folder: clusterFolder(folder),
    clock: systemClock,
    entropy: systemEntropy,
    onWarning: () => {},
  });
  const image = await imageOf(cluster, { env: process.env });
  const bootstrap = cluster.machines.find(({ role }) => role === "bootstrap");
  if (bootstrap === undefined) throw new Error("the plan has no bootstrap machine");
  const driver = await openStack({
    folder: cluster.folder,
    clusterName: cluster.spec.name,
    reporter: { emit: () => undefined },
    clock: systemClock,
    signal: new AbortController().signal,
    env: process.env,
  });
  const { spec, identity, assets, start, platform } = cluster;
  const ignition = (machine: MachinePlan): string => machineIgnition({ assets, spec, start, bootstrapping: true }, machine);
  await driver.up(async () => {
    const { signal } = new AbortController();
    await platform.program({
      run,
      signal,
      env: process.env,
      spec,
      identity,
      machines: [bootstrap],
      planned: [bootstrap],
      ignition,
      clusterDir: folder,
      image,
      powerOn: false,
    });
    return {};
  });
  const { stdout } = await host.exec(["virsh", "dumpxml", bootstrap.name]);
  return { host, folder, cluster, bootstrap, image: image.path, accelerated: /<domain type='kvm'/.test(stdout) };
}

/** What somebody who boots it by hand has ready: a disk on the image, the Ignition config, and a port on the network. */
async function prepareByHand({ host, folder, cluster, image, bootstrap }: Scene): Promise<void> {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image, "-F", "qcow2", join(folder, "disk.qcow2"), `${bootstrap.diskSizeGB}G`]);
  await writeFile(join(folder, "hand.ign"), cluster.assets.get("bootstrap.ign")?.content ?? "", { mode: 0o600 });
  const { stdout } = await host.exec(["virsh", "net-info", cluster.identity.infraID]);
  const bridge = /^Bridge:\s+(\S+)/m.exec(stdout)?.[1] ?? "";
  await host.exec(["ip", "tuntap", "add", "hand0", "mode", "tap"]);
  await host.exec(["ip", "link", "set", "hand0", "master", bridge, "up"]);
}

function bootByHand({ host, folder, bootstrap, accelerated }: Scene): ChildProcess {
  const args = [
    ...[
      "-machine",
      `q35,accel=${accelerated ? "kvm" : "tcg"}`,
      "-cpu",
      accelerated ? "host" : "max,la57=off,avx=off,avx2=off,erms=off",
      "-nodefaults",
      "-display",
      "none",
    ],
    ...["-smp", String(bootstrap.cpus), "-m", String(bootstrap.memoryMB), "-serial", `file:${join(folder, "hand.log")}`],
    ...["-drive", `file=${join(folder, "disk.qcow2")},if=virtio,format=qcow2`, "-device", "virtio-rng-pci"],
    ...["-fw_cfg", `name=opt/com.coreos/config,file=${join(folder, "hand.ign")}`],
    ...["-netdev", "tap,id=net,ifname=hand0,script=no,downscript=no", "-device", `virtio-net-pci,netdev=net,mac=${bootstrap.macAddress}`],
  ];
  return spawn("ip", ["netns", "exec", host.netns, "qemu-system-x86_64", ...args], { stdio: "ignore" });
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}

async function apiReady({ host, bootstrap }: Scene): Promise<void> {
  const url = `https://${bootstrap.ipAddress ?? ""}:6443/readyz`;
  const result = await poll(
    async () => {
      const { exitCode } = await host.exec(["curl", "--silent", "--fail", "--insecure", "--max-time", "5", "--output", "/dev/null", url], {
        accept: Array.from({ length: 100 }, (_, code) => code),
      });
      return exitCode === 0 ? { done: true, value: undefined } : { done: false, reason: "no API yet" };
    },
    { intervalMs: 250, timeoutMs: LIMIT_MS },
  );
  if (result.outcome === "timeout") throw new Error(`${url} was not ready within ${LIMIT_MS / 60_000} minutes`);
}
