import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeyStore } from "../../../src/assets/index.ts";
import { readable } from "./readable.ts";
import { fixtureKeys, inputOf, renderScenario, scenarios } from "./scenarios.ts";

/** All assets of OpenShift clusters against files. After a change that is meant: `UPDATE=1 npm run test:assets`, then read the diff. */
const update = process.env["UPDATE"] !== undefined;
const SCENARIOS = await scenarios();

let keys: KeyStore;
beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("baremetal", "4.21"), update);
});

describe.each(SCENARIOS)("$name", ({ name: scenario, versions }) => {
  it.each(versions)("%s: renders what is kept", async (version) => {
    const folder = join(import.meta.dirname, "expected", scenario, version);
    const actual = readable(await renderScenario(await inputOf(scenario, version), keys));
    if (update) await rm(folder, { recursive: true, force: true });
    for (const [name, text] of actual) {
      const path = join(folder, name);
      if (update) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      expect(await readFile(path, "utf8"), path).toBe(text);
    }
  });
});

it("renders the same bytes in another time zone, with the same keys", async () => {
  const before = process.env["TZ"];
  const input = await inputOf("none", "4.21");
  const here = await renderScenario(input, keys);
  process.env["TZ"] = "Pacific/Chatham";
  try {
    expect([...(await renderScenario(input, keys))]).toEqual([...here]);
  } finally {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  }
});
