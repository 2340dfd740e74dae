import { InstallerError } from "../../../errors/index.ts";
import { notOwned } from "../../owned-names.ts";
import type { OwnedObject } from "../../platform.ts";
import { isNotFound, type Govc } from "../govc.ts";
import { collect, literal, referencesIn, referenceText, textOf } from "../inventory.ts";
import type { VSphereMetadata } from "../metadata.ts";
import { storagePolicyName } from "../names.ts";
import { isMarked, machineFacts } from "./machines.ts";
import { placementNames } from "./placement.ts";
import { ownedVolumes } from "./storage.ts";
import { clusterTag, holdsMachines, taggedObjects } from "./tags.ts";
import { govcFor, type ScanContext, type VCenterScan } from "./vcenter-scan.ts";

const LONG_MS = 10 * 60_000;

/**
 * Removes one object that the scan found, if it still carries the cluster's mark; what is gone already is success.
 * @throws InstallerError OBJECT_NOT_OWNED, VCENTER_…, INTERNAL for a kind that is not ours
 */
export async function removeObject(infraID: string, object: OwnedObject, metadata: VSphereMetadata, context: ScanContext): Promise<void> {
  const at = object.id.indexOf("/");
  const server = at < 0 ? object.id : object.id.slice(0, at);
  const govc = govcFor(metadata, server, context);
  if (govc === undefined) throw new InstallerError("INTERNAL", `metadata.json has no vCenter ${server}`, { value: object.id });
  if (object.problem !== undefined)
    throw new InstallerError("VCENTER_UNREACHABLE", `${server} could not be searched: ${object.problem}`, { value: server });
  try {
    await remove({ govc, server, infraID, metadata }, object, object.id.slice(at + 1));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function remove(scan: VCenterScan, object: OwnedObject, id: string): Promise<void> {
  const { govc, infraID } = scan;
  const { kind, name } = object;
  switch (kind) {
    case "vm":
    case "template":
      return await removeMachine(scan, object, id);
    case "cns-volume":
      return await removeVolume(scan, object, id);
    case "storage-policy":
      if (name !== storagePolicyName(infraID)) throw notOwned(infraID, object, "it has another name");
      return void (await govc.text(["storage.policy.rm", name]));
    case "folder":
      return await removeFolder(scan, object, id);
    case "cluster-rule":
    case "vm-group":
      return await removeNamed(scan, object, id);
    case "tag":
    case "tag-category":
      return await removeTag(scan, object, id);
    default:
      throw new InstallerError("INTERNAL", `there is no ${kind} on vSphere`, { value: name });
  }
}

/** By its exact name, under which the id is looked up once more. */
async function removeTag(scan: VCenterScan, object: OwnedObject, id: string): Promise<void> {
  const tag = await clusterTag(scan);
  const [found, command] = object.kind === "tag" ? [tag?.id, "tags.rm"] : [tag?.categoryId, "tags.category.rm"];
  if (found === undefined) return;
  if (found !== id) throw notOwned(scan.infraID, object, `the cluster's has the id ${found}`);
  await scan.govc.text([command, "-f", id]);
}

/** A rule or group of the cluster in `<path>#<name>`. One that is gone is reported as a wrong argument, so a failure counts only while it is listed. */
async function removeNamed(scan: VCenterScan, object: OwnedObject, id: string): Promise<void> {
  const { govc, infraID } = scan;
  const { name } = object;
  const path = id.slice(0, -`#${name}`.length);
  if (!placementNames(scan, path).has(name)) throw notOwned(infraID, object, "it has another name");
  const commands = object.kind === "cluster-rule" ? "cluster.rule" : "cluster.group";
  const cluster = literal(path);
  try {
    await govc.text([`${commands}.remove`, "-cluster", cluster, "-name", name]);
  } catch (error) {
    const left = (await govc.json<readonly string[]>([`${commands}.ls`, "-cluster", cluster])) ?? [];
    if (left.includes(name)) throw error;
  }
}

/** What is gone already is reported as a wrong argument, so a failure counts only while the volume is listed. */
async function removeVolume(scan: VCenterScan, object: OwnedObject, id: string): Promise<void> {
  const { govc, infraID } = scan;
  if (!(await ownedVolumes(scan)).some((volume) => volume.id === object.id)) {
    if (await isListed(govc, id)) throw notOwned(infraID, object, "its container cluster is another");
    return;
  }
  try {
    await govc.text(["volume.rm", id], { timeoutMs: LONG_MS });
  } catch (error) {
    if (await isListed(govc, id)) throw error;
  }
}

const isListed = async (govc: Govc, volume: string): Promise<boolean> =>
  ((await govc.json<{ readonly volume?: readonly unknown[] | null }>(["volume.ls", volume]))?.volume ?? []).length > 0;

async function removeMachine(scan: VCenterScan, object: OwnedObject, reference: string): Promise<void> {
  const { govc, infraID } = scan;
  const found = await machineFacts(scan, reference);
  if (found === undefined) return;
  if (!isMarked(scan, found) && !(await isTagged(scan, reference))) throw notOwned(infraID, object, `it is ${found.name}, without the cluster's tag`);
  if (!found.template && found.powerState !== "poweredOff") await govc.text(["vm.power", "-off", "-force", reference], { timeoutMs: LONG_MS });
  await govc.text(["object.destroy", reference], { timeoutMs: LONG_MS });
}

async function isTagged(scan: VCenterScan, reference: string): Promise<boolean> {
  const id = (await clusterTag(scan))?.id;
  return id !== undefined && (await taggedObjects(scan, id)).some((each) => referenceText(each) === reference);
}

/** Destroying a folder destroys what is in it, so one with anything left inside stays: that is somebody else's. */
async function removeFolder(scan: VCenterScan, object: OwnedObject, reference: string): Promise<void> {
  const { govc, infraID } = scan;
  const { name } = object;
  const found = await collect(govc, reference, ["name", "childType", "childEntity"]);
  if (found === undefined) return;
  const named = textOf(found["name"]) === infraID && holdsMachines(found["childType"]);
  if (!named && !(await isTagged(scan, reference))) throw notOwned(infraID, object, `it is ${textOf(found["name"])}, without the cluster's tag`);
  const children = referencesIn(found["childEntity"]);
  if (children.length > 0)
    throw new InstallerError("VCENTER_FAILED", `folder ${name} is not empty: ${children.length} objects in it are not of this cluster`, {
      value: name,
      advice: "Move them to another folder, then run `virt-ipi destroy cluster` again.",
    });
  await govc.text(["object.destroy", reference], { timeoutMs: LONG_MS });
}
