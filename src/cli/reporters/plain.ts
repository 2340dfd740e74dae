import type { InstallerEvent } from "../../events/index.ts";
import type { Level } from "../invocation.ts";
import { oneLine, printable, quotedLines } from "../../util/index.ts";
import { ageOf, formatElapsed, formatEstimate, LEVELS, machineState, shortKind, VERBS } from "./format.ts";
import type { EventReporter, ShownEvent } from "./shown-event.ts";

/** One line an event: for pipes, CI and log files. Progress goes to `progress`, results to `result`. */
export class PlainReporter implements EventReporter {
  readonly #progress: (line: string) => void;
  readonly #result: (text: string) => void;
  readonly #level: Level;
  #estimate: string | undefined;

  constructor(progress: (line: string) => void, result: (text: string) => void, level: Level) {
    this.#progress = progress;
    this.#result = result;
    this.#level = level;
  }

  emit(event: ShownEvent): void {
    if (event.type === "result") return this.#result(printable(event.text));
    const line = plainLine(event);
    // The same again says nothing new.
    if (event.type === "estimate" && line === this.#estimate) return;
    if (event.type === "estimate" || event.type === "phase-started") this.#estimate = event.type === "estimate" ? line : undefined;
    const level = event.type === "log" ? event.level : "info";
    if (line !== undefined && LEVELS[level] >= LEVELS[this.#level]) this.#progress(line);
  }
}

/** One line, but for a log message of several. Undefined for what is not shown in lines. */
export function plainLine(event: InstallerEvent): string | undefined {
  if (event.type === "log") {
    const message = quotedLines(event.message);
    return event.level === "info" || event.level === "debug" ? `    ${message}` : `${event.level}: ${message}`;
  }
  const line = lineOf(event);
  return line === undefined ? undefined : oneLine(line);
}

function lineOf(event: Exclude<InstallerEvent, { type: "log" }>): string | undefined {
  switch (event.type) {
    case "phase-started":
      return `==> ${event.phase}: ${event.title}`;
    case "phase-ended":
      return `<== ${event.phase}: ${event.outcome} after ${formatElapsed(event.durationMs)}${event.cause === undefined ? "" : ` (${event.cause.split("\n")[0]})`}`;
    case "waiting":
      return `    ${event.subject}: ${event.reason} (${formatElapsed(event.elapsedMs)})`;
    case "machine-set":
      return `    MachineSet ${event.name}: ${event.ready} of ${event.replicas} ready`;
    case "machine":
      return `    ${event.name}: ${machineState(event)} (${ageOf(event.ageSeconds)})`;
    case "estimate":
      return `    ${formatEstimate(event)}`;
    case "resource":
      if (event.status === "started") return undefined;
      return event.status === "failed"
        ? `    ${shortKind(event.kind)} ${event.name}: failed to ${event.operation}`
        : `    ${shortKind(event.kind)} ${event.name}: ${VERBS[event.operation] ?? event.operation}`;
  }
}
