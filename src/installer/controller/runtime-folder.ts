import { lstat, mkdir, mkdtemp, readdir, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstallerError } from "../../errors/index.ts";
import { isRecord, isRunning, readTextIfExists, SECRET_DIRECTORY_MODE, writeFileAtomic, type Environment } from "../../util/index.ts";
import { RUNTIME_FOLDER } from "./unit.ts";

/** What a machine controller that runs on this host says of itself, in its runtime folder. Holds no secret. */
export interface ControllerRecord {
  readonly pid: number;
  /** As in /proc: distinguishes it from a later process of that number. */
  readonly startTime: string;
  /** ISO 8601 */
  readonly since: string;
  readonly version: string;
  /** The last warnings, oldest first. */
  readonly errors: readonly { readonly time: string; readonly message: string }[];
}

/** A controller's own folder, which nobody else enters. */
export interface RuntimeFolder {
  readonly path: string;
  readonly kubeconfig: string;
  readonly actuatorSocket: string;
  readonly statusSocket: string;
  write(record: ControllerRecord): Promise<void>;
  remove(): Promise<void>;
}

const RECORD = "controller.json";
const STATUS_SOCKET = "status.sock";

/** Folder of all controllers of a cluster: short, since a socket's path has 107 bytes, and where a later command finds it. */
export function runtimeFolderOf(infraID: string, env: Environment): string {
  const uid = process.geteuid?.() ?? 0;
  const base = uid === 0 ? "/run" : env["XDG_RUNTIME_DIR"];
  return base?.startsWith("/") === true ? join(base, RUNTIME_FOLDER, infraID) : join(tmpdir(), `${RUNTIME_FOLDER}-${uid}`, infraID);
}

/** @throws InstallerError ACTUATOR_SOCKET where somebody else could be in it */
export async function makeRuntimeFolder(infraID: string, env: Environment): Promise<RuntimeFolder> {
  const all = runtimeFolderOf(infraID, env);
  await mkdir(all, { recursive: true, mode: SECRET_DIRECTORY_MODE });
  for (const folder of [all, join(all, "..")]) {
    const { uid } = await lstat(folder);
    if (uid !== process.geteuid?.()) throw new InstallerError("ACTUATOR_SOCKET", `${folder} is another user's`, { value: folder });
  }
  for (const { folder, running } of await localControllers(infraID, env)) if (!running) await rm(folder, { recursive: true, force: true });
  const path = await mkdtemp(join(all, `${process.pid}-`));
  return {
    path,
    kubeconfig: join(path, "kubeconfig"),
    actuatorSocket: join(path, "actuator.sock"),
    statusSocket: join(path, STATUS_SOCKET),
    write: async (record) => await writeFileAtomic(join(path, RECORD), `${JSON.stringify(record)}\n`),
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      // Others may run.
      await rmdir(all).catch(() => undefined);
    },
  };
}

export interface LocalController extends ControllerRecord {
  readonly folder: string;
  readonly statusSocket: string;
  /** False for one that was killed. */
  readonly running: boolean;
}

/** The controllers of a cluster that this user has started here, the oldest first. */
export async function localControllers(infraID: string, env: Environment): Promise<readonly LocalController[]> {
  const all = runtimeFolderOf(infraID, env);
  const names = await readdir(all).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(all, name);
      const record = parse(await readTextIfExists(join(folder, RECORD)).catch(() => undefined));
      if (record === undefined) return [];
      return [{ ...record, folder, statusSocket: join(folder, STATUS_SOCKET), running: await isRunning(record) }];
    }),
  );
  return found.flat().toSorted((a, b) => a.since.localeCompare(b.since));
}

function parse(text: string | undefined): ControllerRecord | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isRecord(value) &&
      typeof value["pid"] === "number" &&
      typeof value["startTime"] === "string" &&
      typeof value["since"] === "string" &&
      Array.isArray(value["errors"])
      ? (value as unknown as ControllerRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
