import { InstallerError } from "../../../errors/index.ts";
import type { OwnedObject } from "../../platform.ts";
import { isNotFound, type Govc } from "../govc.ts";
import { collect, referencesIn } from "../inventory.ts";
import type { VSphereMetadata } from "../metadata.ts";
import { govcFor, type ScanContext } from "./vcenter-scan.ts";

const LONG_MS = 10 * 60_000;

/** Removes one object that the scan found; what is gone already is success. @throws InstallerError VCENTER_…, INTERNAL for a kind that is not ours */
export async function removeObject(object: OwnedObject, metadata: VSphereMetadata, context: ScanContext): Promise<void> {
  const at = object.id.indexOf("/");
  const server = at < 0 ? object.id : object.id.slice(0, at);
  const govc = govcFor(metadata, server, context);
  if (govc === undefined) throw new InstallerError("INTERNAL", `metadata.json has no vCenter ${server}`, { value: object.id });
  if (object.problem !== undefined)
    throw new InstallerError("VCENTER_UNREACHABLE", `${server} could not be looked at: ${object.problem}`, { value: server });
  try {
    await remove(govc, object, object.id.slice(at + 1));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function remove(govc: Govc, { kind, name }: OwnedObject, id: string): Promise<void> {
  switch (kind) {
    case "vm":
      return await removeMachine(govc, id);
    case "template":
      return void (await govc.text(["object.destroy", id], { timeoutMs: LONG_MS }));
    case "cns-volume":
      return await removeVolume(govc, id);
    case "storage-policy":
      return void (await govc.text(["storage.policy.rm", name]));
    case "folder":
      return await removeFolder(govc, id, name);
    case "cluster-rule":
      return await removeNamed(govc, "cluster.rule", id, name);
    case "vm-group":
      return await removeNamed(govc, "cluster.group", id, name);
    case "tag":
      return void (await govc.text(["tags.rm", "-f", id]));
    case "tag-category":
      return void (await govc.text(["tags.category.rm", "-f", id]));
    default:
      throw new InstallerError("INTERNAL", `there is no ${kind} on vSphere`, { value: name });
  }
}

/** A rule or group of the cluster in `<path>#<name>`. One that is gone is told as a wrong argument, so a failure counts only while it is listed. */
async function removeNamed(govc: Govc, commands: "cluster.rule" | "cluster.group", id: string, name: string): Promise<void> {
  const cluster = id.slice(0, id.lastIndexOf("#"));
  try {
    await govc.text([`${commands}.remove`, "-cluster", cluster, "-name", name]);
  } catch (error) {
    const left = (await govc.json<readonly string[]>([`${commands}.ls`, "-cluster", cluster])) ?? [];
    if (left.includes(name)) throw error;
  }
}

/** What is gone already is told as a wrong argument, so a failure counts only while the volume is listed. */
async function removeVolume(govc: Govc, id: string): Promise<void> {
  try {
    await govc.text(["volume.rm", id], { timeoutMs: LONG_MS });
  } catch (error) {
    const left = await govc.json<{ readonly volume?: readonly unknown[] | null }>(["volume.ls", id]);
    if ((left?.volume ?? []).length > 0) throw error;
  }
}

async function removeMachine(govc: Govc, reference: string): Promise<void> {
  const power = (await collect(govc, reference, ["runtime.powerState"]))?.["runtime.powerState"];
  if (power === undefined) return;
  if (power !== "poweredOff") await govc.text(["vm.power", "-off", "-force", reference], { timeoutMs: LONG_MS });
  await govc.text(["object.destroy", reference], { timeoutMs: LONG_MS });
}

/** Destroying a folder destroys what is in it, so one with anything left inside stays: that is somebody else's. */
async function removeFolder(govc: Govc, reference: string, name: string): Promise<void> {
  const children = referencesIn((await collect(govc, reference, ["childEntity"]))?.["childEntity"]);
  if (children.length > 0)
    throw new InstallerError("VCENTER_FAILED", `folder ${name} is not empty: ${children.length} objects in it are not of this cluster`, {
      value: name,
      advice: "Move them to another folder, then run `virt-ipi destroy cluster` again.",
    });
  await govc.text(["object.destroy", reference], { timeoutMs: LONG_MS });
}
