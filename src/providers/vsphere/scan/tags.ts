import type { OwnedObject } from "../../platform.ts";
import { isNotFound } from "../govc.ts";
import { collect, find, findReferences, literal, textOf, type Reference } from "../inventory.ts";
import { lastOf, tagCategoryName, tagName } from "../names.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** The cluster's category, and its tag if that is there still. */
export interface ClusterTag {
  readonly categoryId: string;
  readonly id: string | undefined;
}

interface TagEntry {
  readonly id: string;
  readonly name: string;
}

/** By the exact names of category and tag: a tag of the same name in another category is another's. */
export async function clusterTag({ govc, infraID }: VCenterScan): Promise<ClusterTag | undefined> {
  const categories = (await govc.json<readonly TagEntry[]>(["tags.category.ls"])) ?? [];
  const category = categories.find(({ name }) => name === tagCategoryName(infraID));
  if (category === undefined) return undefined;
  const tags = (await govc.json<readonly TagEntry[]>(["tags.ls", "-c", category.id])) ?? [];
  return { categoryId: category.id, id: tags.find(({ name }) => name === tagName(infraID))?.id };
}

/** What the tag is attached to. */
export async function taggedObjects({ govc }: VCenterScan, tagId: string): Promise<readonly Reference[]> {
  try {
    const texts = (await govc.json<readonly string[]>(["tags.attached.ls", tagId])) ?? [];
    return texts.map((text) => {
      const [type = "", value = ""] = text.split(":");
      return { type, value };
    });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Folders that are ours: tagged, or (made by a run that was killed before it tagged them) named exactly after the infraID. Deepest first. */
export async function ownedFolders({ govc, server, infraID }: VCenterScan, tagged: readonly Reference[]): Promise<readonly OwnedObject[]> {
  const found = new Map<string, OwnedObject>();
  const add = (id: string, name: string): void => void found.set(id, { kind: "folder", name, id: `${server}/Folder:${id}`, madeBy: "virt-ipi" });
  for (const { type, value } of tagged) {
    if (type !== "Folder") continue;
    const folder = await collect(govc, `Folder:${value}`, ["name"]);
    if (folder !== undefined) add(value, textOf(folder["name"]));
  }
  for (const path of await find(govc, "/", ["-type", "f", "-name", literal(infraID)])) {
    if (lastOf(path) !== infraID) continue;
    if (!holdsMachines((await collect(govc, path, ["childType"]))?.["childType"])) continue;
    for (const id of await idsOf(govc, path)) add(id, lastOf(path));
  }
  return [...found.values()];
}

/** Ours are for virtual machines, and no others. @param types a folder's `childType` */
export const holdsMachines = (types: unknown): boolean => Array.isArray(types) && types.includes("VirtualMachine");

const idsOf = async (govc: VCenterScan["govc"], path: string): Promise<readonly string[]> =>
  (await findReferences(govc, path, ["-maxdepth", "0"])).flatMap((text) => text.split(":")[1] ?? []);

export function tagObjects({ server, infraID }: VCenterScan, tag: ClusterTag | undefined): readonly OwnedObject[] {
  if (tag === undefined) return [];
  const category: OwnedObject = { kind: "tag-category", name: tagCategoryName(infraID), id: `${server}/${tag.categoryId}`, madeBy: "virt-ipi" };
  return tag.id === undefined ? [category] : [{ kind: "tag", name: tagName(infraID), id: `${server}/${tag.id}`, madeBy: "virt-ipi" }, category];
}
