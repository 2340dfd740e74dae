import pLimit from "p-limit";
import type { OwnedObject } from "../../platform.ts";
import { collect, findReferences, referenceText, textOf, type Reference } from "../inventory.ts";
import { templateName } from "../names.ts";
import { ownerOf } from "../template-import.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** Each question is a process and a login. */
const ASKED_AT_ONCE = 8;

/** Virtual machines and templates of a cluster; those that the cluster itself has made carry its tag too. */
export async function ownedVirtualMachines(scan: VCenterScan, tagged: readonly Reference[]): Promise<readonly OwnedObject[]> {
  const { govc, infraID, metadata } = scan;
  const exact = new Set([...metadata.machines, ...metadata.failureDomains.map(({ name }) => templateName(infraID, name))]);
  const ours = new Set(tagged.filter(({ type }) => type === "VirtualMachine").map(referenceText));
  const named = await findReferences(govc, "/", ["-type", "m", "-name", `${infraID}-*`]);
  const limit = pLimit(ASKED_AT_ONCE);
  const facts = await Promise.all([...new Set([...ours, ...named])].map((reference) => limit(() => factsOf(scan, reference))));
  return facts
    .filter((each) => each !== undefined)
    .filter(({ name, moid, annotation }) => ours.has(`VirtualMachine:${moid}`) || exact.has(name) || ownerOf(annotation) === infraID)
    .map((each) => objectOf(scan, each, exact))
    .toSorted((one, other) => Number(one.kind === "template") - Number(other.kind === "template"));
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
