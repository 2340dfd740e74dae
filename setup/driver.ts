import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallerError, messageOf } from "../src/errors/index.ts";
import { run, type Runner } from "../src/exec/index.ts";
import { systemClock, type Clock } from "../src/util/index.ts";
import { entryFolder, exposeEntry, pruneEntries, storeEntry, verifyEntry, type Manifest } from "./cache.ts";
import { createDownloader, type Downloader } from "./download.ts";
import { withSetupLock } from "./lock.ts";
import type { FilePart, Located, Part, PartContext, Row } from "./part.ts";
import { formatSeconds, Progress } from "./progress.ts";
import { inOrder, inOrderOfUse, partOf, recipeKeys } from "./recipe.ts";
import { formatSize } from "./table.ts";
import { createTurns } from "./turns.ts";

export interface SetupOptions {
  readonly parts: readonly Part[];
  readonly root: string;
  readonly cacheDir: string;
  /** The ids wanted (with all that they need); all parts when it is empty. */
  readonly only?: readonly string[] | undefined;
  /** No official downloads: what is not here is built. */
  readonly offline?: boolean | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly run?: Runner | undefined;
  readonly download?: Downloader | undefined;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Progress, one line at a time. */
  readonly log?: ((line: string) => void) | undefined;
  /** How often a long step says that it still works. */
  readonly heartbeatMs?: number | undefined;
}

/** A build keeps two processors busy but for its ends, linking and packing, where it uses one. */
const BUILDS_AT_A_TIME = 2;

/**
 * Supplies every part after those that it needs: already installed, cached, downloaded, built. Only one set-up works in a cache at a time.
 * @returns a row for each part, in the order of the parts
 * @throws InstallerError SETUP_*, EXEC_*, INTERRUPTED
 */
export async function setUp(options: SetupOptions): Promise<Row[]> {
  const lost = new AbortController();
  const failed = new AbortController();
  const signal = AbortSignal.any([lost.signal, failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const log = options.log ?? (() => undefined);
  return withSetupLock(
    options.cacheDir,
    {
      log,
      signal,
      onLost: (error) => {
        lost.abort(error);
      },
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    },
    async () => {
      const parts = inOrder(options.parts, options.only);
      const supplier = await createSupplier(options, parts, signal, log);
      // What belongs to the host comes first: builds may use any of it.
      for (const part of parts) if (part.kind === "host") await supplier.supply(part);
      const supplied = inOrderOfUse(parts).map(async (part) => {
        try {
          await supplier.supply(part);
        } catch (error) {
          // The other builds end, so that nobody writes to the cache once the lock is free.
          if (!failed.signal.aborted) failed.abort(error);
        }
      });
      await Promise.all(supplied);
      failed.signal.throwIfAborted();
      return options.parts.flatMap(({ id }) => supplier.rows.get(id) ?? []);
    },
  );
}

/** What is there now, without changing anything: a row for each part, `missing` for what `setUp` would have to make. */
export async function listParts(options: SetupOptions): Promise<Row[]> {
  const signal = options.signal ?? new AbortController().signal;
  const parts = inOrder(options.parts, options.only);
  const supplier = await createSupplier(options, parts, signal, () => undefined);
  const rows: Row[] = [];
  for (const part of parts) rows.push((await supplier.find(part)) ?? missing(part));
  return rows;
}

interface Supplier {
  readonly rows: Map<string, Row>;
  find(part: Part): Promise<Row | undefined>;
  supply(part: Part): Promise<Row>;
}

async function createSupplier(options: SetupOptions, wanted: readonly Part[], signal: AbortSignal, log: (line: string) => void): Promise<Supplier> {
  const clock = options.clock ?? systemClock;
  const progress = new Progress(clock, wanted, BUILDS_AT_A_TIME);
  const keys = await recipeKeys(options.parts, options.root);
  const download = options.offline === true ? undefined : (options.download ?? createDownloader());
  const rows = new Map<string, Row>();
  /** Of the parts whose files are in the cache and were compared with their sha256. */
  const manifests = new Map<string, Manifest>();
  const supplies = new Map<string, Promise<Row>>();
  const turns = createTurns(BUILDS_AT_A_TIME);
  const places = inOrderOfUse(options.parts).map(({ id }) => id);

  const contextFor = (part: Part): PartContext => ({
    root: options.root,
    cacheDir: options.cacheDir,
    env: options.env ?? process.env,
    run: options.run ?? run,
    log: (line) => {
      log(`${part.id}: ${line}`);
    },
    signal,
    bin: Object.assign({}, ...[...rows.values()].map((row) => row.programs)) as Record<string, string>,
  });
  const keyOf = (part: Part): string => keys.get(part.id) ?? "";

  async function find(part: Part): Promise<Row | undefined> {
    const context = contextFor(part);
    const located = await part.locate?.(context);
    if (located !== undefined) return installed(part, located);
    if (part.kind === "host") return undefined;
    const verdict = await verifyEntry(options.cacheDir, part, keyOf(part));
    if (verdict.state === "bad") context.log(`the cached copy is not used: ${verdict.reason}`);
    return verdict.state === "good" ? accept(part, "cached", verdict.folder, verdict.manifest) : undefined;
  }

  function supply(part: Part): Promise<Row> {
    const known = supplies.get(part.id) ?? supplyOnce(part);
    supplies.set(part.id, known);
    return known;
  }

  async function supplyOnce(part: Part): Promise<Row> {
    for (const need of part.needs) await supply(partOf(options.parts, need));
    signal.throwIfAborted();
    const context = contextFor(part);
    const row = (await find(part)) ?? (part.kind === "host" ? await install(part) : await make(part));
    progress.settled(part);
    const manifest = manifests.get(part.id);
    if (part.kind === "files" && manifest !== undefined) await exposeEntry(options.cacheDir, part, row.path, manifest);
    if (part.kind === "files") await part.register?.(context);
    rows.set(part.id, row);
    if (row.source === "installed" || row.source === "cached") context.log(`${row.version}, ${row.source}`);
    return row;
  }

  async function install(part: Part & { kind: "host" }): Promise<Row> {
    const context = contextFor(part);
    await withHeartbeat("installing", context, () => part.install(context));
    const located = await part.locate(context);
    if (located === undefined)
      throw new InstallerError("SETUP_PACKAGES_MISSING", `${part.id} was installed, but its programs are still not there`, { value: part.id });
    return installed(part, located);
  }

  const left = (): string => (progress.secondsLeft() === 0 ? "" : `; about ${formatSeconds(progress.secondsLeft())} left`);

  async function make(part: FilePart): Promise<Row> {
    const into = join(options.cacheDir, "tmp", `${part.id}-${process.pid}`);
    await rm(into, { recursive: true, force: true });
    await mkdir(into, { recursive: true });
    try {
      let seconds: number | undefined;
      const source = (await tryDownload(part, into)) ? "downloaded" : "built";
      if (source === "built") {
        for (const need of part.buildNeeds ?? []) await supply(partOf(options.parts, need));
        for (const other of wanted) if (part.buildsAfter?.includes(other.id) === true) await supply(other);
        const context = contextFor(part);
        progress.queued(part);
        await turns(places.indexOf(part.id), async () => {
          signal.throwIfAborted();
          progress.started(part);
          await withHeartbeat("building", context, () => part.build(context, into));
          seconds = progress.settled(part);
        });
        await part.check?.(context, into);
        if ((await recipeKeys(options.parts, options.root)).get(part.id) !== keyOf(part))
          throw new InstallerError("SETUP_BUILD_FAILED", `the recipe of ${part.id} was changed while it was built`, {
            advice: "Run `virt-ipi setup` again.",
          });
      }
      const manifest = await storeEntry(options.cacheDir, part, keyOf(part), into, source, clock.now());
      await pruneEntries(options.cacheDir, part);
      const row = { ...accept(part, source, entryFolder(options.cacheDir, part, keyOf(part)), manifest), seconds };
      const { log: say } = contextFor(part);
      if (source === "downloaded") say(`${part.version}, downloaded, ${formatSize(row.size)}`);
      else say(`${part.version}, built in ${formatSeconds(seconds)}, ${formatSize(row.size)}${left()}`);
      return row;
    } finally {
      await rm(into, { recursive: true, force: true });
    }
  }

  async function tryDownload(part: FilePart, into: string): Promise<boolean> {
    if (part.downloads === undefined || download === undefined) return false;
    const context = contextFor(part);
    try {
      if (await download(part.downloads, into, signal, context.log)) {
        await part.check?.(context, into);
        return true;
      }
    } catch (error) {
      signal.throwIfAborted();
      context.log(`the download is not used: ${messageOf(error)}`);
    }
    // Some of the files may have come; what is built must not mix with them.
    await rm(into, { recursive: true, force: true });
    await mkdir(into, { recursive: true });
    return false;
  }

  function accept(part: FilePart, source: Row["source"], folder: string, manifest: Manifest): Row {
    manifests.set(part.id, manifest);
    const programs = Object.fromEntries(manifest.files.map((file) => [file.path, join(options.cacheDir, part.expose, file.path)]));
    return { id: part.id, version: part.version, source, path: folder, size: manifest.files.reduce((sum, file) => sum + file.size, 0), programs };
  }

  async function withHeartbeat(what: string, context: PartContext, work: () => Promise<void>): Promise<void> {
    const start = clock.now().getTime();
    const seconds = (): number => Math.round((clock.now().getTime() - start) / 1000);
    context.log(`${what} …`);
    const timer = setInterval(() => {
      context.log(`still ${what}, ${seconds()} s${left()}`);
    }, options.heartbeatMs ?? 30_000);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
    context.log(`${what} done in ${seconds()} s`);
  }

  return { rows, find, supply };
}

const installed = (part: Part, located: Located): Row => ({
  id: part.id,
  version: located.version,
  source: "installed",
  path: located.path,
  size: located.size,
  programs: located.programs,
});
const missing = (part: Part): Row => ({ id: part.id, version: part.version, source: "missing", path: "-", size: undefined, programs: {} });
