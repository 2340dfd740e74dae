import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { PhaseOutcome } from "../events/index.ts";
import { InstallerError } from "../errors/index.ts";
import { printableJson, SECRET_DIRECTORY_MODE, SECRET_FILE_MODE } from "../util/index.ts";

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

/** Appends a line and has it on the disk before it returns: a killed run's last line tells where it was. */
export async function appendJournal(path: string, entry: JournalEntry): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: SECRET_DIRECTORY_MODE });
    const file = await open(path, "a", SECRET_FILE_MODE);
    try {
      await file.appendFile(`${printableJson(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new InstallerError("FILE_UNWRITABLE", `cannot write ${path}`, { value: path, cause: error });
  }
}

/** All entries; a last line that a kill cut short is left out. */
export async function readJournal(path: string): Promise<readonly JournalEntry[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as JournalEntry];
    } catch {
      return [];
    }
  });
}

/** How each phase stands: the last entry of each; `running` without an end means that the run was killed, unless it still goes on. */
export function phaseStates(entries: readonly JournalEntry[]): ReadonlyMap<string, JournalEntry> {
  return new Map(entries.map((entry) => [entry.phase, entry]));
}
