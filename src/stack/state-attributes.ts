import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfExists } from "../util/index.ts";
import { folderOf } from "./state-lock.ts";

/** Beside each file of the state, its content type and sum, which nothing needs. Source: gocloud.dev blob/fileblob, by description. */
const ATTRIBUTES = ".attrs";

/**
 * Removes attributes that a killed engine left half written: it replaces its state in one step, but writes these in place, and does
 * not open a state whose attributes it cannot parse ("failed to load checkpoint: EOF").
 * @param backend PULUMI_BACKEND_URL; only `file://` has such files
 * @returns how many were removed
 */
export async function removeBrokenAttributes(backend: string | undefined): Promise<number> {
  const top = folderOf(backend);
  if (top === undefined) return 0;
  const files = (await readdir(top, { recursive: true }).catch(() => [])).filter((path) => path.endsWith(ATTRIBUTES));
  let removed = 0;
  for (const path of files.map((file) => join(top, file))) {
    if (await isWhole(path)) continue;
    await rm(path, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

async function isWhole(path: string): Promise<boolean> {
  try {
    JSON.parse((await readTextIfExists(path)) ?? "{}");
    return true;
  } catch {
    return false;
  }
}
