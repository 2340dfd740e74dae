import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { ENTRY } from "../../helpers/cli.ts";

const CTRL_C = "\u0003";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-terminal-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("create install-config on a terminal", () => {
  it("asks, and takes the default for Enter", async () => {
    const { code, shown } = await onTerminal("\r");
    expect(code, shown).toBe(0);
    expect(shown).toContain("Name of the cluster");
    const path = join(folder, "install-config.yaml");
    expect(parseInstallConfig(await readFile(path, "utf8"), path).errors).toEqual([]);
    expect(await readFile(path, "utf8")).toContain("ocp4");
  });

  it("writes nothing when the questions are left by Ctrl-C", async () => {
    const { code, shown } = await onTerminal(CTRL_C);
    expect(code, shown).toBe(8);
    expect(existsSync(join(folder, "install-config.yaml"))).toBe(false);
  });
});

describe("a terminal that is closed", () => {
  it("ends the run in order, also while it is drawn on", async () => {
    await copyFile("install-config.example.yaml", join(folder, "install-config.yaml"));
    const journal = join(folder, ".virt-ipi/journal.jsonl");
    const bin = join(folder, "bin");
    await mkdir(bin);
    // A virsh that never answers keeps the preflight waiting.
    await writeFile(join(bin, "virsh"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    const env = { ...process.env, CI: undefined, TERM: "xterm", PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    const command = `exec ${ENTRY} create cluster --dir ${folder}`;
    const terminal = spawn("script", ["--quiet", "--flush", "--command", command, "/dev/null"], { env, stdio: ["pipe", "ignore", "ignore"] });
    await until(async () => (await readFile(journal, "utf8").catch(() => "")).includes("preflight"));
    terminal.kill("SIGKILL");
    await until(async () => (await readFile(journal, "utf8")).includes('"outcome":"interrupted"'));
    // Its last lines come behind that.
    const log = async (): Promise<string> => await readFile(join(folder, ".virt-ipi/log.jsonl"), "utf8");
    await until(async () => (await log()).includes('"id":"INTERRUPTED"'));
    expect(await log()).toContain("SIGHUP: stopping cleanly");
    expect(await log()).not.toContain("INTERNAL");
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (await holds()) return;
    await delay(100);
  }
  throw new Error("it did not come");
}

/** Runs the command on a pseudo-terminal (util-linux `script`), and presses the key until it ends. */
async function onTerminal(key: string): Promise<{ code: number; shown: string }> {
  // A new pseudo-terminal is 0 columns wide.
  const command = `stty cols 120 rows 40; exec ${ENTRY} create install-config --dir ${folder}`;
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], { env: { ...process.env, CI: "" } });
  // A key pressed just when the command ends.
  child.stdin.on("error", () => undefined);
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  // Each question is up within the interval; a key before the first one would be lost.
  const presses = setInterval(() => {
    if (!shown.includes("Name of the cluster")) return;
    child.stdin.write(key);
    // A second one would end the command at once.
    if (key === CTRL_C) clearInterval(presses);
  }, 300);
  try {
    const [code] = (await once(child, "exit")) as [number];
    return { code, shown };
  } finally {
    clearInterval(presses);
    child.kill();
  }
}
