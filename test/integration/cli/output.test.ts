import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { ENTRY } from "../../helpers/cli.ts";
import { shareOf } from "../../helpers/share.ts";

/** Commands that print and end well without a cluster; each is run as text and as JSON. */
const PRINTING: readonly (readonly string[])[] = [
  ["--help"],
  ["--version"],
  ["version"],
  ["explain", "platform"],
  ["completion", "bash"],
  ["validate"],
  ["create", "manifests"],
  ["status"],
  ["env"],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-output-"));
  await copyFile("install-config.example.yaml", join(folder, "install-config.yaml"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("output to a full device", () => {
  const helps = COMMANDS.map(({ path }) => [...path.split(" "), "--help"]);
  it.each([...PRINTING, ...shareOf(helps)].map((words) => ({ words, line: words.join(" ") })))("fails: $line", async ({ words }) => {
    for (const format of words.includes("--help") ? ["text"] : ["text", "json"]) {
      const { code, stderr } = await toDevice([...words, "--dir", folder, "--output", format]);
      expect([format, code]).toEqual([format, 1]);
      expect(stderr).toContain("OUTPUT_LOST");
      expect(stderr).toContain("ENOSPC");
    }
  });

  it("does not hide a failure's own exit code", async () => {
    expect((await toDevice(["explain", "no.such.field", "--output", "json"])).code).toBe(2);
  });
});

it("a reader that has left is no failure", async () => {
  const child = spawn("sh", ["-c", `{ ${ENTRY} explain platform; echo "code $?" >&2; } | true`], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child, "close");
  expect(stderr).toBe("code 0\n");
});

async function toDevice(args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  const full = openSync("/dev/full", "w");
  const child = spawn(ENTRY, [...args], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number];
  return { code, stderr };
}
