import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { poll } from "../../src/util/index.ts";
import { kvmInstallation, type Event, type Installation, type Run } from "./kvm-installation.ts";

/** What fails inside a guest has its cause named within a minute of its first sign on the console, not at the time limit. */
export const NAMED_WITHIN_MS = 60_000;

interface BootstrapIgnition {
  readonly ignition: { version: string };
  readonly systemd: { readonly units: { name: string; enabled?: boolean; contents?: string }[] };
}

/**
 * Installs with an edited bootstrap config until the CLI ends, or until a wait names `cause`: then it is interrupted.
 * @returns when the sign stood on a console, when the cause was named, when the run ended: milliseconds of one clock
 */
export async function failingInstallation(
  signOnConsole: RegExp,
  edit: (config: BootstrapIgnition) => void,
  cause?: RegExp,
): Promise<{ run: Run; sign: number; namedAt: number; endedAt: number }> {
  const made = await kvmInstallation([[["compute", 0, "replicas"], 0]]);
  onTestFinished(() => made.dispose());
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
async function firstSign(made: Installation, sign: RegExp, signal: AbortSignal): Promise<number> {
  const look = async (): Promise<boolean> => [...(await made.consoles()).values()].some((text) => sign.test(text));
  await poll(async () => ((await look()) ? { done: true, value: undefined } : { done: false, reason: "no sign yet" }), {
    intervalMs: 500,
    timeoutMs: 20 * 60_000,
    signal,
  });
  return performance.now();
}

export const errorOf = (run: Run): unknown => run.events.find((event: Event) => event["type"] === "error")?.["id"];
