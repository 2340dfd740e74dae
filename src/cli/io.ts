import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { InstallerError } from "../errors/index.ts";
import type { InstallerEvent, Redactor, Reporter } from "../events/index.ts";
import { errorText, reportOf, type ErrorReport } from "./render/error.ts";
import { printable, printableJson, type Environment } from "../util/index.ts";
import type { GlobalOptions, Level, Output } from "./invocation.ts";
import { LogFile } from "./log-file.ts";
import { JsonReporter } from "./reporters/json.ts";
import { PlainReporter } from "./reporters/plain.ts";
import type { EventReporter, ShownEvent } from "./reporters/shown-event.ts";
import { TreeReporter } from "./reporters/tree.ts";

const FILES = { stdout: 1, stderr: 2 } as const;
type Stream = keyof typeof FILES;

/** All that goes out of the process: to the terminal, to pipes and to the log; everything through the redactor. */
export class Io {
  readonly #redactor: Redactor;
  readonly #output: Output;
  readonly #env: Environment;
  #reporter: EventReporter | undefined;
  #tree: TreeReporter | undefined;
  #log: LogFile | undefined;
  /** The first failure of each stream. */
  readonly #lost = new Map<Stream, Error>();
  readonly #isTerminal = { stdout: isatty(FILES.stdout), stderr: isatty(FILES.stderr) };

  constructor(argv: readonly string[], redactor: Redactor, env: Environment) {
    this.#redactor = redactor;
    this.#env = env;
    // Errors of the command line itself have to know it before it is parsed.
    this.#output = argv.includes("--output=json") || (argv[argv.indexOf("--output") + 1] === "json" && argv.includes("--output")) ? "json" : "text";
  }

  /** The reporter of a command. */
  open(options: GlobalOptions): Reporter {
    const level: Level = options.logLevel ?? "info";
    const out = (line: string): void => this.#write(1, `${line}\n`);
    if (this.#output === "json") this.#reporter = new JsonReporter(out, level);
    else if (process.stderr.isTTY && this.#env["TERM"] !== "dumb" && this.#env["CI"] === undefined) {
      const terminal = {
        write: (text: string): void => this.#write(2, text),
        get columns() {
          return process.stderr.columns ?? 80;
        },
      };
      this.#reporter = this.#tree = new TreeReporter(terminal, out, level);
    } else this.#reporter = new PlainReporter((line) => this.#write(2, `${line}\n`), out, level);
    return { emit: (event: InstallerEvent) => this.#emit(event) };
  }

  /** From now on all events go into this file too. */
  logTo(path: string): void {
    this.#log ??= new LogFile(path, this.#redactor, (message) => this.#reporter?.emit({ type: "log", level: "warning", message }));
  }

  /** Text, with nothing hidden in it that a terminal would act on. */
  print(text: string): void {
    this.#tree?.close();
    const shown = printable(text);
    this.#write(1, shown.endsWith("\n") ? shown : `${shown}\n`);
  }

  notice(text: string): void {
    if (this.#output === "json") this.#write(2, `${printable(text)}\n`);
    else this.#reporter?.emit({ type: "log", level: "warning", message: text });
    this.#log?.write({ type: "log", level: "warning", message: text });
  }

  error(report: ErrorReport, text: string, error: unknown): void {
    this.#tree?.close();
    if (this.#output === "json") this.#write(1, `${printableJson({ time: new Date().toISOString(), ...report })}\n`);
    else this.#write(2, `${text}\n`);
    this.#log?.write({ ...report, ...(report.id === "INTERNAL" && error instanceof Error ? { stack: error.stack } : {}) });
  }

  result(event: ShownEvent & { readonly type: "result" }): void {
    this.#emit(event);
  }

  /** Text as it is. */
  write(text: string, stream: Stream): void {
    this.#write(FILES[stream], text);
  }

  /** Says on standard error, if that can be written, that output is lost: whoever reads it must not take a part for the whole. @returns whether it is */
  reportLostOutput(): boolean {
    for (const [stream, cause] of this.#lost) {
      const error = new InstallerError("OUTPUT_LOST", `cannot write to standard ${stream === "stdout" ? "output" : "error"}: ${cause.message}`);
      const report = reportOf(error);
      this.#write(FILES.stderr, `${errorText(report)}\n`);
      this.#log?.write({ ...report });
    }
    return this.#lost.size > 0;
  }

  close(): void {
    this.#tree?.close();
    this.#log?.close();
  }

  #emit(event: ShownEvent): void {
    this.#log?.write(event);
    this.#reporter?.emit(this.#redactor.redactValue(event));
  }

  /**
   * At once and complete, so that nothing is lost when the process ends. A reader or a terminal that is gone is not our error, a device that
   * is full is one.
   */
  #write(file: 1 | 2, text: string): void {
    const stream = file === FILES.stdout ? "stdout" : "stderr";
    let rest = Buffer.from(this.#redactor.redact(text));
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(file, rest));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        else {
          const gone = code === "EPIPE" || (code === "EIO" && this.#isTerminal[stream]);
          if (!gone && !this.#lost.has(stream)) this.#lost.set(stream, error as Error);
          return;
        }
      }
    }
  }
}
