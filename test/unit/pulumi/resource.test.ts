import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { difference } from "../../../src/pulumi/resource/diff.ts";
import { describe as describeError, errorIdIn } from "../../../src/pulumi/resource/failures.ts";
import { progressOf } from "../../../src/pulumi/resource/progress.ts";
import { UNKNOWN } from "../../../src/pulumi/resource/values.ts";
import { PLUGIN_VERSION } from "../../../src/pulumi/resource/version.ts";

describe("difference", () => {
  const rules = { a: "update", b: "replace", c: "ignore", d: { ignore: "only once" } } as const;

  it("tells additions, removals and changes by the rules", () => {
    expect(difference(rules, { a: 1, b: 1, c: 1 }, { b: 2, c: 2 }).changes).toEqual([
      { property: "a", kind: "delete", replaces: false },
      { property: "b", kind: "update", replaces: true },
    ]);
    expect(difference(rules, {}, { a: UNKNOWN }).changes).toEqual([{ property: "a", kind: "add", replaces: false }]);
  });

  it("notes what changed and stays", () => expect(difference(rules, { d: 1 }, { d: 2 })).toEqual({ changes: [], notes: ["d: only once"] }));
});

describe("progress", () => {
  it("tells a status when it changes, and the same again only after half a minute", () => {
    let now = 0;
    const sent: string[] = [];
    const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
    const progress = progressOf("urn", (_urn, severity, message, ephemeral) => void sent.push(`${severity} ${ephemeral} ${message}`), clock);
    for (const [at, message] of [
      [1_000, "a"],
      [2_000, "a"],
      [3_000, "b"],
      [32_000, "b"],
      [33_000, "b"],
      [34_000, "b"],
    ] as const) {
      now = at;
      progress.status(message);
    }
    progress.warn("w");
    expect(sent).toEqual(["info true a", "info true b", "info true b", "warning false w"]);
  });
});

describe("errors through the engine", () => {
  it("carry their id, details and advice, and are told again by it", () => {
    const text = describeError(new InstallerError("NAME_TAKEN", "a domain x exists", { details: ["uuid 1"] }));
    expect(text).toBe("NAME_TAKEN: a domain x exists\nuuid 1\nRename or remove it, or give the cluster another name.");
    expect(errorIdIn(`rpc error: code = FailedPrecondition desc = ${text}`)).toBe("NAME_TAKEN");
    expect(errorIdIn("error: SOMETHING_ELSE: x")).toBeUndefined();
  });
});

it("asks for the version that package.json has", async () => {
  expect(PLUGIN_VERSION).toBe((JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string }).version);
});
