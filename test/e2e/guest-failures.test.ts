import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { poll } from "../../src/util/index.ts";
import { kvmInstallation, type Event, type Installation, type Run } from "../helpers/kvm-installation.ts";

/** What fails inside a guest has its cause named within a minute of its first sign on the console, not at the time limit. */
const NAMED_WITHIN_MS = 60_000;

let one: Installation | undefined;

afterEach(async () => {
  await one?.dispose();
});

it("names a wrong Ignition config", async () => {
  const { run, sign, endedAt } = await failing(/unsupported config version|config is not valid/i, (config) => {
    config.ignition.version = "3.99.0";
  });
  expect(run.code, run.output).toBe(5);
  expect(errorOf(run)).toBe("GUEST_IGNITION_INVALID");
  expect(endedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});

it("names a full disk", async () => {
  const { run, sign, endedAt } = await failing(/No space left on device/i, (config) => {
    const sizes = "64G 8G 1G 128M 16M 1M 64K 4K";
    const script = `for size in ${sizes}; do while fallocate --length $size /var/fill.$((n += 1)); do :; done; done`;
    const contents = `[Service]\nType=oneshot\nExecStart=/bin/bash -c '${script.replaceAll("$", "$$$$")}'\n[Install]\nWantedBy=multi-user.target\n`;
    config.systemd.units.push({ name: "fill-disk.service", enabled: true, contents });
  });
  expect(run.code, run.output).toBe(5);
  expect(errorOf(run)).toBe("GUEST_DISK_FULL");
  expect(endedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});

it("names an API VIP that nobody holds", async () => {
  const { run, sign, namedAt } = await failing(
    /no route to host|Host is unreachable/i,
    (config) => {
      for (const unit of config.systemd.units) if (unit.name === "api-vip.service") unit.enabled = false;
    },
    /the API VIP does not answer/,
  );
  expect(run.code, run.output).toBe(8);
  expect(namedAt - sign).toBeLessThan(NAMED_WITHIN_MS);
});

interface BootstrapIgnition {
  readonly ignition: { version: string };
  readonly systemd: { readonly units: { name: string; enabled?: boolean; contents?: string }[] };
}

/**
 * Installs with an edited bootstrap config until the CLI ends, or until a wait names `cause`: then it is interrupted.
 * @returns when the sign stood on a console, when the cause was named, when the run ended: milliseconds of one clock
 */
async function failing(
  signOnConsole: RegExp,
  edit: (config: BootstrapIgnition) => void,
  cause?: RegExp,
): Promise<{ run: Run; sign: number; namedAt: number; endedAt: number }> {
  const made = await kvmInstallation([[["compute", 0, "replicas"], 0]]);
  one = made;
  const created = await made.cli(["create", "ignition-configs"]);
  expect(created.code, created.output).toBe(0);
  const path = join(made.dir, "bootstrap.ign");
  const config = JSON.parse(await readFile(path, "utf8")) as BootstrapIgnition;
  edit(config);
  await writeFile(path, JSON.stringify(config));
  const ended = new AbortController();
  const sign = firstSign(made, signOnConsole, ended.signal);
  let namedAt = Number.NaN;
  const run = await made.cli(["create", "cluster"], (event, child) => {
    if (cause === undefined || !Number.isNaN(namedAt) || !cause.test(String(event["reason"]))) return;
    namedAt = performance.now();
    child.kill("SIGINT");
  });
  const endedAt = performance.now();
  // The console may have been read by the installer before the test saw it: give the test its look.
  setTimeout(() => {
    ended.abort();
  }, 3_000);
  // Without a sign no comparison holds; the run's own outcome is looked at first, since it tells more.
  return { run, sign: await sign.catch(() => Number.NaN), namedAt, endedAt };
}

/** When a console first shows the sign. @throws Error if none does until the signal */
async function firstSign({ host }: Installation, sign: RegExp, signal: AbortSignal): Promise<number> {
  const images = join(host.dir, "lib/images");
  const look = async (): Promise<boolean> => {
    const logs = (await readdir(images, { recursive: true }).catch(() => [])).filter((name) => name.endsWith(".console.log"));
    const texts = await Promise.all(logs.map((name) => readFile(join(images, name), "utf8").catch(() => "")));
    return texts.some((text) => sign.test(text));
  };
  await poll(async () => ((await look()) ? { done: true, value: undefined } : { done: false, reason: "no sign yet" }), {
    intervalMs: 500,
    timeoutMs: 20 * 60_000,
    signal,
  });
  return performance.now();
}

const errorOf = (run: Run): unknown => run.events.find((event: Event) => event["type"] === "error")?.["id"];
