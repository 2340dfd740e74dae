import { systemClock } from "../../util/index.ts";
import { document, isNotFound, type Libvirt, type Word } from "./libvirt.ts";
import { parseXml, find, findAll, textOf } from "./xml/parse-xml.ts";
import { volumeXml, type VolumeDescription } from "./xml/storage-xml.ts";

export interface VolumeFacts {
  readonly name: string;
  /** Absolute path on the host that holds the pool. */
  readonly path: string;
  /** Bytes that a machine sees. */
  readonly capacity: number;
  /** Bytes of the file itself. */
  readonly physical: number | undefined;
  readonly format: string;
  readonly backingPath: string | undefined;
}

/** A volume's facts, or undefined if the pool or the volume is not there. */
export async function volumeFacts(libvirt: Libvirt, pool: string, name: string): Promise<VolumeFacts | undefined> {
  const text = await libvirt.virshIfExists(description(pool, name));
  return text === undefined ? undefined : factsOf(name, text);
}

const description = (pool: string, name: string): readonly string[] => ["vol-dumpxml", "--pool", pool, "--vol", name];

function factsOf(name: string, text: string): VolumeFacts {
  const volume = parseXml(text);
  const physical = textOf(find(volume, "physical"));
  return {
    name,
    path: textOf(find(volume, "target", "path")),
    capacity: Number(textOf(find(volume, "capacity"))),
    physical: physical === "" ? undefined : Number(physical),
    format: find(volume, "target", "format")?.attributes["type"] ?? "raw",
    backingPath: textOf(find(volume, "backingStore", "path")) || undefined,
  };
}

/** Creates a volume and reports it. */
export async function createVolume(libvirt: Libvirt, pool: string, volume: VolumeDescription): Promise<VolumeFacts> {
  return factsOf(volume.name, await libvirt.virshAll([creation(pool, volume), description(pool, volume.name)]));
}

const creation = (pool: string, volume: VolumeDescription): readonly Word[] => ["vol-create", "--pool", pool, "--file", document(volumeXml(volume))];

/** The commands that make a volume with the content given. */
export function creationWith(pool: string, name: string, content: string): readonly (readonly Word[])[] {
  const bytes = Buffer.from(content);
  const make = creation(pool, { name, format: "raw", capacity: bytes.length });
  return bytes.length === 0 ? [make] : [make, ["vol-upload", "--pool", pool, "--vol", name, "--file", bytes]];
}

/** Removes a volume; one that is gone already is success. */
export async function deleteVolume(libvirt: Libvirt, pool: string, name: string): Promise<void> {
  await libvirt.virshIfExists(["vol-delete", "--pool", pool, "--vol", name]);
}

/** Names of all volumes that libvirt knows in a pool; empty if there is no such pool or it is off. */
export async function volumeNames(libvirt: Libvirt, pool: string): Promise<readonly string[]> {
  try {
    const list = await libvirt.virshIfExists(["vol-list", "--pool", pool]);
    // Name and path, with two blanks at least between them; our names hold no blank.
    return (list ?? "").split("\n").flatMap((line) => /^\s*(\S+)\s+\//.exec(line)?.[1] ?? []);
  } catch (error) {
    if (error instanceof Error && /is not active/.test(error.message)) return [];
    throw error;
  }
}

const REFRESH_ATTEMPTS = 60;

/** Has libvirt look at the pool's folder again. It refuses while a volume is being made there, so we ask again. */
export async function refreshPool(libvirt: Libvirt, pool: string, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await libvirt.virsh(["pool-refresh", "--pool", pool]);
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (attempt === REFRESH_ATTEMPTS || !(error instanceof Error && /asynchronous jobs running/.test(error.message))) throw error;
      await systemClock.sleep(500, signal);
    }
  }
}

/** Paths of the disks, with what they are based on, of every domain on the host. @param except the UUID of one that does not count */
export async function pathsInUse(libvirt: Libvirt, except?: string): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  const uuids = (await libvirt.virsh(["list", "--all", "--uuid"])).split("\n").map((line) => line.trim());
  for (const uuid of uuids.filter((each) => each !== "" && each !== except)) {
    const text = await libvirt.virshIfExists(["dumpxml", "--domain", uuid, "--inactive"]);
    if (text === undefined) continue;
    for (const source of findAll(parseXml(text), "devices", "disk", "source"))
      if (source.attributes["file"] !== undefined) paths.add(source.attributes["file"]);
  }
  return paths;
}
