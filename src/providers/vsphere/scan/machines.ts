import pLimit from "p-limit";
import type { OwnedObject } from "../../platform.ts";
import { collect, findReferences, literal, referenceText, textOf, type Reference } from "../inventory.ts";
import { templateName } from "../names.ts";
import { ownerOf } from "../template-import.ts";
import type { VCenterScan } from "./vcenter-scan.ts";

/** Each question is a process and a login. */
const ASKED_AT_ONCE = 8;

/** Virtual machines and templates of a cluster; those that the cluster itself has made carry its tag too. */
export async function ownedVirtualMachines(scan: VCenterScan, tagged: readonly Reference[]): Promise<readonly OwnedObject[]> {
  const { govc, infraID } = scan;
  const ours = new Set(tagged.filter(({ type }) => type === "VirtualMachine").map(referenceText));
  const named = await findReferences(govc, "/", ["-type", "m", "-name", `${literal(infraID)}-*`]);
  const limit = pLimit(ASKED_AT_ONCE);
  const facts = await Promise.all([...new Set([...ours, ...named])].map((reference) => limit(() => machineFacts(scan, reference))));
  return facts
    .filter((each) => each !== undefined)
    .filter((each) => ours.has(`VirtualMachine:${each.moid}`) || isMarked(scan, each))
    .map((each) => objectOf(scan, each))
    .toSorted((one, other) => Number(one.kind === "template") - Number(other.kind === "template"));
}

export interface MachineFacts {
  readonly name: string;
  readonly moid: string;
  readonly template: boolean;
  readonly annotation: string;
  readonly powerState: string;
}

/** Undefined if it is not there. */
export async function machineFacts({ govc }: VCenterScan, reference: string): Promise<MachineFacts | undefined> {
  const found = await collect(govc, reference, ["name", "summary.vm", "config.template", "config.annotation", "runtime.powerState"]);
  if (found === undefined) return undefined;
  return {
    name: textOf(found["name"]),
    moid: (found["summary.vm"] as { value: string }).value,
    template: found["config.template"] === true,
    annotation: textOf(found["config.annotation"]),
    powerState: textOf(found["runtime.powerState"]),
  };
}

/**
 * True for what carries the cluster's mark even without its tag: by its exact name, or what is written into it. A machine of a MachineSet has its own
 * name there from the moment that it is cloned, and its tag only later.
 */
export const isMarked = (scan: VCenterScan, facts: MachineFacts): boolean => isOurs(scan, facts) || isOfSet(scan, facts);

function isOurs({ infraID, metadata }: VCenterScan, { name, annotation }: MachineFacts): boolean {
  return (
    metadata.machines.includes(name) ||
    metadata.failureDomains.some((domain) => templateName(infraID, domain.name) === name) ||
    ownerOf(annotation) === infraID
  );
}

const isOfSet = ({ metadata }: VCenterScan, { name, annotation }: MachineFacts): boolean =>
  annotation === name && metadata.machineSets.some((set) => name.startsWith(`${set}-`) && /^[a-z0-9]{5}$/.test(name.slice(set.length + 1)));

function objectOf(scan: VCenterScan, facts: MachineFacts): OwnedObject {
  const { name, moid, template } = facts;
  const madeBy = isOurs(scan, facts) ? "virt-ipi" : "cluster";
  return { kind: template ? "template" : "vm", name, id: `${scan.server}/VirtualMachine:${moid}`, madeBy };
}
