import { constants, lstat, open } from "node:fs/promises";
import { InstallerError } from "../errors/index.ts";
import { unreadable } from "./file-error.ts";

export interface ReadOptions {
  /** Bytes; a larger file is not read. 64 MiB by default: none of our files is near it. */
  readonly largest?: number;
  /** Take what a symbolic link leads to: for files that people keep elsewhere. */
  readonly follow?: boolean;
  /** What to do about a file that cannot be read, where the catalogue's advice is too little. */
  readonly advice?: string;
}

const LARGEST = 64 * 1024 * 1024;

/**
 * A file's bytes, or undefined if there is none. Nothing but a regular file of a sane size is read: a pipe would keep the run waiting for ever.
 * @throws InstallerError FILE_UNREADABLE
 */
export async function readBytesIfExists(path: string, options: ReadOptions = {}): Promise<Buffer | undefined> {
  const { largest = LARGEST, follow = false, advice } = options;
  const refuse = (what: string, instead = advice): InstallerError =>
    new InstallerError("FILE_UNREADABLE", `cannot read ${path}: ${what}`, { value: path, advice: instead });
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW));
    const facts = await file.stat();
    if (facts.isDirectory()) throw refuse("it is a folder");
    if (!facts.isFile()) throw refuse("it is a pipe or a device");
    if (facts.size > largest) throw refuse(`it has ${facts.size} bytes, and at most ${largest} are read`);
    return await file.readFile();
  } catch (error) {
    const link = file === undefined && (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (link) throw refuse(follow ? "it is a symbolic link that leads to no file" : "it is a symbolic link", "Put the file itself in its place.");
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(path, error, advice);
  } finally {
    await file?.close();
  }
}

/** The same as text of UTF-8. @throws InstallerError FILE_UNREADABLE */
export async function readTextIfExists(path: string, options?: ReadOptions): Promise<string | undefined> {
  return (await readBytesIfExists(path, options))?.toString("utf8");
}
