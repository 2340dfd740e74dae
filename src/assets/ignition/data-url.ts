import { gunzipSync, gzipSync } from "node:zlib";
import { InstallerError } from "../../errors/index.ts";
import { percentDecodedBytes } from "../../util/index.ts";
import type { IgnitionResource } from "./types.ts";

const PREFIX = "data:text/plain;charset=utf-8;base64,";
const BINARY_PREFIX = "data:;base64,";
/** Below this gain gzip costs readability and gives nothing. */
const WORTHWHILE = 0.9;
const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

/**
 * Contents as a data URL, compressed when that saves a tenth or more.
 * @param compress false: never, for what other tools read too
 */
export function toResource(contents: string | Uint8Array, compress = true): IgnitionResource {
  const bytes = Buffer.from(contents);
  const prefix = typeof contents === "string" ? PREFIX : BINARY_PREFIX;
  if (!compress) return { source: `${prefix}${bytes.toString("base64")}` };
  const packed = gzipSync(bytes, { level: 9 });
  // zlib writes the host's operating system here; the same input shall give the same config everywhere.
  packed[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  if (packed.length <= bytes.length * WORTHWHILE) return { source: `${BINARY_PREFIX}${packed.toString("base64")}`, compression: "gzip" };
  return { source: `${prefix}${bytes.toString("base64")}` };
}

/**
 * The bytes of a resource that carries them itself. Takes base64 and percent-encoded data URLs.
 * @throws InstallerError INTERNAL for a resource that would have to be fetched
 */
export function fromResource(resource: IgnitionResource): Buffer {
  const match = /^data:([^,]*),(.*)$/s.exec(resource.source);
  if (match === null) throw new InstallerError("INTERNAL", "the resource is not a data URL", { value: resource.source.slice(0, 80) });
  const [, type = "", data = ""] = match;
  const bytes = type.endsWith(";base64") ? Buffer.from(data, "base64") : percentDecodedBytes(data);
  return resource.compression === "gzip" ? gunzipSync(bytes) : bytes;
}
