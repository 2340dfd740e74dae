import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** The sha256 of content: hexadecimal, lower case; of text, as UTF-8. */
export const contentHash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

const PIECE_BYTES = 2 ** 20;

/**
 * The sha256 of a file: hexadecimal, lower case. One buffer serves the whole file: a stream takes a new one for each piece, which costs as much as the hash.
 * @throws the file system's error, or the signal's reason
 */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(piece);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
