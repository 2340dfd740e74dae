import { InstallerError } from "../errors/index.ts";
import type { KubeClient } from "../kube/index.ts";
import { MACHINE_KINDS, machinesOf, NAMESPACE, readMachines, stateOf, type Machine, type MachineSet } from "../machines/index.ts";
import { MACHINE_ANNOTATIONS } from "../providers/index.ts";
import { isRecord, type Probe } from "../util/index.ts";

/** On a MachineSet: how it was before a rehearsal that has not ended. */
const ANNOTATION = "virt-ipi.io/rehearsal";

/** How a MachineSet was before a rehearsal, and what that has added. */
export interface Before {
  readonly replicas: number;
  readonly machines: readonly string[];
  /** Of the set, which the rehearsal takes the place of. */
  readonly deletePolicy?: string | undefined;
  /** The machine that was added, as soon as it is known. */
  readonly added?: string | undefined;
}

/**
 * What goes when there is one machine too many. The controllers learn of Machines and of their set apart, so they may see a lower number before the
 * mark on a Machine; the policy comes with the number. Source: pkg/controller/machineset/delete_policy.go of openshift/machine-api-operator
 */
export const NEWEST = "Newest";

/** Whether the set has the policy of a rehearsal in place of its own. */
export const hasOurPolicy = ({ spec }: MachineSet, before: Before): boolean => spec.deletePolicy === NEWEST && before.deletePolicy !== NEWEST;

/** The set's own policy, as a change of its spec. */
export const ownPolicy = (before: Before): { readonly deletePolicy: string | null } => ({ deletePolicy: before.deletePolicy ?? null });

/** Annotations by which a later run knows what to undo; by undefined it has nothing to. */
export const rehearsalAnnotations = (before: Before | undefined): Readonly<Record<string, string | null>> => ({
  [ANNOTATION]: before === undefined ? null : JSON.stringify(before),
});

/** Of a set's machines the one that the rehearsal has added; as long as that is not known, all that were not there before. */
export const addedOf = (before: Before, own: readonly Machine[]): readonly Machine[] =>
  own.filter(({ metadata: { name } }) => (before.added === undefined ? !before.machines.includes(name) : name === before.added));

/** The value of a rehearsal's mark. */
const DELETE_FIRST = "rehearsal";

/** On a Machine: whether the controllers remove it before others of its set. */
export const deleteFirst = (is: boolean): Readonly<Record<string, string | null>> => ({
  [MACHINE_ANNOTATIONS.deleteFirst]: is ? DELETE_FIRST : null,
});

const MARKS = [MACHINE_ANNOTATIONS.deleteFirst, "machine.openshift.io/cluster-api-delete-machine"];

/** Others of a set that could go in place of the one that was added, since the controllers rank them alike: by every policy, in the same source. */
export const rivalsOf = (before: Before, own: readonly Machine[]): readonly Machine[] => {
  const added = addedOf(before, own);
  return own.filter(
    (machine) =>
      !added.includes(machine) &&
      machine.metadata.deletionTimestamp === undefined &&
      (machine.status?.errorReason !== undefined ||
        machine.status?.errorMessage !== undefined ||
        MARKS.some((mark) => (machine.metadata.annotations?.[mark] ?? "") !== "")),
  );
};

/** Done when the controllers have acted on the lower number, so that its policy is needed no more. @param own read after the set */
export function hasChosen(set: MachineSet, own: readonly Machine[], before: Before): Probe<undefined> {
  if ((set.status?.observedGeneration ?? 0) < (set.metadata.generation ?? 0))
    return { done: false, reason: "no machine controller has seen its number yet" };
  const staying = addedOf(before, own).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return staying.length === 0 ? { done: true, value: undefined } : { done: false, reason: staying.map(stateOf).join(", ") };
}

/**
 * Gives sets their `deletePolicy` back after rehearsals that ended before a controller acted on them.
 * @returns names of these sets, and of those whose policy is needed until a controller has acted. @throws API errors
 */
export async function givePoliciesBack(
  client: KubeClient,
  signal: AbortSignal,
): Promise<{ readonly given: readonly string[]; readonly needed: readonly string[] }> {
  const [given, needed]: [string[], string[]] = [[], []];
  for (const set of (await client.list<MachineSet>(MACHINE_KINDS.machineSets, NAMESPACE, signal)) ?? []) {
    const before = parse(set);
    const { name } = set.metadata;
    if (before === undefined || before === "unreadable" || !hasOurPolicy(set, before)) continue;
    if (!hasChosen(set, machinesOf(name, await readMachines(client, signal)), before).done) {
      needed.push(name);
      continue;
    }
    const change = { spec: ownPolicy(before) };
    await client.patch(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name }, change, signal);
    given.push(name);
  }
  return { given, needed };
}

/**
 * Ends a rehearsal that was interrupted, when somebody sets a number by which the machine that it added is wanted: no later run may remove it.
 * With a lower number there is still something to undo. @throws API errors
 */
export async function endRehearsal(client: KubeClient, set: MachineSet, replicas: number, signal: AbortSignal): Promise<void> {
  const before = parse(set);
  if (before === undefined || before === "unreadable" || replicas <= before.replicas) return;
  const { name } = set.metadata;
  for (const { metadata } of addedOf(before, machinesOf(name, await readMachines(client, signal))))
    if (metadata.annotations?.[MACHINE_ANNOTATIONS.deleteFirst] === DELETE_FIRST)
      await client.patch(
        MACHINE_KINDS.machines,
        { namespace: NAMESPACE, name: metadata.name },
        { metadata: { annotations: deleteFirst(false) } },
        signal,
      );
  const spec = hasOurPolicy(set, before) ? { spec: ownPolicy(before) } : {};
  const change = { metadata: { annotations: rehearsalAnnotations(undefined) }, ...spec };
  await client.patch(MACHINE_KINDS.machineSets, { namespace: NAMESPACE, name }, change, signal);
}

/** What an earlier run has left to be undone. @throws InstallerError REHEARSAL_FAILED where it cannot be read */
export function beforeRehearsal(set: MachineSet): Before | undefined {
  const before = parse(set);
  if (before !== "unreadable") return before;
  const { name, annotations } = set.metadata;
  throw new InstallerError("REHEARSAL_FAILED", `MachineSet ${name} has an annotation ${ANNOTATION} that cannot be read`, {
    value: annotations?.[ANNOTATION] ?? "",
    advice: `Give the set the replicas and the deletePolicy that it shall have, then run: kubectl annotate machineset ${name} -n ${NAMESPACE} ${ANNOTATION}-`,
  });
}

function parse({ metadata }: MachineSet): Before | "unreadable" | undefined {
  const text = metadata.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "unreadable";
  }
  if (!isRecord(value) || typeof value["replicas"] !== "number" || !Array.isArray(value["machines"])) return "unreadable";
  const { replicas, machines, deletePolicy, added } = value;
  return {
    replicas,
    machines: machines.map(String),
    deletePolicy: typeof deletePolicy === "string" ? deletePolicy : undefined,
    added: typeof added === "string" ? added : undefined,
  };
}
