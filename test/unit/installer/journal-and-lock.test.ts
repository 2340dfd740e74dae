import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
    expect(await readJournal(folder.journal)).toEqual([]);
    const entry = { time: "2026-01-01T00:00:00.000Z", command: "create cluster", phase: "preflight", event: "start", version: "1" } as const;
    await appendJournal(folder.journal, entry);
    await appendFile(folder.journal, '{"time":"2026-01-01T00:0');
    expect(await readJournal(folder.journal)).toEqual([entry]);
    expect(phaseStates([entry]).get("preflight")?.event).toBe("start");
  });
});

describe("withClusterLock", () => {
  it("lets one run at a time work, and says who", async () => {
    await withClusterLock(folder, "create cluster", async () => {
      await expect(withClusterLock(folder, "destroy cluster", () => Promise.resolve(1))).rejects.toMatchObject({
        id: "CLUSTER_LOCKED",
        details: [expect.stringContaining(`process ${process.pid}`)],
      });
    });
    expect(await withClusterLock(folder, "resume", () => Promise.resolve("free"))).toBe("free");
  });

  it("is freed when the work fails", async () => {
    await expect(withClusterLock(folder, "a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withClusterLock(folder, "b", () => Promise.resolve("free"))).toBe("free");
  });

  it("takes over at once from a process that is gone", async () => {
    await mkdir(folder.lock, { recursive: true });
    await writeFile(join(folder.own, "lock-owner.json"), JSON.stringify({ pid: 2 ** 22 + 1, hostname: hostname(), command: "create cluster" }));
    expect(await withClusterLock(folder, "resume", () => Promise.resolve("mine"))).toBe("mine");
  });
});
