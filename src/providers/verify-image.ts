import { stat } from "node:fs/promises";
import { InstallerError } from "../errors/index.ts";
import { sha256Of } from "../util/index.ts";

/** A local image, and what it must be. */
export interface ImageFile {
  /** Local path. */
  readonly source: string;
  /** Hexadecimal, lower case. */
  readonly sha256: string;
}

/** Bytes of the file. @throws InstallerError IMAGE_UNREADABLE */
export async function imageSize({ source }: ImageFile): Promise<number> {
  try {
    return (await stat(source)).size;
  } catch (error) {
    throw unreadable(source, error);
  }
}

/**
 * Reads the whole image once.
 * @throws InstallerError IMAGE_UNREADABLE, IMAGE_CHECKSUM, or the signal's reason
 */
export async function verifyImage({ source, sha256 }: ImageFile, signal: AbortSignal): Promise<void> {
  const found = await sha256Of(source, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreadable(source, error);
  });
  if (found !== sha256) throw new InstallerError("IMAGE_CHECKSUM", `${source} has sha256 ${found}, not ${sha256}`, { value: source });
}

/**
 * Copies the image while it is verified. A wrong image stops the copy, and is what is reported even when the copy fails first, since it may be why.
 * What the copy has made is the caller's to undo.
 * @throws InstallerError IMAGE_UNREADABLE, IMAGE_CHECKSUM, or what `copy` throws
 */
export async function copyVerified(image: ImageFile, signal: AbortSignal, copy: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const wrong = new AbortController();
  const verified = verifyImage(image, signal).catch((error: unknown) => {
    wrong.abort();
    throw error;
  });
  const copied = copy(AbortSignal.any([signal, wrong.signal]));
  await Promise.allSettled([verified, copied]);
  await verified;
  await copied;
}

const unreadable = (path: string, cause: unknown): InstallerError =>
  new InstallerError("IMAGE_UNREADABLE", `cannot read ${path}`, { value: path, cause });
