import { spawn, type ChildProcess } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../src/exec/index.ts";
import { poll } from "../../src/util/index.ts";
import { cacheFolder } from "../../setup/paths.ts";

export interface GuestOptions {
  readonly name: string;
  /** Where its disk, config and console go. */
  readonly dir: string;
  /** Text of its Ignition config. */
  readonly ignition: string;
  readonly memoryMB: number;
  /** CIDR of the network that it is alone in; it reaches nothing outside. */
  readonly network: string;
  /** The first address that DHCP gives. */
  readonly address: string;
  /** A port of this host's loopback that is led to one of the guest's. */
  readonly serves?: { readonly port: number; readonly hostPort: number };
  /** A place in the guest's network that is a port of this host's loopback. */
  readonly finds?: { readonly address: string; readonly port: number; readonly hostPort: number };
}

export interface Guest {
  /** All that its serial console has shown. */
  console(): Promise<string>;
  dispose(): Promise<void>;
}

/** The node image under QEMU called by hand, without acceleration: Ignition finds its config in the firmware (`fw_cfg`). */
export async function bootGuest({ name, dir, ignition, memoryMB, network, address, serves, finds }: GuestOptions): Promise<Guest> {
  const file = (suffix: string): string => join(dir, `${name}.${suffix}`);
  const image = join(cacheFolder(), "images/node-image.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image, "-F", "qcow2", file("qcow2"), "12G"]);
  await writeFile(file("ign"), ignition, { mode: 0o600 });
  await writeFile(join(dir, "pipe.mjs"), PIPE);
  const forwards = [
    ...(serves === undefined ? [] : [`hostfwd=tcp:127.0.0.1:${serves.hostPort}-${address}:${serves.port}`]),
    ...(finds === undefined
      ? []
      : [`guestfwd=tcp:${finds.address}:${finds.port}-cmd:${process.execPath} ${join(dir, "pipe.mjs")} ${finds.hostPort}`]),
  ];
  const args = [
    ...["-machine", "q35,accel=tcg", "-cpu", "max,la57=off,avx=off,avx2=off,erms=off", "-nodefaults", "-display", "none"],
    ...["-smp", "1", "-m", String(memoryMB), "-serial", `file:${file("log")}`],
    ...["-drive", `file=${file("qcow2")},if=virtio,format=qcow2,cache=unsafe`, "-device", "virtio-rng-pci"],
    ...["-fw_cfg", `name=opt/com.coreos/config,file=${file("ign")}`],
    "-netdev",
    ["user,id=net,restrict=on", `net=${network}`, `dhcpstart=${address}`, ...forwards].join(","),
    ...["-device", "virtio-net-pci,netdev=net"],
  ];
  const child = spawn("qemu-system-x86_64", args, { stdio: "ignore" });
  return {
    console: async () => await readFile(file("log"), "utf8").catch(() => ""),
    dispose: async () => await ended(child),
  };
}

/** Waits for a text on the console. @throws Error with the console's end if it does not come in time */
export async function shows(guest: Guest, text: RegExp): Promise<void> {
  const result = await poll(async () => (text.test(await guest.console()) ? { done: true, value: true } : { done: false, reason: "not yet" }), {
    intervalMs: 1_000,
    timeoutMs: 15 * 60_000,
  });
  if (result.outcome === "timeout") throw new Error(`no ${String(text)} on the console, which ends with: ${(await guest.console()).slice(-2_000)}`);
}

/** QEMU starts a program for each connection that is led out of a closed network. */
const PIPE = `import { connect } from "node:net";
const socket = connect(Number(process.argv[2]), "127.0.0.1");
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("error", () => process.exit(1)).on("close", () => process.exit(0));
`;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
}
