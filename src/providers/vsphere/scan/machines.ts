import type { OwnedObject } from "../../platform.ts";
import { collect, find, referenceText, textOf, type Reference } from "../inventory.ts";
import { lastOf, templateName } from "../names.ts";
import { ownerOf } from "../template-import.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** Virtual machines and templates of a cluster; those that the cluster itself has made carry its tag too. */
export async function ownedVirtualMachines(scan: VCenterScan, tagged: readonly Reference[]): Promise<readonly OwnedObject[]> {
  const { govc, infraID, metadata } = scan;
  const exact = new Set([...metadata.machines, ...metadata.failureDomains.map(({ name }) => templateName(infraID, name))]);
  const found = new Map<string, OwnedObject>();
  for (const reference of tagged) {
    if (reference.type !== "VirtualMachine") continue;
    const facts = await factsOf(scan, referenceText(reference));
    if (facts !== undefined) found.set(facts.moid, objectOf(scan, facts, exact));
  }
  for (const path of await find(govc, "/", ["-type", "m", "-name", `${infraID}-*`])) {
    const name = lastOf(path);
    const facts = await factsOf(scan, path);
    if (facts === undefined || found.has(facts.moid)) continue;
    if (exact.has(name) || ownerOf(facts.annotation) === infraID) found.set(facts.moid, objectOf(scan, facts, exact));
  }
  return [...found.values()].toSorted((a, b) => Number(a.kind === "template") - Number(b.kind === "template"));
}

interface Facts {
  readonly name: string;
  readonly moid: string;
  readonly template: boolean;
  readonly annotation: string;
}

async function factsOf({ govc }: VCenterScan, object: string): Promise<Facts | undefined> {
  const found = await collect(govc, object, ["name", "summary.vm", "config.template", "config.annotation"]);
  if (found === undefined) return undefined;
  return {
    name: textOf(found["name"]),
    moid: (found["summary.vm"] as { value: string }).value,
    template: found["config.template"] === true,
    annotation: textOf(found["config.annotation"]),
  };
}

function objectOf({ server, infraID }: VCenterScan, { name, moid, template, annotation }: Facts, exact: ReadonlySet<string>): OwnedObject {
  const ours = exact.has(name) || ownerOf(annotation) === infraID;
  return { kind: template ? "template" : "vm", name, id: `${server}/VirtualMachine:${moid}`, madeBy: ours ? "virt-ipi" : "cluster" };
}
