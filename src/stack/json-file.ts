import { InstallerError } from "../errors/index.ts";
import { readTextIfExists, writeFileAtomic } from "../util/index.ts";

/** One of our own JSON files, or undefined if there is none. @throws InstallerError FILE_UNREADABLE, also when it is not JSON */
export async function readJsonIfExists<T>(path: string): Promise<T | undefined> {
  const text = await readTextIfExists(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    // The parser's message quotes the text, which may be secret.
    throw new InstallerError("FILE_UNREADABLE", `${path} is not JSON`, {
      value: path,
      advice: "Restore the file from a backup, or remove it if nothing of the cluster exists.",
    });
  }
}

export const writeJson = (path: string, value: unknown, mode?: number): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(value, undefined, 2)}\n`, mode);
