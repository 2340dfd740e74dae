import pc from "picocolors";
import type { PhaseOutcome } from "../../events/index.ts";
import type { Level } from "../invocation.ts";
import { oneLine, printable, quotedLines } from "../../util/index.ts";
import { formatElapsed, formatEstimate, LEVELS, machineState, OUTCOME_MARKS, shortKind } from "./format.ts";
import type { EventReporter, ShownEvent } from "./shown-event.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 120;
const MOST_ROWS = 12;

export interface Terminal {
  write(text: string): void;
  readonly columns: number;
}

interface Row {
  readonly label: string;
  readonly since: number;
  reason: string;
}

/** The live tree of a terminal: past phases as lines, the running one with what it works on, why it waits and for how long. */
export class TreeReporter implements EventReporter {
  readonly #terminal: Terminal;
  readonly #result: (text: string) => void;
  readonly #level: Level;
  readonly #now: () => number;
  readonly #rows = new Map<string, Row>();
  #phase: { readonly title: string; readonly since: number } | undefined;
  #estimate = "";
  #drawn = 0;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, result: (text: string) => void, level: Level, now: () => number = () => Date.now()) {
    this.#terminal = terminal;
    this.#result = result;
    this.#level = level;
    this.#now = now;
  }

  emit(event: ShownEvent): void {
    switch (event.type) {
      case "phase-started":
        this.#rows.clear();
        this.#estimate = "";
        this.#phase = { title: oneLine(event.title), since: this.#now() };
        this.#timer ??= setInterval(() => this.draw(), FRAME_MS).unref();
        break;
      case "phase-ended":
        return this.#endPhase(event.outcome, event.durationMs, event.cause);
      case "waiting":
        this.#row(event.subject, oneLine(event.subject), event.elapsedMs).reason = oneLine(event.reason);
        break;
      case "machine-set":
        this.#row(`MachineSet ${event.name}`, oneLine(`MachineSet ${event.name}`), 0).reason = `${event.ready} of ${event.replicas} ready`;
        break;
      case "machine":
        if (event.phase === "Gone") this.#rows.delete(event.name);
        else this.#row(event.name, oneLine(event.name), event.ageSeconds * 1_000).reason = oneLine(machineState(event));
        break;
      case "estimate":
        this.#estimate = `    ${formatEstimate(event)}`;
        break;
      case "resource":
        if (event.status === "started") this.#row(event.name, oneLine(`${shortKind(event.kind)} ${event.name}`), 0);
        else this.#rows.delete(event.name);
        break;
      case "log":
        if (LEVELS[event.level] >= LEVELS[this.#level]) this.#above(logLine(event.level, event.message));
        break;
      case "result":
        this.close();
        return this.#result(printable(event.text));
    }
    this.draw();
  }

  /** Clears what is live, for good. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
    this.#phase = undefined;
  }

  draw(): void {
    this.#erase();
    if (this.#phase === undefined) return;
    const spinner = pc.cyan(SPINNER[this.#frame++ % SPINNER.length] ?? "");
    const rows = [...this.#rows.values()];
    const shown = rows.slice(-MOST_ROWS);
    const lines = [
      `${spinner} ${this.#phase.title} ${pc.dim(formatElapsed(this.#now() - this.#phase.since))}`,
      ...(this.#estimate === "" ? [] : [pc.dim(this.#estimate)]),
      ...(rows.length > shown.length ? [pc.dim(`    … and ${rows.length - shown.length} more`)] : []),
      ...shown.map(({ label, reason, since }) => `    ${label}${reason === "" ? "" : `: ${reason}`} ${pc.dim(formatElapsed(this.#now() - since))}`),
    ];
    this.#terminal.write(lines.map((line) => `${cut(line, this.#terminal.columns)}\n`).join(""));
    this.#drawn = lines.length;
  }

  #row(key: string, label: string, elapsedMs: number): Row {
    const row = this.#rows.get(key) ?? { label, since: this.#now() - elapsedMs, reason: "" };
    this.#rows.set(key, row);
    return row;
  }

  #endPhase(outcome: PhaseOutcome, durationMs: number, cause: string | undefined): void {
    const colour = { done: pc.green, skipped: pc.dim, failed: pc.red, interrupted: pc.yellow }[outcome];
    const because = cause === undefined ? "" : pc.dim(` (${oneLine(cause.split("\n")[0] ?? "")})`);
    this.#above(`${colour(OUTCOME_MARKS[outcome])} ${this.#phase?.title ?? ""} ${pc.dim(formatElapsed(durationMs))}${because}`);
    this.close();
  }

  /** A line that stays, over what is live. */
  #above(line: string): void {
    this.#erase();
    this.#terminal.write(`${line}\n`);
  }

  #erase(): void {
    if (this.#drawn > 0) this.#terminal.write(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}

function logLine(level: Level, text: string): string {
  const message = quotedLines(text);
  if (level === "warning") return `${pc.yellow("warning:")} ${message}`;
  return level === "error" ? `${pc.red("error:")} ${message}` : pc.dim(`  ${message}`);
}

/** To the terminal's width, colours not counted: a wrapped line would be erased wrongly. */
function cut(line: string, columns: number): string {
  let width = 0;
  let out = "";
  for (const [part] of line.matchAll(/\u001b\[[0-9;]*m|./gu)) {
    if (part.startsWith("\u001b")) out += part;
    else if (width < columns - 1) {
      out += part;
      width++;
    }
  }
  return out;
}
