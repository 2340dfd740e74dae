import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InstallerError, isInstallerError } from "../errors/index.ts";
import { isRecord, redactValue, sha256Of, type Environment, cacheFolder } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { fetchUrl } from "./fetch-url.ts";
import { readJsonIfWhole, writeJson } from "./json-file.ts";

export interface Image {
  readonly path: string;
  readonly sha256: string;
}

interface KnownImage extends Image {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ImageRequest {
  /** Of the set-up's node image; the user's own is taken as it is. */
  readonly format: "qcow2" | "ova";
  /** Path (absolute, or relative to the cluster folder) or http(s) URL, with `?sha256=` where it is known; undefined: the node image of the set-up. */
  readonly clusterOSImage: string | undefined;
  readonly folder: ClusterFolder;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (reason: string) => void;
}

/**
 * The image that machines are made from, on this machine's disk, with its checksum (which is remembered by size and time of change).
 * @throws InstallerError IMAGE_UNREADABLE, IMAGE_CHECKSUM
 */
export async function findImage(request: ImageRequest): Promise<Image> {
  const { clusterOSImage, env } = request;
  if (clusterOSImage === undefined) {
    const path = join(cacheFolder(env), "images", `node-image.${request.format}`);
    // The OVA is a part on demand: whoever needs none need not wait for it.
    const setup = request.format === "ova" ? "virt-ipi setup --only node-image-ova" : "virt-ipi setup";
    return await known(path, request, `Run \`${setup}\`, which downloads or builds the node image, or set clusterOSImage of the platform.`);
  }
  if (/^https?:\/\//i.test(clusterOSImage)) return await download(new URL(clusterOSImage), request);
  const [path = "", query] = clusterOSImage.replace(/^file:\/\//, "").split("?sha256=");
  const image = await known(isAbsolute(path) ? path : join(request.folder.root, path), request);
  return checked(image, query);
}

async function known(path: string, request: ImageRequest, advice?: string): Promise<Image> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new InstallerError("IMAGE_UNREADABLE", `cannot read the image ${path}`, { value: path, advice, cause: error });
  });
  if (!facts.isFile()) throw new InstallerError("IMAGE_UNREADABLE", `cannot read the image ${path}: it is not a file`, { value: path, advice });
  const warn = (message: string): void => request.onProgress?.(message);
  const before = await readJsonIfWhole(request.folder.image, isKnownImage, "the checksum is computed again", warn);
  if (before?.path === path && before.size === facts.size && before.mtimeMs === facts.mtimeMs) return { path, sha256: before.sha256 };
  request.onProgress?.(`computing the checksum of ${basename(path)}`);
  return await remember({ path, sha256: await sha256Of(path, request.signal) }, request);
}

async function remember(image: Image, { folder }: ImageRequest): Promise<Image> {
  const { size, mtimeMs } = await stat(image.path);
  await writeJson(folder.image, { ...image, size, mtimeMs } satisfies KnownImage);
  return image;
}

const isKnownImage = (value: unknown): value is KnownImage =>
  isRecord(value) &&
  ["path", "sha256"].every((key) => typeof value[key] === "string") &&
  ["size", "mtimeMs"].every((key) => typeof value[key] === "number");

/**
 * Into the cache, by the hash of the URL without its credentials; once there it is used without the network. Only what has the expected checksum comes
 * there; what came without one and has another is fetched again.
 */
async function download(url: URL, request: ImageRequest): Promise<Image> {
  const expected = url.searchParams.get("sha256") ?? undefined;
  url.searchParams.delete("sha256");
  const folder = join(cacheFolder(request.env), "images", "downloads");
  const shown = redactValue(url.href);
  const path = join(folder, `${createHash("sha256").update(shown).digest("hex").slice(0, 16)}-${basename(url.pathname)}`);
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    const before = await known(path, request);
    if (hasSum(before, expected)) return before;
  }
  await mkdir(folder, { recursive: true });
  const partial = `${path}.${process.pid}.part`;
  try {
    const response = await fetchUrl(url.href, request.signal);
    if (response.body === null) throw new Error("the server sent nothing");
    const total = Number(response.headers.get("content-length") ?? 0);
    await pipeline(
      Readable.fromWeb(response.body as never),
      progress(total, (text) => request.onProgress?.(`downloading ${basename(path)}: ${text}`)),
      createWriteStream(partial),
    );
    const { sha256 } = checked({ path: shown, sha256: await sha256Of(partial, request.signal) }, expected);
    await rename(partial, path);
    return await remember({ path, sha256 }, request);
  } catch (error) {
    await rm(partial, { force: true });
    request.signal?.throwIfAborted();
    if (isInstallerError(error)) throw error;
    throw new InstallerError("IMAGE_UNREADABLE", `cannot download the image ${shown}`, {
      value: shown,
      advice: "Check the URL under clusterOSImage of the platform, and the user name and password in it.",
      cause: error,
    });
  }
}

function progress(total: number, notify: (text: string) => void): Transform {
  let seen = 0;
  let shown = -1;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      const tenth = total === 0 ? Math.floor(seen / 100_000_000) : Math.floor((10 * seen) / total);
      if (tenth !== shown) {
        shown = tenth;
        notify(total === 0 ? `${Math.round(seen / 1_000_000)} MB` : `${tenth * 10} %`);
      }
      done(null, chunk);
    },
  });
}

const hasSum = (image: Image, expected: string | undefined): boolean => expected === undefined || expected.toLowerCase() === image.sha256;

function checked(image: Image, expected: string | undefined): Image {
  if (hasSum(image, expected)) return image;
  throw new InstallerError("IMAGE_CHECKSUM", `the image ${image.path} has another checksum than the install-config says`, {
    value: image.sha256,
    details: [`expected ${expected}`],
  });
}
