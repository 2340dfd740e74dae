import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { extract } from "tar";
import { messageOf } from "../src/errors/index.ts";
import { sha256Of } from "../src/util/index.ts";
import type { Download } from "./part.ts";

/** A site that does not answer within this time is taken as out of reach. */
const CONNECT_MS = 5_000;
const TRANSFER_MS = 15 * 60_000;

export interface Downloader {
  /**
   * Puts the files of all downloads into `into`.
   * @returns false, with the reason logged, if the site is out of reach or a file does not have its sha256
   */
  (downloads: readonly Download[], into: string, signal: AbortSignal, log: (line: string) => void): Promise<boolean>;
}

/** A downloader that, once a site was out of reach, does not spend time on asking again. */
export function createDownloader(connectMs = CONNECT_MS): Downloader {
  let reachable = true;
  return async (downloads, into, signal, log) => {
    if (!reachable) return false;
    try {
      for (const download of downloads) await fetchOne(download, into, signal, connectMs);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutOfReach) reachable = false;
      log(`no download: ${messageOf(error)}`);
      return false;
    }
  };
}

class OutOfReach extends Error {}

async function fetchOne(download: Download, into: string, signal: AbortSignal, connectMs: number): Promise<void> {
  const name = basename(new URL(download.url).pathname);
  const wanted = download.sha256 ?? sumFor(name, await (await get(download.sums ?? `${download.url}.sha256`, signal, connectMs)).text());
  const archive = join(into, `${name}.download`);
  await mkdir(into, { recursive: true });
  try {
    const response = await get(download.url, signal, connectMs);
    if (response.body === null) throw new Error(`${download.url} is empty`);
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(archive), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TRANSFER_MS)]),
    });
    const found = await sha256Of(archive);
    if (found !== wanted) throw new Error(`${download.url} has sha256 ${found}, its publisher says ${wanted}`);
    if (download.members === undefined) await rename(archive, join(into, download.as ?? name));
    else await unpack(archive, download.members, into);
  } finally {
    await rm(archive, { force: true });
  }
}

async function unpack(archive: string, members: Readonly<Record<string, string>>, into: string): Promise<void> {
  const folder = `${archive}.d`;
  await mkdir(folder);
  try {
    await extract({ file: archive, cwd: folder }, Object.values(members));
    for (const [as, member] of Object.entries(members)) await rename(join(folder, member), join(into, as));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function get(url: string, signal: AbortSignal, connectMs: number): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new OutOfReach(`${new URL(url).host} does not answer`));
  }, connectMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, limit.signal]) });
    // A gateway that refuses a whole site answers 403, 407 or 5xx at once; a publisher answers 404 for one file.
    if ([403, 407].includes(response.status) || response.status >= 500) throw new OutOfReach(`${new URL(url).host} answered ${response.status}`);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof TypeError) throw new OutOfReach(`${new URL(url).host} is out of reach`, { cause: error.cause });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The sha256 of a file in a publisher's list: `HEX  NAME` lines, or the bare hex of a file that speaks of one other file. */
export function sumFor(name: string, list: string): string {
  for (const line of list.split("\n")) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) && (file === undefined || basename(file) === name)) return sum.toLowerCase();
  }
  throw new Error(`the publisher's list has no sha256 for ${name}`);
}
