import type { ClusterStatus } from "../../installer/index.ts";
import { formatEstimate } from "../reporters/format.ts";
import { joinedLines, oneLine } from "../../util/index.ts";

export function statusText({ cluster, infraID, phases, estimate, objects, nodes }: ClusterStatus): string {
  return [
    `cluster ${cluster}, infraID ${infraID}`,
    "phases",
    ...phases.map(
      ({ phase, state, time, cause }) => `  ${phase.padEnd(24)} ${state.padEnd(11)} ${time}${cause === undefined ? "" : `  ${cause.split("\n")[0]}`}`,
    ),
    ...(estimate === undefined ? [] : [`  ${formatEstimate(estimate)}`]),
    "objects",
    ...(typeof objects === "string" ? [`  ${joinedLines(objects)}`] : objects.map(({ kind, name }) => `  ${kind.padEnd(10)} ${name}`)),
    "nodes",
    ...(typeof nodes === "string"
      ? [`  ${joinedLines(nodes)}`]
      : nodes.map(({ name, role, state, reason }) => `  ${name.padEnd(32)} ${role.padEnd(14)} ${state}${reason === undefined ? "" : `  ${reason}`}`)),
  ]
    .map(oneLine)
    .join("\n");
}
