import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InstallerEvent } from "../../../src/events/index.ts";
import type { World } from "../../../src/installer/context.ts";
import { appendJournal, phaseStates, readJournal } from "../../../src/installer/journal.ts";
import { withClusterLock } from "../../../src/installer/lock.ts";
import { clusterFolder, type ClusterFolder } from "../../../src/stack/index.ts";

let folder: ClusterFolder;
beforeEach(async () => {
  folder = clusterFolder(await mkdtemp(`${tmpdir()}/virt-ipi-lock-`));
});
afterEach(async () => {
  await rm(folder.root, { recursive: true, force: true });
});

describe("the journal", () => {
  it("leaves out a line that a kill cut short, and is empty without a file", async () => {
    expect(await readJournal(folder.journal, () => undefined)).toEqual([]);
    const entry = { time: "2026-01-01T00:00:00.000Z", command: "create cluster", phase: "preflight", event: "start", version: "1" } as const;
    await appendJournal(folder.journal, entry);
    await appendFile(folder.journal, '{"time":"2026-01-01T00:0');
    expect(await readJournal(folder.journal, () => undefined)).toEqual([entry]);
    expect(phaseStates([entry]).get("preflight")?.event).toBe("start");
  });
});

describe("withClusterLock", () => {
  it("lets one run at a time work, and says who", async () => {
    await withClusterLock(world(), "create cluster", async () => {
      await expect(withClusterLock(world(), "destroy cluster", () => Promise.resolve(1))).rejects.toMatchObject({
        id: "CLUSTER_LOCKED",
        details: [expect.stringContaining(`process ${process.pid}`)],
      });
    });
    expect(await withClusterLock(world(), "resume", () => Promise.resolve("free"))).toBe("free");
  });

  it("is freed when the work fails", async () => {
    await expect(withClusterLock(world(), "a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withClusterLock(world(), "b", () => Promise.resolve("free"))).toBe("free");
  });

  it("stops a run that has lost its lock, and says so whatever it fails with", async () => {
    const run = withClusterLock(world(), "create cluster", async ({ signal }) => {
      await rm(folder.lock, { recursive: true });
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new Error("something else");
    });
    await expect(run).rejects.toMatchObject({ id: "CLUSTER_LOCKED", message: expect.stringContaining("was removed") });
    expect(await withClusterLock(world(), "resume", () => Promise.resolve("free"))).toBe("free");
  });

  it("says that a damaged lock was taken over", async () => {
    await mkdir(folder.own);
    await writeFile(folder.lock, "x");
    const events: InstallerEvent[] = [];
    expect(await withClusterLock(world(events), "resume", () => Promise.resolve("mine"))).toBe("mine");
    expect(events).toEqual([{ type: "log", level: "warning", message: expect.stringContaining(folder.lock) }]);
  });
});

const world = (events: InstallerEvent[] = []): Pick<World, "folder" | "signal" | "reporter"> => ({
  folder,
  signal: new AbortController().signal,
  reporter: { emit: (event) => void events.push(event) },
});
