import { printableJson } from "../../util/index.ts";
import type { Level } from "../invocation.ts";
import { LEVELS } from "./format.ts";
import type { EventReporter, ShownEvent } from "./shown-event.ts";

/** Each event as a JSON line with its time; the result is the last one. */
export class JsonReporter implements EventReporter {
  readonly #write: (line: string) => void;
  readonly #level: Level;
  readonly #now: () => Date;

  constructor(write: (line: string) => void, level: Level, now: () => Date = () => new Date()) {
    this.#write = write;
    this.#level = level;
    this.#now = now;
  }

  emit(event: ShownEvent): void {
    if (event.type === "log" && LEVELS[event.level] < LEVELS[this.#level]) return;
    this.#write(
      printableJson(
        event.type === "result" ? { time: this.#now().toISOString(), type: "result", ...event.data } : { time: this.#now().toISOString(), ...event },
      ),
    );
  }
}
