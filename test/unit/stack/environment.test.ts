import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clusterFolder } from "../../../src/stack/index.ts";
import { pulumiEnvironment, stackOf } from "../../../src/stack/environment.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp("/tmp/vt-environment-");
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

async function environment(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = clusterFolder(join(root, "cluster"));
  return await pulumiEnvironment(folder, await stackOf(folder, "try", env), env);
}

describe("pulumi's environment", () => {
  it("has as many resources at once on every host", async () => {
    expect(await environment({})).toMatchObject({ PULUMI_PARALLEL: "24" });
  });

  it("leaves how many at once to the user who says so", async () => {
    expect(await environment({ PULUMI_PARALLEL: "3" })).not.toHaveProperty("PULUMI_PARALLEL");
  });
});
