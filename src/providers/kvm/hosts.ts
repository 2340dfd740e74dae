import { isInstallerError, messageOf } from "../../errors/index.ts";
import type { OwnedObject, PlatformAccess } from "../platform.ts";
import { Libvirt } from "./libvirt.ts";
import type { KvmMetadata } from "./metadata.ts";
import { removeObject, scanCluster } from "./scan.ts";

/** What stands between a further host's URI and an object's id there: no URI has a blank. */
const SEPARATOR = " ";

/** What is the cluster's on a further host: no network and no pool, which are the user's there. */
const there = (metadata: KvmMetadata, uri: string): KvmMetadata => ({ ...metadata, uri, poolOwned: false });

/**
 * All that exists of a cluster, on the host of its own and on those that its Machines may be on. One of these that does not answer is reported as an
 * object, since whether something is there is not known.
 * @throws InstallerError of the cluster's own host
 */
export async function scanHosts(infraID: string, metadata: KvmMetadata, access: PlatformAccess): Promise<readonly OwnedObject[]> {
  const own = await scanCluster(new Libvirt(metadata.uri, access), infraID, metadata);
  const others: OwnedObject[] = [];
  for (const uri of metadata.machineHosts ?? []) {
    try {
      const found = await scanCluster(new Libvirt(uri, access), infraID, there(metadata, uri));
      others.push(...found.map((object) => ({ ...object, id: `${uri}${SEPARATOR}${object.id}` })));
    } catch (error) {
      access.signal.throwIfAborted();
      if (!isInstallerError(error)) throw error;
      others.push({ kind: "host", name: uri, id: uri, problem: messageOf(error) });
    }
  }
  // Machines go before what the cluster's own host has for all of them.
  return [...others, ...own];
}

/** Removes one object of `scanHosts` where it is. @throws InstallerError OBJECT_NOT_OWNED */
export async function removeFromHosts(infraID: string, object: OwnedObject, metadata: KvmMetadata, access: PlatformAccess): Promise<void> {
  const uri = (metadata.machineHosts ?? []).find((each) => object.id.startsWith(`${each}${SEPARATOR}`));
  if (uri === undefined) return await removeObject(new Libvirt(metadata.uri, access), infraID, object, metadata);
  const id = object.id.slice(uri.length + SEPARATOR.length);
  await removeObject(new Libvirt(uri, access), infraID, { ...object, id }, there(metadata, uri));
}
