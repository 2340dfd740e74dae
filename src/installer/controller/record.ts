import type { InstallerEvent, Reporter } from "../../events/index.ts";
import { statOf } from "../../util/index.ts";
import type { World } from "../context.ts";
import type { ControllerRecord, RuntimeFolder } from "./runtime-folder.ts";

const KEPT = 10;

/** A reporter that also keeps the last warnings where `machine-controller status` finds them. */
export class RecordingReporter implements Reporter {
  readonly #world: Pick<World, "reporter" | "redactor" | "clock">;
  readonly #folder: Pick<RuntimeFolder, "write">;
  #record: ControllerRecord;
  #written: Promise<void>;

  private constructor(world: Pick<World, "reporter" | "redactor" | "clock">, folder: Pick<RuntimeFolder, "write">, record: ControllerRecord) {
    this.#world = world;
    this.#folder = folder;
    this.#record = record;
    this.#written = folder.write(record);
  }

  /** @throws InstallerError FILE_UNWRITABLE */
  static async open(
    world: Pick<World, "reporter" | "redactor" | "clock" | "version">,
    folder: Pick<RuntimeFolder, "write">,
  ): Promise<RecordingReporter> {
    const { pid } = process;
    const startTime = (await statOf(pid))?.startTime ?? "";
    const record = { pid, startTime, since: world.clock.now().toISOString(), version: world.version, errors: [] };
    const reporter = new RecordingReporter(world, folder, record);
    await reporter.written();
    return reporter;
  }

  /** Ends when all of it is written. */
  async written(): Promise<void> {
    await this.#written;
  }

  emit(event: InstallerEvent): void {
    this.#world.reporter.emit(event);
    if (event.type !== "log" || (event.level !== "warning" && event.level !== "error")) return;
    const error = { time: this.#world.clock.now().toISOString(), message: this.#world.redactor.redact(event.message) };
    this.#record = { ...this.#record, errors: [...this.#record.errors, error].slice(-KEPT) };
    const record = this.#record;
    // A record that cannot be written stops nothing.
    this.#written = this.#written.then(() => this.#folder.write(record)).catch(() => undefined);
  }
}
