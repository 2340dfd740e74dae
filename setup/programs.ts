import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { InstallerError, messageOf } from "../src/errors/index.ts";
import { sameFile } from "./files.ts";
import type { Located, PartContext } from "./part.ts";

/** A program and the arguments with which it prints its version. */
export interface Program {
  readonly name: string;
  readonly versionArgs: readonly string[];
}

/** Folders that hold programs for root, which a plain user's PATH leaves out. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The first program of that name on PATH or in the system folders, leaving out `except` (our own cache). */
export async function findProgram(name: string, env: PartContext["env"], except?: string): Promise<string | undefined> {
  for (const folder of [...(env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS]) {
    if (folder === "" || (except !== undefined && (folder === except || (await sameFile(folder, except))))) continue;
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      async () => (await stat(path)).isFile(),
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

/** All the programs, if each is installed on this machine in exactly this version. */
export async function locatePrograms(context: PartContext, programs: readonly Program[], version: string): Promise<Located | undefined> {
  const found: Record<string, string> = {};
  let size = 0;
  for (const program of programs) {
    const path = await findProgram(program.name, context.env, join(context.cacheDir, "bin"));
    if (path === undefined || !(await printsVersion(context, program, path, version))) return undefined;
    found[program.name] = path;
    size += (await stat(path)).size;
  }
  const [first] = Object.values(found);
  return first === undefined ? undefined : { version, path: programs.length === 1 ? first : dirname(first), programs: found, size };
}

/** @throws InstallerError SETUP_BUILD_FAILED if a program in `folder` does not run or prints another version */
export async function checkVersions(context: PartContext, programs: readonly Program[], folder: string, version: string): Promise<void> {
  for (const program of programs) {
    const path = join(folder, program.name);
    if (!(await printsVersion(context, program, path, version)))
      throw new InstallerError("SETUP_BUILD_FAILED", `${program.name} does not say that it is version ${version}`, { value: path });
  }
}

async function printsVersion(context: PartContext, program: Program, path: string, version: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await context.run(path, program.versionArgs, {
      timeoutMs: 60_000,
      signal: context.signal,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return saysVersion(`${stdout}\n${stderr}`, version);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log(`${path} is left out: ${messageOf(error).split("\n")[0] ?? ""}`);
    return false;
  }
}

/** True if a text names the version as a whole: `v1.34.2` in `Kubernetes v1.34.2`, not in `v1.34.21`. */
export function saysVersion(text: string, version: string): boolean {
  const bare = version.replace(/^v/, "").replaceAll(/[.+]/g, "\\$&");
  return new RegExp(`(?<![0-9.])v?${bare}(?![0-9.]*[0-9])(?!-(alpha|beta|rc|dev))`).test(text);
}
