import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  openForLines,
  printableJson,
  readTextIfExists,
  SECRET_DIRECTORY_MODE,
  stateFolder,
  writeFileAtomic,
  type Environment,
} from "../../util/index.ts";
import { pastRunOf, type PastRun, type RunKind, sameKind } from "./past-run.ts";

/** Of one kind of run. */
const MOST_RUNS = 20;
const MOST_KINDS = 16;
/** Above this many bytes the file is written again without what is too old. */
const LARGE = 256 * 1024;
/** Above this it is no file of durations. */
const LARGEST = 4 * LARGE;

export const durationsFile = (env: Environment): string => join(stateFolder(env), "durations.jsonl");

/** The earlier runs of one kind on this host, the newest last. A file that cannot be read, or lines of it, are none: nothing depends on it. */
export async function readPastRuns(env: Environment, kind: RunKind): Promise<readonly PastRun[]> {
  return (await readAll(durationsFile(env))).filter((run) => sameKind(run.kind, kind)).slice(-MOST_RUNS);
}

/**
 * Adds a run. It is one line, so runs that end together do not disturb each other. What cannot be written is left out: an installation does
 * not fail for its own statistics.
 */
export async function addPastRun(env: Environment, run: PastRun): Promise<void> {
  const path = durationsFile(env);
  try {
    await mkdir(dirname(path), { recursive: true, mode: SECRET_DIRECTORY_MODE });
    const file = await openForLines(path);
    let size;
    try {
      await file.appendFile(`${printableJson(run)}\n`);
      ({ size } = await file.stat());
    } finally {
      await file.close();
    }
    if (size > LARGE) await writeFileAtomic(path, linesOf(newestRuns(await readAll(path, Number.POSITIVE_INFINITY))));
  } catch {
    // A full disk, somebody else's folder: the next run knows one run less.
  }
}

/** The newest of each kind, of the kinds that were met last; in their order. */
export function newestRuns(runs: readonly PastRun[]): readonly PastRun[] {
  const kept: PastRun[] = [];
  const kinds: { readonly kind: RunKind; count: number }[] = [];
  for (const run of runs.toReversed()) {
    let entry = kinds.find(({ kind }) => sameKind(kind, run.kind));
    if (entry === undefined) kinds.push((entry = { kind: run.kind, count: 0 }));
    if (kinds.indexOf(entry) < MOST_KINDS && entry.count++ < MOST_RUNS) kept.push(run);
  }
  return kept.toReversed();
}

const linesOf = (runs: readonly PastRun[]): string => runs.map((run) => `${printableJson(run)}\n`).join("");

async function readAll(path: string, largest = LARGEST): Promise<readonly PastRun[]> {
  const text = await readTextIfExists(path, { largest }).catch(() => undefined);
  return (text ?? "").split("\n").flatMap((line) => parse(line) ?? []);
}

function parse(line: string): PastRun | undefined {
  try {
    return pastRunOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}
