import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { stackBench, Thing, type StackBench } from "../../helpers/stack-bench.ts";

let bench: StackBench;
beforeEach(async () => {
  bench = await stackBench();
});
afterEach(async () => {
  await bench.remove();
});

const program =
  (...names: readonly string[]) =>
  () => {
    for (const name of names) new Thing({ name, folder: bench.things });
    return Promise.resolve({ count: names.length });
  };

describe("a stack driven by the Automation API", () => {
  it("makes, keeps, changes and removes what the program says, with the folder's own backend", async () => {
    const driver = await bench.open();
    expect(await driver.recover()).toEqual([]);
    const first = await driver.up(program("a", "b"));
    expect(first).toEqual({ changes: { create: 3 } });
    expect(await bench.made()).toEqual(["a", "b"]);
    expect((await driver.up(program("a", "b"))).changes).toEqual({ same: 3 });
    expect(await driver.preview(program("a"))).toMatchObject({ delete: 1, same: 2 });
    expect((await driver.up(program("a"))).changes).toMatchObject({ delete: 1, same: 2 });
    expect((await driver.recover()).filter((urn) => !urn.includes("::pulumi:"))).toEqual([expect.stringMatching(/::a$/)]);
    expect(await driver.destroy()).toBe(true);
    expect(await bench.made()).toEqual([]);
    expect(await driver.destroy()).toBe(false);
  });

  it("tells steps, and waits with their reason", async () => {
    const steps: string[] = [];
    const driver = await bench.open();
    await driver.up(program("a"), ({ type, status, operation }) => steps.push(`${status} ${operation} ${type}`));
    expect(steps).toEqual(expect.arrayContaining(["started create virt-ipi:test:Thing", "done create virt-ipi:test:Thing"]));
    expect(bench.events).toContainEqual(expect.objectContaining({ type: "waiting", subject: "a", reason: "making a" }));
    expect(bench.events).toContainEqual(expect.objectContaining({ type: "resource", name: "a", status: "done", operation: "create" }));
    expect(bench.events.filter((event) => event.type === "resource" && event.kind.startsWith("pulumi:"))).toEqual([]);
  });

  it("maps a failure to the error of the catalogue", async () => {
    const driver = await bench.open();
    const up = driver.up(() => {
      new Thing({ name: "a", folder: bench.things, fail: "GUEST_DISK_FULL" });
      return Promise.resolve({});
    });
    await expect(up).rejects.toMatchObject({
      id: "GUEST_DISK_FULL",
      exitCode: 5,
      value: "a",
      message: expect.stringContaining("a cannot be made") as string,
    });
  });

  it("gives a failed program its own text", async () => {
    const driver = await bench.open();
    await expect(driver.up(() => Promise.reject(new Error("the program is broken")))).rejects.toMatchObject({
      id: "PULUMI_FAILED",
      message: expect.stringContaining("the program is broken") as string,
    });
  });

  it("goes on with a resource that was not ready, without making it again", async () => {
    const driver = await bench.open();
    const notReady = () => {
      new Thing({ name: "wait", folder: bench.things, notReady: "BOOTSTRAP_TIMEOUT" }, {}, "virt-ipi:cluster:BootstrapComplete");
      return Promise.resolve({});
    };
    await expect(driver.up(notReady)).rejects.toMatchObject({ id: "BOOTSTRAP_TIMEOUT", exitCode: 5 });
    await writeFile(join(bench.things, "go"), "");
    expect((await driver.up(notReady)).changes).toMatchObject({ update: 1 });
    expect(await bench.calls()).not.toContain("delete wait");
  });

  it("ends in order when it is aborted, with the reason of the abort", async () => {
    const controller = new AbortController();
    const driver = await bench.open({ signal: controller.signal });
    const up = driver.up(() => {
      new Thing({ name: "slow", folder: bench.things, milliseconds: 3_600_000 });
      return Promise.resolve({});
    });
    const ended = expect(up).rejects.toMatchObject({ id: "INTERRUPTED", message: "by the test" });
    await expect.poll(bench.calls, { timeout: 300_000, interval: 50 }).toContain("create slow");
    controller.abort(new InstallerError("INTERRUPTED", "by the test"));
    await ended;
    expect(await bench.calls()).toContain("undone slow");
    expect(await bench.made()).toEqual([]);
    const again = await bench.open();
    await again.recover();
    expect((await again.up(program("slow"))).changes).toMatchObject({ create: 1 });
  });

  it("refuses a second run on the same state", async () => {
    const slow = () => {
      new Thing({ name: "slow", folder: bench.things, milliseconds: 3_600_000 });
      return Promise.resolve({});
    };
    const controller = new AbortController();
    const first = expect((await bench.open({ signal: controller.signal })).up(slow)).rejects.toMatchObject({ id: "INTERRUPTED" });
    await expect.poll(bench.calls, { timeout: 300_000, interval: 50 }).toContain("create slow");
    const second = await bench.open();
    await expect(second.up(slow)).rejects.toMatchObject({ id: "STATE_LOCKED" });
    await expect(second.recover()).rejects.toMatchObject({ id: "STATE_LOCKED" });
    controller.abort(new InstallerError("INTERRUPTED", "by the test"));
    await first;
  });

  it("keeps secrets out of events, and out of the state in clear", async () => {
    const secret = "planted-8c1f-secret";
    const driver = await bench.open();
    await driver.up(() => {
      new Thing({ name: "a", folder: bench.things, secret: pulumi.secret(secret) });
      return Promise.resolve({ secret: pulumi.secret(secret), open: "yes" });
    });
    expect(JSON.stringify(bench.events)).not.toContain(secret);
    const files = await readdir(bench.folder.own, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "utf8")));
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    expect((await stat(bench.folder.passphrase)).mode & 0o777).toBe(0o600);
  });

  it("leaves the passphrase to the user who has one", async () => {
    const driver = await bench.open({ env: { ...bench.env, PULUMI_CONFIG_PASSPHRASE: "the users own" } });
    await driver.up(program("a"));
    await expect(stat(bench.folder.passphrase)).rejects.toThrow("ENOENT");
  });
});
