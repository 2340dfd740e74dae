import { isNameOfCluster } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { notOwned } from "../owned-names.ts";
import type { OwnedObject } from "../platform.ts";
import { allDomains, domainFacts, removeDomain } from "./domains.ts";
import type { Libvirt } from "./libvirt.ts";
import type { KvmMetadata } from "./metadata.ts";
import { baseImageName, isVolumeOfCluster, isVolumeOfMachine, isVolumeOfSet, poolName } from "./names.ts";
import { networkFacts, removeNetwork } from "./network.ts";
import { poolFacts, removePool } from "./storage-pool.ts";
import { deleteVolume, refreshPool, volumeFacts, volumeNames } from "./storage.ts";

/**
 * All that exists of a cluster, in the order in which it can be removed. Domains and networks are known by the owner written into
 * them; volumes, which cannot carry one, by their exact names, which end in the infraID's random part; the pool by
 * name and place. A name that only begins alike is nobody's here.
 */
export async function scanCluster(libvirt: Libvirt, infraID: string, metadata: KvmMetadata): Promise<readonly OwnedObject[]> {
  const { domains, foreignDisks } = await allOf(libvirt, infraID);
  // One of our domains that somebody gave another name does not make the volumes of that name ours.
  const machines = new Set([...metadata.machines, ...domains.map(({ name }) => name).filter((name) => isNameOfCluster(infraID, name))]);
  return [
    ...domains,
    ...(await ownedVolumes(libvirt, infraID, metadata, { machines, foreignDisks })),
    ...(await ownedNetwork(libvirt, infraID)),
    ...(await ownedPool(libvirt, infraID, metadata)),
  ];
}

interface Domains {
  readonly domains: readonly OwnedObject[];
  readonly foreignDisks: ReadonlySet<string>;
}

async function allOf(libvirt: Libvirt, infraID: string): Promise<Domains> {
  const domains: OwnedObject[] = [];
  const foreignDisks = new Set<string>();
  for (const uuid of await allDomains(libvirt)) {
    const facts = await domainFacts(libvirt, uuid);
    if (facts?.owner?.infraID === infraID) domains.push({ kind: "domain", name: facts.name, id: facts.uuid });
    else if (facts?.diskPath !== undefined) foreignDisks.add(facts.diskPath);
  }
  return { domains, foreignDisks };
}

async function ownedVolumes(
  libvirt: Libvirt,
  infraID: string,
  { pool }: KvmMetadata,
  { machines, foreignDisks }: { readonly machines: ReadonlySet<string>; readonly foreignDisks: ReadonlySet<string> },
): Promise<readonly OwnedObject[]> {
  // Files that a killed run has left partly created are seen only after a refresh.
  if ((await poolFacts(libvirt, pool)) === undefined) return [];
  await refreshPool(libvirt, pool).catch(() => undefined);
  const isOurs = (name: string): boolean => name === baseImageName(infraID) || [...machines].some((machine) => isVolumeOfMachine(name, machine));
  const names: string[] = [];
  for (const name of await volumeNames(libvirt, pool)) {
    // Of a machine whose domain somebody has removed by hand; metadata.json does not know those that the cluster makes itself.
    const isLeft = async (): Promise<boolean> =>
      isVolumeOfSet(infraID, name) && !foreignDisks.has((await volumeFacts(libvirt, pool, name))?.path ?? "");
    if (isOurs(name) || (await isLeft())) names.push(name);
  }
  // Overlays before what they stand on.
  return names
    .toSorted((a, b) => Number(a === baseImageName(infraID)) - Number(b === baseImageName(infraID)))
    .map((name) => ({ kind: "volume", name, id: `${pool}/${name}` }));
}

async function ownedNetwork(libvirt: Libvirt, infraID: string): Promise<readonly OwnedObject[]> {
  const names = (await libvirt.virsh(["net-list", "--all", "--name"])).split("\n").map((line) => line.trim());
  const found: OwnedObject[] = [];
  for (const name of names.filter(Boolean)) {
    const facts = await networkFacts(libvirt, name);
    if (facts?.owner?.infraID === infraID) found.push({ kind: "network", name, id: facts.uuid });
  }
  return found;
}

async function ownedPool(libvirt: Libvirt, infraID: string, metadata: KvmMetadata): Promise<readonly OwnedObject[]> {
  if (!metadata.poolOwned || metadata.pool !== poolName(infraID)) return [];
  const facts = await poolFacts(libvirt, metadata.pool);
  return facts === undefined ? [] : [{ kind: "pool", name: facts.name, id: facts.uuid }];
}

/**
 * Removes one object that the scan found, if it is still the cluster's: domain and network by the owner written into them, volume and pool,
 * which cannot carry one, by name.
 * @throws InstallerError OBJECT_NOT_OWNED, INTERNAL for a kind that is not ours
 */
export async function removeObject(libvirt: Libvirt, infraID: string, object: OwnedObject, metadata: KvmMetadata): Promise<void> {
  const { kind, name, id } = object;
  switch (kind) {
    case "domain": {
      const found = await domainFacts(libvirt, id);
      if (found === undefined) return;
      refuseOthers(infraID, object, found.owner?.infraID);
      return await removeDomain(libvirt, id);
    }
    case "network": {
      const found = await networkFacts(libvirt, id);
      if (found === undefined) return;
      refuseOthers(infraID, object, found.owner?.infraID);
      return await removeNetwork(libvirt, id);
    }
    case "volume":
      if (!isVolumeOfCluster(infraID, name)) throw notOwned(infraID, object, "it has another name");
      return await deleteVolume(libvirt, metadata.pool, name);
    case "pool":
      if (!metadata.poolOwned || name !== poolName(infraID)) throw notOwned(infraID, object, "it has another name");
      return await removePool(libvirt, name);
    default:
      throw new InstallerError("INTERNAL", `there is no ${kind} on KVM`, { value: name });
  }
}

function refuseOthers(infraID: string, object: OwnedObject, owner: string | undefined): void {
  if (owner !== infraID) throw notOwned(infraID, object, owner === undefined ? "it carries no mark" : `it carries the mark of ${owner}`);
}
