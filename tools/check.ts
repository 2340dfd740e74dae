import { execa } from "execa";
import pLimit from "p-limit";

/**
 * `npm run check [-- STAGE…]`: everything that must hold before a commit. All stages run, whatever fails, so that one
 * run shows all there is to fix. `npm run fix` fixes what a machine can.
 */

interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** A gate that looked at nothing must not pass: what its output has to show. */
  readonly mustShow?: RegExp;
  /** What to do when it fails. */
  readonly fix: string;
}

const STAGES: readonly Stage[] = [
  { name: "types", command: ["tsc", "--project", "."], fix: "correct the types" },
  { name: "lint", command: ["eslint", "--max-warnings", "0", "."], fix: "npm run fix, then by hand" },
  { name: "format", command: ["oxfmt", "--check", "."], mustShow: /on [1-9]\d* files/, fix: "npm run fix" },
  {
    name: "imports",
    command: ["depcruise", "--config", ".dependency-cruiser.mjs", "--output-type", "err-long", "src", "plugins", "setup", "tools", "bench"],
    // With a TypeScript that it does not know, dependency-cruiser reads nothing and is content.
    mustShow: /\b(?:[2-9]\d|\d{3,}) modules/,
    fix: "the comment of each rule in .dependency-cruiser.mjs says what belongs where",
  },
  { name: "unused", command: ["knip"], fix: "delete what nothing uses, or name a new entry point in knip.json" },
  { name: "sources", command: ["node", "tools/source-rules.ts"], mustShow: /^[1-9]\d* files read/m, fix: "split the file, or move the code" },
  { name: "docs", command: ["node", "tools/generate-reference.ts", "--check"], fix: "npm run fix" },
  {
    name: "tests",
    command: ["vitest", "run", "--project", "unit", "--project", "golden"],
    fix: "npm run test:golden -- -u, if the new output is meant",
  },
];

interface Outcome {
  readonly stage: Stage;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

async function runStage(stage: Stage): Promise<Outcome> {
  const start = performance.now();
  const [file, ...args] = stage.command;
  const result = await execa(file, args, {
    preferLocal: true,
    reject: false,
    all: true,
    stdin: "ignore",
    env: process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  const said = result.all ?? "";
  const blind = stage.mustShow !== undefined && result.exitCode === 0 && !stage.mustShow.test(said);
  const output = said === "" && result.failed ? (result.shortMessage ?? "") : said;
  const outcome: Outcome = {
    stage,
    ok: result.exitCode === 0 && !blind,
    output: blind ? `${output}\n${stage.name} passed without having looked at anything` : output,
    seconds: (performance.now() - start) / 1000,
  };
  console.log(`${outcome.ok ? "ok    " : "FAILED"} ${stage.name.padEnd(8)} ${outcome.seconds.toFixed(1).padStart(6)} s`);
  return outcome;
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(`no stage ${unknown.join(", ")}; there are: ${STAGES.map((stage) => stage.name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const limit = pLimit(2);
  const chosen = STAGES.filter((stage) => names.length === 0 || names.includes(stage.name));
  const failed = (await Promise.all(chosen.map((stage) => limit(() => runStage(stage))))).filter((outcome) => !outcome.ok);
  for (const { stage, output } of failed)
    console.log(`\n--- ${stage.name}: ${stage.command.join(" ")}\n${output.trim()}\n--- to fix ${stage.name}: ${stage.fix}`);
  console.log(`\n${chosen.length - failed.length} stages passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main(process.argv.slice(2));
