import { vmFolder } from "../../../config/platforms/vsphere/index.ts";
import { collect, find, literal, textOf } from "../inventory.ts";
import { tagCategoryName, tagName, templateName } from "../names.ts";
import { ownerOf } from "../template-import.ts";
import { failed, ok, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

/**
 * Names that something else has: the cluster's folder with foreign machines in it, machines and templates in the user's folder, a tag on
 * foreign objects. What is ours already is an interrupted run's and no conflict.
 */
export async function checkNames(input: CheckInput): Promise<Finding> {
  const { infraID } = input.identity;
  const taken: string[] = [];
  let own = 0;
  for (const server of input.vcenters.keys())
    if (await hasForeignTag(input, server)) taken.push(`tag category ${tagCategoryName(infraID)} on ${server}`);
  for (const { name, server, topology } of input.domains) {
    const govc = govcOf(input, server);
    const folder = vmFolder(topology, infraID);
    const planned = input.machines.filter(({ vsphere }) => vsphere?.failureDomain === name).map((machine) => machine.name);
    for (const wanted of [...planned, ...(topology.template === undefined ? [templateName(infraID, name)] : [])]) {
      const path = `${folder}/${wanted}`;
      const found = await collect(govc, path, ["config.annotation", "summary.vm"]);
      if (found === undefined) continue;
      // Names end in the infraID's random part; a machine in the cluster's own folder is the cluster's.
      const isOurs =
        topology.folder === undefined || ownerOf(textOf(found["config.annotation"])) === infraID || (await isTagged(input, server, path));
      if (isOurs) own++;
      else taken.push(path);
    }
  }
  if (taken.length > 0) return failed(`taken: ${[...new Set(taken)].join(", ")}`, "Rename or remove them, or give the cluster another name.");
  return ok(own === 0 ? "all free" : `${own} of them are this cluster's own`);
}

const isTagged = async (input: CheckInput, server: string, path: string): Promise<boolean> =>
  ((await govcOf(input, server).json<readonly string[]>(["tags.attached.ls", "-r", literal(path)])) ?? []).includes(tagName(input.identity.infraID));

/** Our category holds no tag but the cluster's. */
async function hasForeignTag(input: CheckInput, server: string): Promise<boolean> {
  const govc = govcOf(input, server);
  const { infraID } = input.identity;
  const categories = (await govc.json<readonly { readonly id: string; readonly name: string }[]>(["tags.category.ls"])) ?? [];
  const category = categories.find(({ name }) => name === tagCategoryName(infraID));
  if (category === undefined) return false;
  const tags = (await govc.json<readonly { readonly name: string }[]>(["tags.ls", "-c", category.id])) ?? [];
  return (
    tags.some(({ name }) => name !== tagName(infraID)) ||
    (tags.length === 0 && (await find(govc, "/", ["-type", "f", "-name", infraID])).length === 0)
  );
}
