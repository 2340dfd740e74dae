import { isInstallerError, messageOf } from "../../src/errors/index.ts";
import type { Runner } from "../../src/exec/index.ts";
import { programCommand, type ProgramRequest } from "./program.ts";

/** What the engine gets to know of a program's end. */
export interface ProgramOutcome {
  /** Empty when the program ended well, or has printed its error itself. */
  readonly error: string;
  /** The program failed and has printed why: nothing more is printed. */
  readonly bail: boolean;
}

/** The SDK's runner ends with this code after it has logged the error to the engine (@pulumi/pulumi/cmd/run). */
const ERROR_ALREADY_TOLD = 32;
const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

/**
 * Runs a program to its end with this process's own Node. Its output goes to `onLine`.
 * @throws InstallerError INTERRUPTED when `signal` is aborted
 */
export async function runProgram(
  request: ProgramRequest,
  options: { readonly run: Runner; readonly signal: AbortSignal; readonly onLine: (line: string, stream: "stdout" | "stderr") => void },
): Promise<ProgramOutcome> {
  try {
    const { args, env, cwd } = programCommand(request);
    const { exitCode } = await options.run(process.execPath, args, { cwd, env, accept: ANY_CODE, signal: options.signal, onLine: options.onLine });
    if (exitCode === 0) return { error: "", bail: false };
    if (exitCode === ERROR_ALREADY_TOLD) return { error: "", bail: true };
    return { error: `the program ended with exit code ${exitCode}`, bail: false };
  } catch (error) {
    options.signal.throwIfAborted();
    return { error: isInstallerError(error) ? `${error.message}. ${error.advice}` : messageOf(error), bail: false };
  }
}
