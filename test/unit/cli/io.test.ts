import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogFile } from "../../../src/cli/log-file.ts";
import { Redactor } from "../../../src/events/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "virt-ipi-io-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("logs every event as a redacted JSON line into a 0600 file", () => {
  const redactor = new Redactor();
  redactor.add("planted-secret");
  const path = join(folder, ".virt-ipi", "log.jsonl");
  const log = new LogFile(path, redactor, () => undefined);
  log.emit({ type: "log", level: "debug", message: "password planted-secret" });
  log.emit({ type: "waiting", subject: "api", reason: Buffer.from("planted-secret").toString("base64"), elapsedMs: 1 });
  log.close();
  const lines = readFileSync(path, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    { time: expect.any(String) as string, type: "log", level: "debug", message: "password [redacted]" },
    { time: expect.any(String) as string, type: "waiting", subject: "api", reason: "[redacted]", elapsedMs: 1 },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("stops nothing when the log cannot be written", () => {
  const log = new LogFile(join(folder, "no", "such", "log.jsonl"), new Redactor(), () => undefined);
  expect(() => {
    log.emit({ type: "log", level: "info", message: "x" });
  }).not.toThrow();
});
