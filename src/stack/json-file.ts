import { InstallerError, isInstallerError } from "../errors/index.ts";
import { readTextIfExists, writeFileAtomic } from "../util/index.ts";

/** Whether a value has the form that its file should hold. */
export type Form<T> = (value: unknown) => value is T;

/**
 * One of our own JSON files, or undefined if there is none.
 * @throws InstallerError FILE_UNREADABLE, also when it is not JSON or not of that form
 */
export async function readJsonIfExists<T = unknown>(path: string, form: Form<T> = anything, advice = RESTORE): Promise<T | undefined> {
  const text = await readTextIfExists(path, { advice });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be secret.
    throw new InstallerError("FILE_UNREADABLE", `${path} is not JSON`, { value: path, advice });
  }
  if (form(value)) return value;
  throw new InstallerError("FILE_UNREADABLE", `${path} does not hold what it should`, { value: path, advice });
}

const anything = <T>(_value: unknown): _value is T => true;

const RESTORE = "Restore the file from a backup, or remove it if nothing of the cluster exists.";

/**
 * The same of a file that only saves work: damaged, it counts as missing, and `warn` is called.
 * @param without what is done without it
 */
export async function readJsonIfWhole<T>(path: string, form: Form<T>, without: string, warn: (message: string) => void): Promise<T | undefined> {
  try {
    return await readJsonIfExists(path, form);
  } catch (error) {
    if (!isInstallerError(error)) throw error;
    warn(`${error.message}; ${without}`);
    return undefined;
  }
}

export const writeJson = (path: string, value: unknown, mode?: number): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(value, undefined, 2)}\n`, mode);
