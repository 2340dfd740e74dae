import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { PhaseOutcome } from "../events/index.ts";
import { messageOf } from "../errors/index.ts";
import { isRecord, openForLines, printableJson, readTextIfExists, SECRET_DIRECTORY_MODE, unwritable } from "../util/index.ts";

/** One line of `.virt-ipi/journal.jsonl`: a phase's start, or its end with how it went. Holds no secret. */
export interface JournalEntry {
  /** ISO 8601 */
  readonly time: string;
  /** `create cluster`, `destroy cluster`… */
  readonly command: string;
  readonly phase: string;
  readonly event: "start" | "end";
  readonly outcome?: PhaseOutcome;
  readonly durationMs?: number;
  /** Of the error or the skip; one line, redacted. */
  readonly cause?: string;
  readonly errorId?: string;
  readonly version: string;
}

/** Appends a line and has it on the disk before it returns: a killed run's last line shows where it was. */
export async function appendJournal(path: string, entry: JournalEntry): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: SECRET_DIRECTORY_MODE });
    const file = await openForLines(path);
    try {
      await file.appendFile(`${printableJson(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** All entries; a last line that a kill cut short is left out. @param warn called for what else could not be read */
export async function readJournal(path: string, warn: (message: string) => void): Promise<readonly JournalEntry[]> {
  let text;
  try {
    text = (await readTextIfExists(path)) ?? "";
  } catch (error) {
    warn(`${messageOf(error)}; which phases ran is not known`);
    return [];
  }
  const lines = text.split("\n");
  const last = lines.pop();
  const entries = lines.map(entryOf);
  const damaged = entries.filter((entry) => entry === undefined).length;
  if (damaged > 0) warn(`${damaged} of ${lines.length} lines of ${path} cannot be read, and are left out`);
  return [...entries, last === undefined ? undefined : entryOf(last)].filter((entry) => entry !== undefined);
}

function entryOf(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (value: unknown): value is JournalEntry =>
  isRecord(value) &&
  ["time", "command", "phase"].every((key) => typeof value[key] === "string") &&
  ["start", "end"].includes(String(value["event"])) &&
  ["outcome", "cause"].every((key) => ["string", "undefined"].includes(typeof value[key])) &&
  ["number", "undefined"].includes(typeof value["durationMs"]);

/** How each phase stands: the last entry of each; `running` without an end means that the run was killed, unless it still goes on. */
export function phaseStates(entries: readonly JournalEntry[]): ReadonlyMap<string, JournalEntry> {
  return new Map(entries.map((entry) => [entry.phase, entry]));
}
