import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { LongestFirst } from "./tools/testing/longest-first.ts";

const MINUTE = 60_000;

/** They end what hangs, and are no measure of what is quick: on a busy host of few processors all takes ten times as long. */
interface Limits {
  readonly testTimeout: number;
  readonly hookTimeout?: number;
  /** Files of a project that boots guests run one after the other: each takes all processors. */
  readonly serial?: boolean;
  /** Files that change nothing outside of themselves run in the same process: loading the modules for each again is half of their time. */
  readonly shared?: boolean;
}

/** One project a kind of test, so that each has its own limits and can be run alone: `npx vitest run --project unit`. */
function project(name: string, limits: Limits): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      environment: "node",
      // What tests take is no measure for the installations of whoever runs them.
      env: { XDG_STATE_HOME: join(tmpdir(), "virt-ipi-test-state") },
      testTimeout: limits.testTimeout,
      hookTimeout: limits.hookTimeout ?? limits.testTimeout,
      fileParallelism: limits.serial !== true,
      isolate: limits.shared !== true,
      // Serial and parallel projects cannot share a pool, and the quick ones shall speak first.
      sequence: { groupOrder: limits.serial === true ? 1 : 0 },
      // Tests that a file lets run beside each other wait for daemons, most of the time.
      maxConcurrency: 60,
      restoreMocks: true,
      unstubEnvs: true,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      project("unit", { testTimeout: 2 * MINUTE, shared: true }),
      project("golden", { testTimeout: 2 * MINUTE, shared: true }),
      project("property", { testTimeout: 10 * MINUTE }),
      project("contract", { testTimeout: 10 * MINUTE }),
      project("integration", { testTimeout: 15 * MINUTE }),
      project("e2e", { testTimeout: 30 * MINUTE, serial: true }),
      project("nightly", { testTimeout: 120 * MINUTE, serial: true }),
    ],
    // One less is the default, and would be one on a machine of two: most tests wait for daemons.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    // A project that lost its files must not pass.
    passWithNoTests: false,
  },
});
