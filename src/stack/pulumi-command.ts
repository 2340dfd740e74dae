import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { InstallerError } from "../errors/index.ts";
import { runInOwnGroup } from "../exec/index.ts";
import type { Environment } from "../util/index.ts";

/** What the SDK calls on its command; `run` is internal there, and the only way to give it another process runner. */
interface Command {
  run(
    args: string[],
    cwd: string,
    env: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<CommandResult>;
}

interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly err?: Error;
}

/** The `pulumi` to use: VIRT_IPI_PULUMI, else the first on the PATH given. @throws InstallerError PULUMI_MISSING */
export async function findPulumi(path: string, env: Environment): Promise<string> {
  const named = env["VIRT_IPI_PULUMI"];
  const candidates =
    named !== undefined && named !== ""
      ? [named]
      : path
          .split(delimiter)
          .filter((folder) => folder !== "")
          .map((folder) => join(folder, "pulumi"));
  for (const candidate of candidates) if (await executable(candidate)) return candidate;
  throw new InstallerError("PULUMI_MISSING", "there is no pulumi on PATH", { value: named ?? "pulumi" });
}

/**
 * The SDK's command, but in a process group of its own. Else a terminal's Ctrl-C would reach `pulumi` twice (once by the group,
 * once through our signal), and the second makes it leave its operations unfinished.
 */
export async function pulumiCommand(executablePath: string): Promise<PulumiCommand> {
  // The SDK's type says what to find where (root/bin/pulumi); ours may lie anywhere, so the class is filled by hand.
  const version = await versionOf(executablePath);
  const { minimumVersion } = (await import("@pulumi/pulumi/automation/minimumVersion.js")) as unknown as { minimumVersion: object };
  // The SDK's own SemVer class, so that its comparisons know the object.
  const SemVer = minimumVersion.constructor as new (text: string) => unknown;
  const { createCommandError } = (await import("@pulumi/pulumi/automation/errors.js")) as unknown as {
    createCommandError(result: CommandResult & { toString(): string }): Error;
  };
  const command: Command & { readonly command: string; readonly version: unknown } = {
    command: executablePath,
    version: new SemVer(version),
    run: async (args, cwd, env, onOutput, onError, signal) => {
      const {
        stdout: out,
        stderr,
        exitCode,
      } = await runInOwnGroup(executablePath, [...args, ...(args.includes("--non-interactive") ? [] : ["--non-interactive"])], {
        cwd,
        env: { ...env, PULUMI_AUTOMATION_API: "true" },
        signal,
        onStdout: onOutput,
        onStderr: onError,
      });
      const result = { stdout: out, stderr, code: exitCode, toString: () => `code: ${exitCode}\n stdout: ${out}\n stderr: ${stderr}` };
      if (exitCode !== 0) throw createCommandError(result);
      return result;
    },
  };
  return command as unknown as PulumiCommand;
}

/** Of each `pulumi` that this process has asked: several phases of a run open the stack. */
const versions = new Map<string, string>();

async function versionOf(executablePath: string): Promise<string> {
  const known = versions.get(executablePath);
  if (known !== undefined) return known;
  const { stdout } = await runInOwnGroup(executablePath, ["version"], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const version = /^v?(\d+\.\d+\.\d+\S*)$/m.exec(stdout.trim())?.[1];
  if (version === undefined) throw new InstallerError("PULUMI_MISSING", `${executablePath} does not report its version`, { value: executablePath });
  versions.set(executablePath, version);
  return version;
}

async function executable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
