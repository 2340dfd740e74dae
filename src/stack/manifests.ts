import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PinnedFile, VirtualizationSpec } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import { readBytesIfExists, readTextIfExists, redactValue, writeFileAtomic, type Environment, cacheFolder, contentHash } from "../util/index.ts";
import { fetchUrl } from "./fetch-url.ts";

const TIMEOUT_MS = 120_000;

/**
 * The text of every pinned manifest, by its sha256. What came by URL is kept in the user's cache, by its checksum, so that the next
 * run needs no network.
 * @throws InstallerError VIRT_MANIFEST_UNREADABLE, VIRT_MANIFEST_CHECKSUM
 */
export async function readManifests(
  spec: VirtualizationSpec | undefined,
  options: { readonly env: Environment; readonly signal?: AbortSignal | undefined },
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of pinnedFiles(spec)) if (!texts.has(file.sha256)) texts.set(file.sha256, await textOf(file, options));
  return texts;
}

function pinnedFiles(spec: VirtualizationSpec | undefined): readonly PinnedFile[] {
  if (spec === undefined) return [];
  const { operators, pipelines } = spec;
  const components = operators.source === "OLM" ? [] : [operators.kubevirt, operators.cdi, operators.networkAddons, operators.hostPathProvisioner];
  return [...components.flatMap((component) => component?.files ?? []), ...(pipelines?.source === "Manifests" ? pipelines.files : [])];
}

async function textOf(file: PinnedFile, { env, signal }: { readonly env: Environment; readonly signal?: AbortSignal | undefined }): Promise<string> {
  if (file.location.startsWith("/")) return checked(file, await local(file));
  const cached = join(cacheFolder(env), "manifests", `${file.sha256}.yaml`);
  // Whatever else is there is none, and gives way.
  const before = await readTextIfExists(cached).catch(() => rm(cached, { recursive: true, force: true }).then(() => undefined));
  if (before !== undefined && contentHash(before) === file.sha256) return before;
  const text = checked(file, await download(file, signal));
  await writeFileAtomic(cached, text, 0o644);
  return text;
}

async function local(file: PinnedFile): Promise<Buffer> {
  let content;
  try {
    content = await readBytesIfExists(file.location, { follow: true });
  } catch (error) {
    throw unreadable(file, error);
  }
  if (content === undefined) throw unreadable(file, new Error("there is no such file"));
  return content;
}

async function download(file: PinnedFile, signal: AbortSignal | undefined): Promise<Buffer> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetchUrl(file.location, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(file, error);
  }
}

function checked(file: PinnedFile, content: Buffer): string {
  const found = contentHash(content);
  if (found === file.sha256) return content.toString("utf8");
  const shown = redactValue(file.location);
  throw new InstallerError("VIRT_MANIFEST_CHECKSUM", `${shown} has sha256 ${found}, not ${file.sha256}`, { value: shown });
}

const unreadable = (file: PinnedFile, cause: unknown): InstallerError =>
  new InstallerError("VIRT_MANIFEST_UNREADABLE", `cannot read ${redactValue(file.location)}`, { value: redactValue(file.location), cause });
