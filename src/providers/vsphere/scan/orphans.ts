import { isInfraID } from "../../../config/index.ts";
import { messageOf } from "../../../errors/index.ts";
import type { OwnedObject } from "../../platform.ts";
import { collect, textOf } from "../inventory.ts";
import type { VSphereMetadata } from "../metadata.ts";
import { tagCategoryName } from "../names.ts";
import { govcFor, type ScanContext } from "./vcenter-scan.ts";
import { clusterTag, taggedObjects } from "./tags.ts";

export type Orphan = OwnedObject & { readonly infraID: string };

const CATEGORY = /^openshift-(.+)$/;

/**
 * What carries the tag of a cluster, ours or openshift-install's, that is not among those known: by category `openshift-<infraID>`.
 * A vCenter that cannot be asked is an orphan with a problem.
 */
export async function findOrphans(metadata: VSphereMetadata, known: ReadonlySet<string>, context: ScanContext): Promise<readonly Orphan[]> {
  const found: Orphan[] = [];
  for (const { vCenter: server } of metadata.VCenters) {
    const govc = govcFor(metadata, server, context);
    if (govc === undefined) continue;
    try {
      const categories = (await govc.json<readonly { readonly name: string }[]>(["tags.category.ls"])) ?? [];
      for (const { name } of categories) {
        const infraID = CATEGORY.exec(name)?.[1];
        if (!isInfraID(infraID) || known.has(infraID)) continue;
        const scan = { govc, server, infraID, metadata };
        const tag = await clusterTag(scan);
        const objects = tag?.id === undefined ? [] : await taggedObjects(scan, tag.id);
        for (const { type, value } of objects) {
          const facts = await collect(govc, `${type}:${value}`, ["name"]);
          found.push({ kind: KINDS[type] ?? type, name: textOf(facts?.["name"]), id: `${server}/${type}:${value}`, infraID });
        }
        found.push({ kind: "tag-category", name: tagCategoryName(infraID), id: `${server}/${tag?.categoryId ?? name}`, infraID });
      }
    } catch (error) {
      context.signal.throwIfAborted();
      found.push({ kind: "vcenter", name: server, id: server, infraID: "?", problem: messageOf(error) });
    }
  }
  return found;
}

const KINDS: Readonly<Record<string, string>> = { VirtualMachine: "vm", Folder: "folder", ResourcePool: "resource-pool", Datastore: "datastore" };
