import { InstallerError, isInstallerError } from "../errors/index.ts";

/** Codes of a file system, and what they mean. Source: errno(3). */
const MEANING: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  ELOOP: "it is a symbolic link, or a loop of them",
  EACCES: "this user may not do that",
  EPERM: "this user may not do that",
  EROFS: "the file system can only be read",
  ENXIO: "it is a pipe or a socket",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "this process has too many files open",
  EIO: "the disk has failed",
  ENOSPC: "no space is left on the file system",
  EDQUOT: "the disk quota is used up",
  EFBIG: "a file may not be that large",
  EEXIST: "something of that name is there already",
  ENOTEMPTY: "the folder is not empty",
  EXDEV: "it is on another file system",
  EBUSY: "it is in use",
  ETXTBSY: "it is in use",
  ESTALE: "the network file system has lost it",
};
const FULL = new Set(["ENOSPC", "EDQUOT"]);
const WRITES =
  /^(write|rename|mkdir|mkdtemp|unlink|rm|rmdir|chmod|fchmod|chown|link|symlink|copyfile|ftruncate|truncate|fsync|fdatasync|utime|futime)$/;

/** DISK_FULL where there is no room, FILE_UNWRITABLE for any other reason, which is given in words. */
export function unwritable(path: string, cause: unknown): InstallerError {
  if (isInstallerError(cause)) return cause;
  const code = codeOf(cause);
  const why = MEANING[code] === undefined ? "" : `: ${MEANING[code]}`;
  return new InstallerError(FULL.has(code) ? "DISK_FULL" : "FILE_UNWRITABLE", `cannot write ${path}${why}`, {
    value: path,
    cause: unexplained(cause),
  });
}

/** FILE_UNREADABLE with the reason in words. @param advice where the catalogue's is too little */
export function unreadable(path: string, cause: unknown, advice?: string): InstallerError {
  if (isInstallerError(cause)) return cause;
  const why = MEANING[codeOf(cause)] === undefined ? "" : `: ${MEANING[codeOf(cause)]}`;
  return new InstallerError("FILE_UNREADABLE", `cannot read ${path}${why}`, { value: path, advice, cause: unexplained(cause) });
}

/** The error for the user where an error is of a file system and names a file; undefined for any other. */
export function fileErrorOf(error: unknown): InstallerError | undefined {
  if (!(error instanceof Error) || MEANING[codeOf(error)] === undefined) return undefined;
  const { path, syscall = "" } = error as NodeJS.ErrnoException;
  if (path === undefined) return FULL.has(codeOf(error)) ? unwritable("a file", error) : undefined;
  return WRITES.test(syscall) || FULL.has(codeOf(error)) || codeOf(error) === "EROFS" ? unwritable(path, error) : unreadable(path, error);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "";
/** A code that has its words already needs no second ones behind them. */
const unexplained = (cause: unknown): unknown => (MEANING[codeOf(cause)] === undefined ? cause : undefined);
