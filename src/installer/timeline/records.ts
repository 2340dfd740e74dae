import type { PhaseOutcome } from "../../events/index.ts";
import { isRecord } from "../../util/index.ts";
import type { JournalEntry } from "../journal.ts";
import { machineCallOf } from "../machine-calls.ts";

/** One piece of work with its times, in milliseconds of the epoch. */
export interface Bar {
  readonly name: string;
  /** `Machine`, `Network`… */
  readonly kind: string;
  readonly operation: string;
  readonly startMs: number;
  /** Undefined: it never came to its end. */
  readonly endMs: number | undefined;
  readonly failed: boolean;
}

export interface PhaseRecord {
  readonly phase: string;
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number | undefined;
  /** Undefined for one that a kill cut short, or that goes on. */
  readonly outcome: PhaseOutcome | undefined;
  readonly cause: string | undefined;
}

/** One run of a command that has phases. */
export interface RunRecord {
  readonly command: string;
  readonly version: string;
  readonly startMs: number;
  /** Of what was written last. */
  readonly endMs: number;
  readonly phases: readonly PhaseRecord[];
  readonly resources: readonly Bar[];
  readonly warnings: readonly { readonly atMs: number; readonly message: string }[];
}

/** All that a cluster folder shows of the past. */
export interface Records {
  readonly runs: readonly RunRecord[];
  /** Machines that the cluster created and removed itself, whoever ran. */
  readonly machines: readonly Bar[];
}

type LogEntry = Readonly<Record<string, unknown>> & { readonly atMs: number };

/** @param log text of the cluster folder's log; lines of it that cannot be read are left out */
export function recordsOf(journal: readonly JournalEntry[], log: string): Records {
  const entries = log.split("\n").flatMap((line) => entryOf(line) ?? []);
  const titles = new Map(entries.flatMap(({ type, phase, title }) => (type === "phase-started" ? [[String(phase), String(title)] as const] : [])));
  const groups = runsIn(journal.filter(({ time }) => !Number.isNaN(Date.parse(time))));
  const starts = groups.map(([first]) => Date.parse(first?.time ?? ""));
  return {
    runs: groups.map((group, index) => {
      const [startMs = 0, nextMs = Number.POSITIVE_INFINITY] = [starts[index], starts[index + 1]];
      return runRecord(
        group,
        titles,
        entries.filter(({ atMs }) => atMs >= startMs && atMs < nextMs),
      );
    }),
    machines: entries.flatMap(({ type, message, atMs }) => {
      const call = type === "log" ? machineCallOf(String(message)) : undefined;
      if (call === undefined) return [];
      const { machine: name, operation, milliseconds } = call;
      return [{ name: name.split("/").at(-1) ?? name, kind: "Machine", operation, startMs: atMs - milliseconds, endMs: atMs, failed: false }];
    }),
  };
}

/** The entries of each run: another command, or a phase that begins once more, is another run. */
function runsIn(journal: readonly JournalEntry[]): readonly (readonly JournalEntry[])[] {
  const runs: JournalEntry[][] = [];
  for (const entry of journal) {
    const last = runs.at(-1);
    const begun = last?.some(({ phase, event }) => event === "start" && phase === entry.phase) === true;
    if (last === undefined || last[0]?.command !== entry.command || (entry.event === "start" && begun)) runs.push([entry]);
    else last.push(entry);
  }
  return runs;
}

function runRecord(group: readonly JournalEntry[], titles: ReadonlyMap<string, string>, entries: readonly LogEntry[]): RunRecord {
  const [first] = group;
  const ended = new Map(group.filter(({ event }) => event === "end").map((entry) => [entry.phase, entry]));
  const phases = group.flatMap(({ event, phase, time }) => {
    if (event !== "start") return [];
    const end = ended.get(phase);
    return [
      {
        phase,
        title: titles.get(phase) ?? phase,
        startMs: Date.parse(time),
        endMs: end === undefined ? undefined : Date.parse(end.time),
        outcome: end?.outcome,
        cause: end?.cause,
      },
    ];
  });
  const last = Math.max(...group.map(({ time }) => Date.parse(time)));
  // What comes after the last phase is of commands that have none.
  const goesOn = phases.at(-1)?.endMs === undefined;
  const mine = goesOn ? entries : entries.filter(({ atMs }) => atMs <= last);
  return {
    command: first?.command ?? "",
    version: first?.version ?? "",
    startMs: Date.parse(first?.time ?? ""),
    endMs: Math.max(last, ...mine.slice(-1).map(({ atMs }) => atMs)),
    phases,
    resources: barsOf(mine),
    warnings: mine.flatMap(({ type, level, message, atMs }) =>
      type === "log" && (level === "warning" || level === "error") ? [{ atMs, message: String(message) }] : [],
    ),
  };
}

function barsOf(entries: readonly LogEntry[]): readonly Bar[] {
  const bars: { -readonly [Key in keyof Bar]: Bar[Key] }[] = [];
  const open = new Map<string, (typeof bars)[number]>();
  for (const { type, urn, operation, name, kind, status, atMs } of entries) {
    if (type !== "resource") continue;
    const key = `${String(operation)} ${String(urn)}`;
    let bar = open.get(key);
    if (bar === undefined) {
      bar = {
        name: String(name),
        kind: String(kind).split(":").at(-1) ?? "",
        operation: String(operation),
        startMs: atMs,
        endMs: undefined,
        failed: false,
      };
      bars.push(bar);
    }
    if (status === "started") open.set(key, bar);
    else {
      open.delete(key);
      bar.endMs = atMs;
      bar.failed = status === "failed";
    }
  }
  return bars;
}

function entryOf(line: string): LogEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const atMs = isRecord(value) ? Date.parse(String(value["time"])) : Number.NaN;
    return isRecord(value) && !Number.isNaN(atMs) ? { ...value, atMs } : undefined;
  } catch {
    return undefined;
  }
}
