import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../../../../setup/paths.ts";
import { LONGEST } from "../../../../tools/testing/longest-first.ts";
import { chosenStages, testStages } from "../../../../tools/testing/stages.ts";

const stages = testStages("/reports", "/artifacts");

describe("the stages of npm test", () => {
  it("run every test once, but for those of nightly", () => {
    const projects = stages
      .filter(({ onlyNamed }) => onlyNamed !== true)
      .flatMap(({ args }) => args.flatMap((arg) => /^--project=(.*)/.exec(arg)?.[1] ?? []));
    expect(projects.toSorted()).toEqual(["contract", "e2e", "golden", "integration", "property", "unit"]);
  });

  it("start what was built, after it was built, wherever they start the command line", () => {
    const names = (...named: readonly string[]): readonly string[] => chosenStages(stages, named).map(({ name }) => name);
    for (const name of ["contract", "integration", "e2e", "nightly"]) {
      expect(stages.find((stage) => stage.name === name)?.env).toMatchObject({ VIRT_IPI_BUILT: "1" });
      expect(names(name)).toEqual(["build", name]);
    }
    expect(names()).not.toContain("nightly");
    expect(names("unit")).toEqual(["unit"]);
    expect(names("setup", "e2e", "integration")).toEqual(["setup", "build", "integration", "e2e"]);
  });

  it("begin with files that there are", () => {
    expect(LONGEST.filter((name) => !existsSync(join(ROOT, "test", `${name}.test.ts`)))).toEqual([]);
  });
});

describe("the nightly workflow", () => {
  it("runs what there is, and keeps what that leaves", async () => {
    const workflow = parse(await readFile(join(ROOT, ".github/workflows/nightly.yml"), "utf8")) as {
      jobs: { nightly: { steps: { run?: string; env?: Record<string, string>; with?: { path?: string } }[] } };
    };
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const { steps } = workflow.jobs.nightly;
    const called = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name));
    expect(called).toEqual(["test:nightly"]);
    // What only its tests need is brought before.
    expect(scripts["test:nightly"]).toBe("node tools/setup.ts --nightly && node tools/test.ts nightly");
    const nightly = stages.find(({ name }) => name === "nightly");
    expect(nightly?.args).toContain("--outputFile.junit=/artifacts/nightly.xml");
    const folder = steps.find(({ run = "" }) => run.includes("test:nightly"))?.env?.["VIRT_IPI_ARTIFACTS"];
    expect(folder).toBeDefined();
    expect(steps.find((step) => step.with?.path !== undefined)?.with?.path).toBe(folder);
  });
});

describe("a share of the cases of a test", () => {
  afterEach(() => void vi.resetModules());

  const read = async (env: Readonly<Record<string, string>>) => {
    vi.stubEnv("VIRT_IPI_TEST_ALL", env["VIRT_IPI_TEST_ALL"]);
    vi.resetModules();
    return await import("../../../helpers/share.ts");
  };
  const cases = Array.from({ length: 9 }, (_, index) => index);

  it("is one in four, other ones for each offset, and no case is in none", async () => {
    const { share, shareOf } = await read({});
    expect(share(10)).toBe(3);
    expect(shareOf(cases)).toEqual([0, 4, 8]);
    expect([0, 1, 2, 3].flatMap((offset) => shareOf(cases, offset)).toSorted((a, b) => a - b)).toEqual(cases);
  });

  it("is all of them in the nightly stage", async () => {
    const { share, shareOf } = await read(stages.find(({ name }) => name === "nightly")?.env ?? {});
    expect(share(10)).toBe(10);
    expect(shareOf(cases, 1, 2)).toEqual(cases);
  });
});
