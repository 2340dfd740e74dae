import { join } from "node:path";
import { InstallerError, messageOf } from "../../errors/index.ts";
import { loadCluster, type LoadedCluster, passphraseOf } from "../../stack/index.ts";
import { readTextIfExists, writeFileAtomic } from "../../util/index.ts";
import { warnOnce } from "../config-warnings.ts";
import type { World } from "../context.ts";
import { readPastRuns } from "../history/durations-file.ts";
import { runKindOf } from "../history/run-history.ts";
import { readJournal } from "../journal.ts";
import { type ComparedRun, timelinePage } from "./page.ts";
import { recordsOf, type Records, type RunRecord } from "./records.ts";

export interface WrittenTimeline {
  /** Path of the HTML file. */
  readonly page: string;
  /** What is not in it, and why. */
  readonly missing: readonly string[];
}

const MOST_RUNS = 20;
const MOST_CONSOLES = 40;
/** Of one console: the end shows what a machine does now, or why it does nothing. */
const CONSOLE_LINES = 60;

/**
 * Writes what the records of the folder say about its runs, as one HTML file of mode 0600: phases, machines, ends of consoles, and how long
 * earlier runs took. Needs no cluster: a folder whose cluster was destroyed still has the records.
 * @throws InstallerError CLUSTER_UNKNOWN where there are none
 */
export async function timeline(world: World): Promise<WrittenTimeline> {
  const { folder, clock, redactor, env } = world;
  const missing: string[] = [];
  redactor.add(await passphraseOf(folder, env));
  const cluster = await loadCluster({ folder, env, changed: true, onSecret: (secret) => redactor.add(secret), onWarning: warnOnce(world) }).catch(
    (error: unknown) => void missing.push(`consoles and earlier runs: ${messageOf(error)}`),
  );
  const records = await readRecords(world);
  if (records.runs.length === 0)
    throw new InstallerError("CLUSTER_UNKNOWN", `${folder.root} has no record of a run`, {
      value: folder.root,
      details: [`${folder.journal} is missing or empty`],
    });
  const consoles = cluster === undefined ? new Map<string, string>() : await consolesOf(world, cluster, records, missing);
  const now = clock.now();
  const stamp = now.toISOString().replaceAll(/[:.]/g, "").slice(0, 17);
  const name = cluster?.identity.infraID;
  const page = join(folder.root, `timeline-${name === undefined ? "" : `${name}-`}${stamp}.html`);
  await writeFileAtomic(page, await renderTimeline(world, cluster, records, consoles));
  return { page, missing: missing.map((each) => redactor.redact(each)) };
}

/** What the journal and the log of the folder show. */
export async function readRecords({ folder, redactor, reporter }: Pick<World, "folder" | "redactor" | "reporter">): Promise<Records> {
  const warn = (message: string): void => reporter.emit({ type: "log", level: "warning", message });
  const log = await readTextIfExists(folder.log).catch((error: unknown) => void warn(`there is less to see: ${messageOf(error)}`));
  // Once more: what was not known to be a secret when it was written may be known now.
  return recordsOf(redactor.redactValue(await readJournal(folder.journal, warn)), redactor.redact(log ?? ""));
}

/** The page, without secrets. @param consoles whole texts, by machine */
export async function renderTimeline(
  world: World,
  cluster: Pick<LoadedCluster, "spec" | "platform" | "metadata"> | undefined,
  { runs, machines }: Records,
  consoles: ReadonlyMap<string, string>,
): Promise<string> {
  const shown: ComparedRun[] = [];
  for (const run of runs.slice(-MOST_RUNS)) shown.push({ ...run, earlier: cluster === undefined ? new Map() : await earlierOf(run, cluster, world) });
  const { redactor, clock, folder } = world;
  // A secret that the cut would halve is found before it, one that a terminal's commands divide after it.
  const ends = [...consoles].slice(0, MOST_CONSOLES).map(([machine, text]) => [machine, redactor.redact(endOf(redactor.redact(text)))] as const);
  return redactor.redact(
    timelinePage({ cluster: cluster?.spec.name ?? folder.root, writtenAt: clock.now(), runs: shown, machines, consoles: new Map(ends) }),
  );
}

/** Durations by phase of the runs of the kind that ended before this one began. */
async function earlierOf(
  { command, startMs }: RunRecord,
  cluster: Pick<LoadedCluster, "spec" | "platform" | "metadata">,
  world: World,
): Promise<ComparedRun["earlier"]> {
  const durations = new Map<string, readonly number[]>();
  if (command.startsWith("destroy")) return durations;
  const kind = await runKindOf(cluster, command, world).catch(() => undefined);
  world.signal.throwIfAborted();
  const past = kind === undefined ? [] : await readPastRuns(world.env, kind);
  for (const { phases } of past.filter(({ endedAt }) => Date.parse(endedAt) < startMs))
    for (const { phase, durationMs } of phases) durations.set(phase, [...(durations.get(phase) ?? []), durationMs]);
  return durations;
}

async function consolesOf(
  world: World,
  { platform, metadata, machines, identity }: LoadedCluster,
  records: Records,
  missing: string[],
): Promise<ReadonlyMap<string, string>> {
  const consoles = new Map<string, string>();
  const own = records.machines.map(({ name }) => name).filter((name) => name.startsWith(`${identity.infraID}-`) && /^[a-z0-9-]+$/.test(name));
  for (const machine of new Set([...machines.map(({ name }) => name), ...own])) {
    if (platform.consoleOf === undefined || consoles.size >= MOST_CONSOLES) break;
    try {
      const text = await platform.consoleOf(machine, metadata, world);
      if (text !== undefined) consoles.set(machine, text);
    } catch (error) {
      world.signal.throwIfAborted();
      missing.push(`console of ${machine}: ${messageOf(error)}`);
    }
  }
  return consoles;
}

/** The last lines as a person reads them: without what only a terminal understands. */
export function endOf(text: string): string {
  const lines = text
    // Source: ECMA-48, control sequences (CSI) and control strings (OSC)
    .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)|\u001b./g, "")
    .replaceAll(/\r+\n/g, "\n")
    .trimEnd()
    .split("\n");
  return lines
    .slice(-CONSOLE_LINES)
    .map((line) => line.split("\r").at(-1) ?? "")
    .join("\n");
}
