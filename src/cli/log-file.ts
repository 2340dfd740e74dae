import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { InstallerEvent, Redactor, Reporter } from "../events/index.ts";
import { messageOf } from "../errors/index.ts";
import { APPEND, printableJson, SECRET_DIRECTORY_MODE, SECRET_FILE_MODE, unwritable } from "../util/index.ts";

/** A service writes for years: what is older than this much is kept once, as `<path>.1`, and then dropped. */
const LARGEST = 64 * 2 ** 20;

/** Writes every event, debug ones too, as a JSON line into the cluster folder's log: redacted, 0600. A log that cannot be written stops nothing, and is reported once. */
export class LogFile implements Reporter {
  readonly #redactor: Redactor;
  readonly #path: string;
  #file: number | undefined;
  readonly #warn: (message: string) => void;
  #warned = false;

  readonly #largest: number;

  /** @param largest bytes of the file; one that has more begins again */
  constructor(path: string, redactor: Redactor, warn: (message: string) => void, largest = LARGEST) {
    this.#path = path;
    this.#largest = largest;
    this.#redactor = redactor;
    this.#warn = warn;
  }

  emit(event: InstallerEvent): void {
    this.write(event);
  }

  write(entry: object): void {
    try {
      if (this.#file === undefined) {
        // Not recursive: a folder that the user mistyped is not made for a log.
        if (!existsSync(dirname(this.#path))) mkdirSync(dirname(this.#path), { mode: SECRET_DIRECTORY_MODE });
        this.#file = openSync(this.#path, APPEND, SECRET_FILE_MODE);
        if (!fstatSync(this.#file).isFile()) throw new Error("it is a pipe or a device");
      }
      writeSync(this.#file, `${printableJson(this.#redactor.redactValue({ time: new Date().toISOString(), ...entry }))}\n`);
      if (fstatSync(this.#file).size >= this.#largest) {
        this.close();
        renameSync(this.#path, `${this.#path}.1`);
      }
    } catch (error) {
      this.close();
      // Where there is no folder the command itself says so.
      if (this.#warned || (error as NodeJS.ErrnoException).code === "ENOENT") return;
      this.#warned = true;
      this.#warn(`there is no log of this run: ${messageOf(unwritable(this.#path, error))}`);
    }
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      if (file !== undefined) closeSync(file);
    } catch {
      // What could not be written was reported.
    }
  }
}
