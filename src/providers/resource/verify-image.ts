import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { InstallerError } from "../../errors/index.ts";

/**
 * Reads the whole image once.
 * @returns its size in bytes
 * @throws InstallerError IMAGE_UNREADABLE, IMAGE_CHECKSUM, or the signal's reason
 */
export async function verifyImage(path: string, sha256: string, signal?: AbortSignal): Promise<number> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path, { highWaterMark: 4 * 2 ** 20 }), hash, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new InstallerError("IMAGE_UNREADABLE", `cannot read ${path}`, { value: path, cause: error });
  }
  const found = hash.digest("hex");
  if (found !== sha256) throw new InstallerError("IMAGE_CHECKSUM", `${path} has sha256 ${found}, not ${sha256}`, { value: path });
  return (await stat(path)).size;
}
