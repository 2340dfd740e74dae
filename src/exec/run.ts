import { execa, ExecaError } from "execa";
import { InstallerError } from "../errors/index.ts";

export interface RunOptions {
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are answers, not failures; 0 always is. */
  readonly accept?: readonly number[] | undefined;
  /** Each line of standard output and error as it comes. */
  readonly onLine?: ((line: string, stream: "stdout" | "stderr") => void) | undefined;
  /** Standard output in the pieces that it comes in, for progress that is not shown in lines. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs programs. The default is `run`; tests give their own. */
export type Runner = (file: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/**
 * Runs a program with an argument array, never through a shell. Secrets go by `input`, `env` or a file, never in `args`.
 * @throws InstallerError EXEC_NOT_FOUND, EXEC_TIMEOUT, EXEC_FAILED, INTERRUPTED
 */
export const run: Runner = async (file, args, options = {}) => {
  try {
    const child = execa(file, [...args], {
      ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
      forceKillAfterDelay: 5_000,
    });
    const { onLine, onOutput } = options;
    if (onOutput !== undefined) child.stdout?.on("data", (data: Buffer) => onOutput(data.toString()));
    if (onLine !== undefined) {
      const follow = async (from: "stdout" | "stderr"): Promise<void> => {
        for await (const line of child.iterable({ from })) onLine(String(line), from);
      };
      await Promise.all([follow("stdout"), follow("stderr")]);
    }
    const result = await child;
    return { stdout: text(result.stdout), stderr: text(result.stderr), exitCode: result.exitCode ?? 0 };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.exitCode !== undefined && (options.accept ?? []).includes(error.exitCode))
      return { stdout: text(error.stdout), stderr: text(error.stderr), exitCode: error.exitCode };
    throw translate(file, args, error);
  }
};

/** What `translate` reads of execa's error, whose own type has an `any` in it. */
interface Failure {
  readonly code?: string | undefined;
  readonly isCanceled: boolean;
  readonly timedOut: boolean;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly shortMessage: string;
  readonly cause?: unknown;
}

function translate(file: string, args: readonly string[], error: Failure): InstallerError {
  const command = [file, ...args].join(" ");
  if (error.code === "ENOENT") return new InstallerError("EXEC_NOT_FOUND", `${file} is not installed`, { value: file, cause: error.cause });
  if (error.isCanceled) return new InstallerError("INTERRUPTED", `stopped while running ${file}`, { value: command });
  if (error.timedOut) return new InstallerError("EXEC_TIMEOUT", `${file} did not end in time`, { value: command });
  const said = text(error.stderr).trim() || text(error.stdout).trim() || error.shortMessage;
  const crash = crashOf(said);
  const what = crash === undefined ? `${file} failed: ${lastLines(said)}` : `${file} crashed: ${crash}`;
  return new InstallerError("EXEC_FAILED", what, { value: command });
}

const text = (output: unknown): string => (typeof output === "string" ? output : "");
const lastLines = (said: string): string => said.split("\n").slice(-8).join("\n");

/** The first line of a Go program's crash report; what follows it are pages of stacks. */
const crashOf = (said: string): string | undefined => /^((?:panic|fatal error): .*)$(?=[^]*^goroutine \d+ )/m.exec(said)?.[1];
