import { CORE_KINDS, type KubeClient } from "../../kube/index.ts";
import { NAMESPACE } from "../names.ts";
import type { Machine } from "./kinds.ts";

/** What the controller makes of a Machine; empty until it has looked at it. */
export const phaseOf = ({ metadata, status }: Machine): string => (metadata.deletionTimestamp === undefined ? (status?.phase ?? "") : "Deleting");

/** `<name>: <phase>` */
export const stateOf = (machine: Machine): string => `${machine.metadata.name}: ${phaseOf(machine) || "not looked at yet"}`;

/** `<name>: <phase>, <why>` of each; without the last where nothing is known. @throws API errors */
export async function statesOf(client: KubeClient, machines: readonly Machine[], signal?: AbortSignal): Promise<readonly string[]> {
  const causeOf = await causesOf(client, machines, signal);
  return machines.map((machine) => {
    const why = causeOf(machine);
    return `${stateOf(machine)}${why === undefined ? "" : `, ${why}`}`;
  });
}

/** @returns why one of these machines does not run; undefined for one that does, and where nothing is known. @throws API errors */
export async function causesOf(
  client: KubeClient,
  machines: readonly Machine[],
  signal?: AbortSignal,
): Promise<(machine: Machine) => string | undefined> {
  const held = machines.some(isDraining) ? await heldDrains(client, signal) : new Map<string, string>();
  return (machine) => {
    if (phaseOf(machine) === "Running") return undefined;
    return (isDraining(machine) ? held.get(machine.metadata.uid ?? "") : undefined) ?? ownCause(machine);
  };
}

const isDraining = ({ metadata, status }: Machine): boolean =>
  metadata.deletionTimestamp !== undefined &&
  status?.nodeRef !== undefined &&
  status.conditions?.some(({ type, status: is }) => type === "Drained" && is === "True") !== true;

interface DrainEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject: { readonly uid?: string };
  readonly lastTimestamp?: string | null;
}

/** Why drains go on, by the Machine's UID. The controller says so in events alone: the condition Drained it writes only in the end. */
async function heldDrains(client: KubeClient, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const events = (await client.list<DrainEvent>(CORE_KINDS.events, NAMESPACE, signal)) ?? [];
  return new Map(
    events
      .filter(({ reason }) => reason === "DrainRequeued")
      .toSorted((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""))
      .map(({ involvedObject: { uid = "" }, message = "" }) => [uid, message]),
  );
}

/** As far as the Machine's own status says. */
function ownCause({ status }: Machine): string | undefined {
  const condition = status?.conditions?.find((each) => each.status === "False" && (each.message ?? "") !== "");
  return status?.errorMessage ?? condition?.message;
}
