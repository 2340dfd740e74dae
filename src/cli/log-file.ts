import { closeSync, constants, existsSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { InstallerEvent, Redactor, Reporter } from "../events/index.ts";
import { printableJson, SECRET_DIRECTORY_MODE, SECRET_FILE_MODE } from "../util/index.ts";

/** Never through a link, and without waiting for whoever might read from a pipe. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Writes every event, debug ones too, as a JSON line into the cluster folder's log: redacted, 0600. A log that cannot be written stops nothing. */
export class LogFile implements Reporter {
  readonly #redactor: Redactor;
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string, redactor: Redactor) {
    this.#path = path;
    this.#redactor = redactor;
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
      }
      writeSync(this.#file, `${printableJson(this.#redactor.redactValue({ time: new Date().toISOString(), ...entry }))}\n`);
    } catch {
      this.#file = undefined;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
