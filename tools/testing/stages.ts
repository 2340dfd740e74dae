import { join } from "node:path";

/** A step of `npm test`: a vitest run over some projects, or another of our tools, which counts only when it fails. */
export interface Stage {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the stage leaves vitest's JSON report. */
  readonly report?: string;
  readonly timeoutMs: number;
  /** Without it the stages that follow cannot run. */
  readonly essential?: boolean;
  /** Left out of a run of all stages. */
  readonly onlyNamed?: boolean;
  /** The stage before it without which it cannot run, also where only this one is named. */
  readonly needs?: string;
}

const MINUTE = 60_000;

/**
 * All stages, the quick ones first.
 * @param reports folder for the reports of vitest
 * @param artifacts folder for what a nightly run leaves for people: a JUnit report, and what its tests put there
 */
export function testStages(reports: string, artifacts: string): Stage[] {
  const vitest = (name: string, projects: readonly string[], minutes: number): Stage => {
    const report = join(reports, `${name}.json`);
    const args = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    return { name, args: [...args, ...projects.map((project) => `--project=${project}`)], report, timeoutMs: minutes * MINUTE };
  };
  // What users run is what was built, and it starts in half the time.
  const built = (stage: Stage): Stage => ({ ...stage, env: { ...stage.env, VIRT_IPI_BUILT: "1" }, needs: "build" });
  const nightly = built(vitest("nightly", ["nightly", "property", "contract", "integration"], 240));
  return [
    { name: "setup", args: ["tools/setup.ts"], timeoutMs: 40 * MINUTE, essential: true },
    { name: "check", args: ["tools/check.ts", "types", "lint", "format", "imports", "unused", "sources", "docs"], timeoutMs: 20 * MINUTE },
    vitest("unit", ["unit", "golden"], 20),
    vitest("property", ["property"], 30),
    { name: "build", args: ["tools/build.ts"], timeoutMs: 5 * MINUTE, essential: true },
    built(vitest("contract", ["contract"], 40)),
    built(vitest("integration", ["integration"], 60)),
    built(vitest("e2e", ["e2e"], 60)),
    // Too long for every run: only when it is named. Tests with many cases try all of them (test/helpers/share.ts).
    {
      ...nightly,
      args: [...nightly.args, "--reporter=junit", `--outputFile.junit=${join(artifacts, "nightly.xml")}`],
      env: { ...nightly.env, VIRT_IPI_TEST_ALL: "1", VIRT_IPI_ARTIFACTS: artifacts },
      onlyNamed: true,
    },
  ];
}

/** What a run of these stages has: those that are named with what they need, all but the nightly ones where none is. */
export function chosenStages(stages: readonly Stage[], names: readonly string[]): readonly Stage[] {
  const named = stages.filter(({ name }) => names.includes(name));
  const needed = new Set(named.flatMap(({ needs }) => needs ?? []));
  return names.length === 0
    ? stages.filter(({ onlyNamed }) => onlyNamed !== true)
    : stages.filter((one) => named.includes(one) || needed.has(one.name));
}
