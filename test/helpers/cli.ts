import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const ENTRY = resolve(import.meta.dirname, "../../bin/virt-ipi");

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines. */
  json(): readonly Record<string, unknown>[];
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with each piece of standard error, and a way to send a signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs bin/virt-ipi as a user does, without a terminal. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(ENTRY, [...args], { env: { ...process.env, ...options.env }, cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
    options.onStderr?.(data.toString(), (signal) => child.kill(signal));
  });
  const code = await new Promise<number | null>((done, reject) => child.on("error", reject).on("close", done));
  return {
    code,
    stdout,
    stderr,
    json: () =>
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
