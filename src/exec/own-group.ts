import { execa } from "execa";
import type { RunResult } from "./run.ts";

export interface OwnGroupOptions {
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Gives it an input that says nothing, and ends when this process does, also by SIGKILL. */
  readonly holdInput?: boolean | undefined;
  /** False for one that runs for long: its output is only handed on. */
  readonly keepOutput?: boolean | undefined;
  readonly onStdout?: ((text: string) => void) | undefined;
  readonly onStderr?: ((text: string) => void) | undefined;
}

export interface OwnGroupResult extends RunResult {
  /** The signal that ended it, as `SIGKILL`. */
  readonly signal?: string;
}

/**
 * Runs a program in a process group of its own, so that a terminal's Ctrl-C reaches it only through us: once, as SIGINT, when
 * the signal aborts. It is never killed harder, since it then has work to undo. Any exit code is an answer; a program that
 * could not be started, or was ended by a signal, has the code -2.
 */
export async function runInOwnGroup(file: string, args: readonly string[], options: OwnGroupOptions = {}): Promise<OwnGroupResult> {
  const child = execa(file, [...args], {
    detached: true,
    // Our end must not take it along: it then cleans up on its own, which `resume` waits for.
    cleanup: false,
    stdin: options.holdInput === true ? "pipe" : "ignore",
    reject: false,
    maxBuffer: 1_000_000_000,
    buffer: options.keepOutput !== false,
    stripFinalNewline: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const interrupt = (): void => void child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt, { once: true });
  if (options.signal?.aborted === true) interrupt();
  child.stdout.on("data", (data: Buffer) => options.onStdout?.(data.toString()));
  child.stderr.on("data", (data: Buffer) => options.onStderr?.(data.toString()));
  try {
    const { stdout, stderr, exitCode, shortMessage, signal } = await child;
    const [out, err] = [stdout ?? "", stderr ?? ""];
    return {
      stdout: out,
      stderr: exitCode === undefined ? `${err}\n${shortMessage ?? ""}` : err,
      exitCode: exitCode ?? -2,
      ...(signal === undefined ? {} : { signal }),
    };
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
}
