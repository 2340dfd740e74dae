import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type AssetInput,
  type AssetSet,
  type KeyStore,
  type MachineStart,
  makeClusterKeys,
  parseKeyStore,
  readTemplates,
  renderAssets,
  type RenderedAssets,
  rendererOf,
  serializeKeyStore,
} from "../assets/index.ts";
import { type ClusterSpec, type Identity, machinePart, type MachinePlan, makeIdentity, planMachines } from "../config/index.ts";
import { CATALOGUE, InstallerError } from "../errors/index.ts";
import { type Platform, platformFor, type PlatformMetadata, PLATFORMS } from "../providers/index.ts";
import { type Clock, type Entropy, isRecord, PACKAGE_ROOT, readTextIfExists, writeFileAtomic } from "../util/index.ts";
import type { ClusterFolder } from "./cluster-folder.ts";
import { callerOf, closeFolder, guardFolder } from "./guard-folder.ts";
import { identityToWriteWith } from "./identity.ts";
import { readJsonIfExists, writeJson } from "./json-file.ts";
import { hashesOf, readCluster, refuseChange, type ReadCluster, type ReadOptions } from "./read-cluster.ts";
import { editedIgnition, manifestsOnDisk, manifestsWritten, readSavedAssets, saveAssets, staleIgnition } from "./saved-assets.ts";
import { secretsOf } from "./secrets.ts";

/** A cluster whose assets lie in its folder. */
export interface PreparedAssets {
  readonly folder: ClusterFolder;
  readonly spec: ClusterSpec;
  readonly identity: Identity;
  readonly machines: readonly MachinePlan[];
  readonly assets: AssetSet;
  readonly start: MachineStart;
  readonly keys: KeyStore;
  /** Which of the user's files were picked up, and what was left out. */
  readonly notes: readonly string[];
}

/** The same on a platform whose machines virt-ipi creates: all that the program and the phases work from. */
export interface PreparedCluster extends PreparedAssets {
  readonly platform: Platform;
  readonly metadata: PlatformMetadata;
}

export interface PrepareOptions extends ReadOptions {
  readonly folder: ClusterFolder;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Create the assets again, though the install-config has changed since. The identity stays, and so do files that the user edited. */
  readonly regenerate?: boolean | undefined;
  /** For a machine that becomes a cluster by itself. */
  readonly inPlace?: boolean | undefined;
  /** When it is aborted, what is being written is written to its end, and nothing is begun. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every secret as soon as it is known. */
  readonly onSecret?: (secret: string) => void;
  /** What was read of the folder in this run already. */
  readonly read?: ReadCluster | undefined;
}

const TEMPLATES = join(PACKAGE_ROOT, "templates");

/**
 * `prepareAssets` for a cluster whose machines are to be created.
 * @throws InstallerError of `prepareAssets`, PLATFORM_UNSUPPORTED before anything is written
 */
export async function prepareCluster(options: PrepareOptions): Promise<PreparedCluster> {
  const prepared = await prepare(options, platformFor);
  const { spec, identity, machines } = prepared;
  const platform = platformFor(spec.platform.name);
  return { ...prepared, platform, metadata: platform.metadata(spec, identity, machines) };
}

/**
 * Makes or loads identity and keys, renders the assets and writes them into the folder. Doing it again changes nothing.
 * @throws InstallerError of reading and rendering, CONFIG_CHANGED, IDENTITY_LOST, IDENTITY_CONFLICT, the signal's reason
 */
export const prepareAssets = (options: PrepareOptions): Promise<PreparedAssets> => prepare(options, (name) => PLATFORMS.get(name));

async function prepare(options: PrepareOptions, platformOf: (name: string) => Platform | undefined): Promise<PreparedAssets> {
  const { folder } = options;
  // Plain pulumi comes here without the CLI.
  await guardFolder(folder, callerOf(options.env));
  await closeFolder(folder);
  const known = await identityToWriteWith(folder);
  const { source, written, referring, spec } = options.read ?? (await readCluster(folder, options));
  const announce = (secrets: readonly string[]): void => secrets.forEach((secret) => options.onSecret?.(secret));
  announce(secretsOf(spec, undefined));
  const platform = platformOf(spec.platform.name);
  const hashes = hashesOf({ source, written });
  const warnings: string[] = [];
  const saved = await readSavedAssets(folder, (message) => warnings.push(message));
  if (saved === undefined && warnings.length === 0 && known !== undefined && (await exists(folder.metadata)))
    warnings.push(`${folder.savedAssets} is missing; each file that is not as it would be written now counts as yours`);
  if (options.regenerate !== true) refuseChange(folder, saved, hashes);

  options.signal?.throwIfAborted();
  const isFirst = saved === undefined && !(await exists(folder.metadata));
  const identity = known === undefined ? await newIdentity(spec, options) : await currentIdentity(known, spec, isFirst, options);
  const keys = await clusterKeys(spec, options);
  announce(secretsOf(spec, keys));
  const machines = planMachines(spec, identity);
  await saveTrustBundle(folder, spec.additionalTrustBundle);
  const input: AssetInput = {
    spec,
    identity,
    machines,
    keys,
    installConfig: machinePart(source.toString("utf8")),
    templates: await readTemplates(TEMPLATES),
    // In the file references stay references: a password that the user keeps elsewhere is not written down.
    ...(platform === undefined ? {} : { platformMetadata: platform.metadata(referring, identity, machines) }),
    manifestsOnDisk: await manifestsOnDisk(folder),
    manifestsWritten: await manifestsWritten(folder, saved),
    inPlace: options.inPlace === true,
    ...apiAddressOf(spec, machines),
  };
  const asWritten = await renderAssets(input);
  const edited = await editedIgnition(folder, asWritten.assets, saved ?? (known === undefined ? undefined : "lost"));
  // What the user adds to a pointer may be of account for other assets too.
  const editedPointers = new Map([...edited].flatMap(([path, text]) => (isPointer(spec, path) ? [[path.replace(/\.ign$/, ""), text]] : [])));
  const rendered = editedPointers.size === 0 ? asWritten : await renderAssets({ ...input, editedPointers });
  const assets = new Map([...rendered.assets].map(([path, asset]) => [path, { ...asset, content: edited.get(path) ?? asset.content }]));
  const { manifests, start } = rendered;
  options.signal?.throwIfAborted();
  const keep = new Set([...edited.keys(), ...manifests.edited, ...manifests.extra]);
  // Only when all is created again: the config of a machine in place is created by a command of its own.
  const stale = options.regenerate === true ? await staleIgnition(folder, assets, saved) : [];
  const obsolete = [...manifests.obsolete, ...stale];
  const restored = await saveAssets(folder, saved, { assets, keep, obsolete, removed: manifests.removed, ...hashes });
  const notes = notesOn(manifests, edited, restored, options.regenerate === true);
  return { folder, spec, identity, machines, assets, start, keys, notes: [...warnings, ...notes] };
}

const isPointer = ({ pools, openshift }: ClusterSpec, path: string): boolean =>
  [pools.controlPlane, ...pools.compute, ...(openshift?.config.arbiter === undefined ? [] : [openshift.config.arbiter])].some(
    ({ name }) => path === `${name}.ign`,
  );

/** For the programs that Pulumi starts: Go's take their CAs from SSL_CERT_FILE. */
async function saveTrustBundle(folder: ClusterFolder, bundle: string | undefined): Promise<void> {
  if (bundle === undefined) await rm(folder.trustBundle, { force: true });
  else if ((await readTextIfExists(folder.trustBundle)) !== bundle) await writeFileAtomic(folder.trustBundle, bundle);
}

/**
 * Certificates of OpenShift begin with the cluster and live a day: those that are created again begin again, until the cluster has its own. So do
 * the first ones, where the run that was to write them never came to it.
 */
async function currentIdentity(known: Identity, spec: ClusterSpec, isFirst: boolean, options: PrepareOptions): Promise<Identity> {
  const { folder, clock, regenerate } = options;
  if ((regenerate !== true && !isFirst) || spec.openshift === undefined || (await bootstrapIsComplete(folder))) return known;
  const identity = { ...known, createdAt: clock.now().toISOString() };
  await writeJson(folder.identity, identity);
  return identity;
}

async function newIdentity(spec: ClusterSpec, options: PrepareOptions): Promise<Identity> {
  const identity = makeIdentity(spec.name, options.clock, options.entropy);
  await writeJson(options.folder.identity, identity);
  return identity;
}

async function clusterKeys(spec: ClusterSpec, { folder, entropy, signal }: PrepareOptions): Promise<KeyStore> {
  const text = await readTextIfExists(folder.keys, { advice: CATALOGUE.KEYS_INVALID.advice });
  if (text === undefined && (await exists(folder.metadata)))
    throw new InstallerError("KEYS_INVALID", `there is no ${folder.keys}, but a cluster was created with it`, { value: folder.keys });
  const before = text === undefined ? undefined : parseKeyStore(text);
  const keys = await makeClusterKeys(rendererOf(spec), entropy, before, signal);
  const now = serializeKeyStore(keys);
  if (now !== text) await writeFileAtomic(folder.keys, now);
  return keys;
}

/** Where `api.<domain>` need not resolve on the installer's machine: the VIP, else the first control-plane machine. */
function apiAddressOf(spec: ClusterSpec, machines: readonly MachinePlan[]): { apiAddress?: string } {
  if (spec.loadBalancer === "UserManaged" || spec.distribution !== "kubernetes") return {};
  const address = spec.vips.api[0] ?? machines.find((machine) => machine.role === "control-plane")?.ipAddress;
  return address === undefined ? {} : { apiAddress: address };
}

function notesOn(
  manifests: RenderedAssets["manifests"],
  edited: ReadonlyMap<string, string>,
  restored: readonly string[],
  regenerated: boolean,
): readonly string[] {
  const note = (paths: readonly string[], what: string): readonly string[] => (paths.length === 0 ? [] : [`${what}: ${paths.join(", ")}`]);
  return [
    ...note([...manifests.edited, ...edited.keys()], "your edited files are used"),
    ...(regenerated
      ? note([...edited.keys()], "not created again, since you edited them; remove them and run again to have them as the install-config says")
      : []),
    ...note(manifests.extra, "your own manifests are added"),
    ...note(manifests.removed, "manifests that you removed are not written again"),
    ...note(manifests.ignored, "files that are no manifests are ignored"),
    ...note(restored, "changes to files that are not yours to change are undone"),
  ];
}

/** @throws InstallerError FILE_UNREADABLE: whether the bootstrap machine is needed must not be guessed */
export const bootstrapIsComplete = async (folder: ClusterFolder): Promise<boolean> =>
  (await readJsonIfExists(folder.bootstrapComplete, isMarker, "Remove the file: whether bootstrapping is complete is then found out again.")) !==
  undefined;

const isMarker = (value: unknown): value is object => isRecord(value) && typeof value["infraID"] === "string";

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;
