import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Inside } from "./container.ts";
import { relay } from "./relay.ts";

/**
 * The first process of a container's namespaces: gives its program the files of its pod and a way to the API server, and lets others in to the ports on
 * which it listens. Everything goes with it.
 */

const HOME = "/run/container";
const POLL_MS = 100;

const [, , file = ""] = process.argv;
const { apiPort, files, ports, program, args, env } = JSON.parse(readFileSync(file, "utf8")) as Inside;

execFileSync("ip", ["link", "set", "lo", "up"]);
mount("-t", "tmpfs", "tmpfs", "/run");
// What the host's /tmp holds is hidden, so what is needed of it is shown elsewhere.
const [sockets, image] = [join(HOME, "sockets"), join(HOME, "image")];
for (const [from, to] of [
  [dirname(file), sockets],
  [dirname(program), image],
] as const) {
  mkdirSync(to, { recursive: true });
  mount("--bind", from, to);
}
mount("-t", "tmpfs", "tmpfs", "/tmp");
for (const [path, content] of Object.entries(files)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
}

createServer((socket) => relay(socket, { path: join(sockets, "api") })).listen(apiPort, "127.0.0.1", () => {
  const child = spawn(join(image, basename(program)), args, { cwd: image, stdio: "inherit", env: { ...env, HOME: "/tmp", PATH: "/usr/bin:/bin" } });
  child.on("error", (error) => {
    console.error(String(error));
    process.exit(127);
  });
  child.on("exit", (code) => process.exit(code ?? 137));
  for (const port of ports) void open(port);
});

/** A port can be reached once something listens on it. */
async function open(port: number): Promise<void> {
  while (!(await listens(port))) await delay(POLL_MS);
  createServer((socket) => relay(socket, { host: "127.0.0.1", port })).listen(join(sockets, String(port)));
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });

function mount(...options: readonly string[]): void {
  execFileSync("mount", options);
}
