import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { InstallerError, isInstallerError, messageOf } from "../src/errors/index.ts";
import { run } from "../src/exec/index.ts";
import { readTextIfExists } from "../src/util/index.ts";
import { cacheFolder, ROOT } from "../setup/paths.ts";
import { countReport, failures, NONE, sum, summaryLine, type Counts } from "./testing/counts.ts";
import { chosenStages, testStages, type Stage } from "./testing/stages.ts";

/**
 * `npm test [-- STAGE…]`: set-up, checks and every suite, one after the other. A stage that fails does not stop the others,
 * unless they need it; a stage brings what it needs. The last line sums up: `N passed, N failed`.
 */

const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

interface Outcome {
  readonly counts: Counts;
  readonly verdict: string;
  readonly failed: readonly string[];
}

async function runStage(stage: Stage, signal: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  process.stdout.write(`\n=== ${stage.name}\n`);
  const exitCode = await exitCodeOf(stage, signal);
  const report = stage.report === undefined ? undefined : await readTextIfExists(stage.report);
  const counts = stage.report === undefined ? { ...NONE, failed: exitCode === 0 ? 0 : 1 } : countReport(report, exitCode);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = `${stage.name}: ${counts.failed === 0 ? "ok" : "FAILED"} in ${seconds} s`;
  process.stdout.write(`=== ${verdict}\n`);
  return { counts, verdict, failed: failures(report).map((line) => line.replace(`${ROOT}/`, "")) };
}

/** The code with which the stage ended; 1 if it did not end in time. */
async function exitCodeOf(stage: Stage, signal: AbortSignal): Promise<number> {
  try {
    const { exitCode } = await run(process.execPath, stage.args, {
      cwd: ROOT,
      env: { PATH: [join(cacheFolder(), "bin"), process.env["PATH"] ?? ""].join(delimiter), ...stage.env },
      accept: ANY_CODE,
      timeoutMs: stage.timeoutMs,
      signal,
      onLine: (line, stream) => process[stream].write(`${line}\n`),
    });
    return exitCode;
  } catch (error) {
    if (!isInstallerError(error)) throw error;
    process.stdout.write(`${stage.name}: ${messageOf(error)}\n`);
    return 1;
  }
}

async function main(names: readonly string[], signal: AbortSignal): Promise<number> {
  const reports = await mkdtemp(join(tmpdir(), "virt-ipi-test-"));
  try {
    const stages = testStages(reports, resolve(process.env["VIRT_IPI_ARTIFACTS"] ?? join(ROOT, "artifacts")));
    const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
    if (unknown.length > 0)
      throw new InstallerError("USAGE", `there is no stage ${unknown.join(", ")}`, {
        details: [`the stages are: ${stages.map(({ name }) => name).join(", ")}`],
      });
    const all: Counts[] = [];
    const verdicts: string[] = [];
    const allFailed: string[] = [];
    for (const stage of chosenStages(stages, names)) {
      const { counts, verdict, failed } = await runStage(stage, signal);
      all.push(counts);
      allFailed.push(...failed);
      verdicts.push(verdict);
      if (signal.aborted || (stage.essential === true && counts.failed > 0)) break;
    }
    const total = sum(all);
    // Whoever sees only the end of a long output finds here which test it was.
    process.stdout.write(`\n${[...allFailed.map((line) => `failed: ${line}`), ...verdicts, summaryLine(total)].join("\n")}\n`);
    // A run of only some stages may have no tests in them; a complete one must.
    return total.failed > 0 || (names.length === 0 && total.passed === 0) ? 1 : 0;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(name, () => {
    interrupt.abort(new InstallerError("INTERRUPTED", `stopped by ${name}`));
  });

try {
  process.exitCode = await main(process.argv.slice(2), interrupt.signal);
} catch (error) {
  if (!isInstallerError(error)) throw error;
  process.stderr.write([`error: ${error.message}`, ...error.details, ""].join("\n"));
  process.exitCode = error.exitCode;
}
