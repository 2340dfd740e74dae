import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError } from "../errors/index.ts";
import { isRecord, readTextIfExists, writeFileAtomic } from "../util/index.ts";
import { PROJECT, type StackRecord } from "./environment.ts";
import { folderOf } from "./state-lock.ts";

interface Copy {
  readonly path: string;
  readonly text: string;
  /** ISO 8601, when the engine wrote it; empty before the first update. */
  readonly time: string;
  readonly resources: number;
}

/**
 * Puts the newest complete copy of the state in the place of one that is damaged or missing: a disk that was full, or a host that lost power,
 * leaves such. Copies are the backup of the last step, and those that are kept of each update. What was there is kept beside it.
 * Source: pulumi pkg/backend/diy, by description.
 * @param known whether a run before has made the state, so that it cannot be missing
 * @param warn called with what was damaged, and what the copy is
 * @returns whether a copy was taken
 * @throws InstallerError STATE_DAMAGED if no copy is complete
 */
export async function restoreState(record: StackRecord, known: boolean, warn: (message: string) => void): Promise<boolean> {
  const top = folderOf(record.backend);
  if (top === undefined) return false;
  const { stack } = record;
  const path = join(top, "stacks", PROJECT, `${stack}.json`);
  const problem = await problemOf(path);
  if (problem === undefined || (problem === "missing" && !known)) return false;
  const copies = (await Promise.all((await placesOf(top, stack)).map(copyAt))).filter((copy) => copy !== undefined);
  const newest = copies.toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))[0];
  if (newest === undefined) {
    if (problem === "missing") return false;
    throw new InstallerError("STATE_DAMAGED", `the state ${path} is ${problem}, and there is no complete copy of it`, { value: path });
  }
  if (problem !== "missing") await rename(path, `${path}.damaged`).catch(() => rm(path, { recursive: true, force: true }));
  await rm(`${path}.attrs`, { recursive: true, force: true });
  await writeFileAtomic(path, newest.text);
  warn(
    `the state ${path} was ${problem}; ${newest.path} of ${newest.time || "before the first update"} with ${newest.resources} resources takes its place. What was created after that is not in it: what the next update finds in its way, \`virt-ipi destroy cluster --dry-run\` lists`,
  );
  return true;
}

async function placesOf(top: string, stack: string): Promise<readonly string[]> {
  const kept = async (...parts: readonly string[]): Promise<readonly string[]> => {
    const folder = join(top, ...parts, PROJECT, stack);
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => /(?:\d|\.checkpoint)\.json$/.test(name)).map((name) => join(folder, name));
  };
  // First what is newest where two are of one time.
  return [join(top, "stacks", PROJECT, `${stack}.json.bak`), ...(await kept("history")), ...(await kept("backups"))];
}

async function problemOf(path: string): Promise<string | undefined> {
  try {
    const text = await readTextIfExists(path);
    if (text === undefined) return "missing";
    return parsed(path, text) === undefined ? (text.trim() === "" ? "empty" : "damaged") : undefined;
  } catch {
    return "no file that can be read";
  }
}

async function copyAt(path: string): Promise<Copy | undefined> {
  const text = await readTextIfExists(path).catch(() => undefined);
  return text === undefined ? undefined : parsed(path, text);
}

/** Of a complete checkpoint: `{ version, checkpoint: { latest?: { manifest: { time }, resources } } }`. */
function parsed(path: string, text: string): Copy | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value["version"] !== "number" || !isRecord(value["checkpoint"])) return undefined;
  const { latest } = value["checkpoint"];
  if (latest === undefined || latest === null) return { path, text, time: "", resources: 0 };
  if (!isRecord(latest) || !isRecord(latest["manifest"])) return undefined;
  const { time } = latest["manifest"];
  const resources: unknown = latest["resources"] ?? [];
  return typeof time === "string" && Array.isArray(resources) ? { path, text, time, resources: resources.length } : undefined;
}
