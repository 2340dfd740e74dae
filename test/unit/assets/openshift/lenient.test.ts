import { beforeAll, describe, expect, it } from "vitest";
import type { KeyStore } from "../../../../src/assets/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../../golden/openshift/scenarios.ts";
import { LENIENT } from "../../config/verdicts/lenient.ts";
import { LENIENT_VALUES } from "../../config/verdicts/lenient-values.ts";
import { yamlOf } from "../../config/verdicts/support.ts";

let keys: KeyStore;
beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("baremetal", "4.21"), false);
});

describe("assets are rendered of what is only warned of", () => {
  it.each([...LENIENT, ...LENIENT_VALUES].map((row) => ({ title: row[0], row })))("$title", async ({ row: [, base, change] }) => {
    const assets = await renderScenario(yamlOf(base, change), keys, undefined, false);
    expect([...assets.keys()]).toEqual(expect.arrayContaining(["bootstrap.ign", "manifests/cluster-config.yaml"]));
    // The roles of machines do not depend on what their pools are called.
    expect([...assets.keys()].some((path) => path.includes("_99-master-ssh") || path === "master.ign")).toBe(true);
  });
});
