import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { Redactor, type InstallerEvent } from "../../../src/events/index.ts";
import type { Context } from "../../../src/installer/context.ts";
import { phaseStates, readJournal } from "../../../src/installer/journal.ts";
import { runPhases, type Phase } from "../../../src/installer/phase.ts";
import { CREATE_CLUSTER } from "../../../src/installer/phases.ts";
import { clusterFolder } from "../../../src/stack/index.ts";

let root: string;
let events: InstallerEvent[];
let context: Context;
const controller = new AbortController();

beforeEach(async () => {
  root = await mkdtemp(`${tmpdir()}/virt-ipi-phases-`);
  events = [];
  let now = Date.parse("2026-01-02T03:04:05Z");
  const redactor = new Redactor();
  redactor.add("planted-secret");
  context = {
    folder: clusterFolder(root),
    reporter: { emit: (event) => events.push(event) },
    redactor,
    clock: { now: () => new Date((now += 1_000)), sleep: () => Promise.resolve() },
    entropy: (size) => new Uint8Array(size),
    run: () => Promise.reject(new Error("no programs here")),
    env: {},
    signal: controller.signal,
    version: "0.0.1",
    options: {},
  };
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const phase = (id: string, run: Phase["run"]): Phase => ({ id, title: `Do ${id}`, run });

describe("the installation", () => {
  it("is this list, in this order", () => {
    expect(CREATE_CLUSTER.map(({ id }) => id)).toEqual([
      "validate-config",
      "prepare-assets",
      "recover-state",
      "preflight",
      "create-infrastructure",
      "bootstrap-complete",
      "install-complete",
      "virtualization",
      "remove-bootstrap",
    ]);
  });
});

describe("runPhases", () => {
  it("journals start and end of each phase, with its outcome", async () => {
    await runPhases(
      [phase("one", () => Promise.resolve("done")), phase("two", () => Promise.resolve({ skipped: "not needed" }))],
      "create cluster",
      context,
    );
    const entries = await readJournal(context.folder.journal, () => undefined);
    expect(entries.map(({ phase: id, event, outcome, cause }) => [id, event, outcome, cause])).toEqual([
      ["one", "start", undefined, undefined],
      ["one", "end", "done", undefined],
      ["two", "start", undefined, undefined],
      ["two", "end", "skipped", "not needed"],
    ]);
    expect(entries[1]).toMatchObject({
      command: "create cluster",
      version: "0.0.1",
      time: expect.stringMatching(/^2026-01-02T/) as string,
      durationMs: expect.any(Number) as number,
    });
    expect(events.map(({ type }) => type)).toEqual(["phase-started", "phase-ended", "phase-started", "phase-ended"]);
    expect((await stat(context.folder.journal)).mode & 0o777).toBe(0o600);
  });

  it("stops at a failure, with its cause on record but no secret", async () => {
    const failing = phase("one", () => Promise.reject(new InstallerError("NAME_TAKEN", "taken by planted-secret")));
    const never = phase("two", () => Promise.resolve("done"));
    await expect(runPhases([failing, never], "create cluster", context)).rejects.toMatchObject({ id: "NAME_TAKEN" });
    const states = phaseStates(await readJournal(context.folder.journal, () => undefined));
    expect(states.get("one")).toMatchObject({ outcome: "failed", errorId: "NAME_TAKEN", cause: "taken by [redacted]" });
    expect(states.has("two")).toBe(false);
    expect(await readFile(context.folder.journal, "utf8")).not.toContain("planted-secret");
  });

  it("tells an interruption from a failure", async () => {
    await expect(
      runPhases([phase("one", () => Promise.reject(new InstallerError("INTERRUPTED", "by Ctrl-C")))], "resume", context),
    ).rejects.toMatchObject({ exitCode: 8 });
    expect(events.at(-1)).toMatchObject({ type: "phase-ended", outcome: "interrupted", cause: "by Ctrl-C" });
  });

  it("starts no phase once the run is interrupted", async () => {
    const aborted = AbortSignal.abort(new InstallerError("INTERRUPTED", "before"));
    await expect(runPhases([phase("one", () => Promise.resolve("done"))], "resume", { ...context, signal: aborted })).rejects.toMatchObject({
      id: "INTERRUPTED",
    });
    expect(await readJournal(context.folder.journal, () => undefined)).toEqual([]);
  });
});
