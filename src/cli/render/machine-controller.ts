import type { ControllerStatus, InstalledController, UninstalledController } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";

export function installedControllerText({ unit, path, scope, state, endsWithSession }: InstalledController): string {
  const user = scope === "user" ? "--user " : "";
  return [
    `${unit}: ${state}`,
    `  unit: ${path}`,
    `  log: journalctl ${user}--unit ${unit}`,
    ...(endsWithSession ? ["It stops when you log out. To let it run without a session: loginctl enable-linger"] : []),
    "To see how it does: virt-ipi machine-controller status",
  ]
    .map(oneLine)
    .join("\n");
}

export const uninstalledControllerText = ({ unit, removed }: UninstalledController): string =>
  removed ? `${unit} is stopped and removed.` : `There is no unit ${unit} on this host.`;

/** One fact a line; below each controller its last warnings. */
export function controllerStatusText({ unit, lease, controllers }: ControllerStatus): string {
  return [
    `unit        ${unitText(unit)}`,
    `lease       ${leaseText(lease)}`,
    ...(controllers.length === 0 ? ["controllers none of this user on this host"] : []),
    ...controllers.flatMap(({ pid, since, version, ready, reason, errors }) => [
      `controller  process ${pid}, version ${version}, since ${since}: ${ready ? "ready" : `not ready: ${reason ?? "no reason is known"}`}`,
      ...errors.map(({ time, message }) => `  ${time}  ${message}`),
    ]),
  ]
    .map(oneLine)
    .join("\n");
}

function unitText(unit: ControllerStatus["unit"]): string {
  if (unit === undefined) return "not installed on this host; virt-ipi machine-controller install does it";
  const { name, scope, state } = unit;
  const where = `${name} (${scope})`;
  if (typeof state === "string") return `${where}: ${state}`;
  const since = state.since === undefined ? "" : ` since ${state.since}`;
  const restarts = state.restarts === 0 ? "" : `, ${state.restarts} restarts`;
  return `${where}: ${state.state}${since}, ${state.enabled}${restarts}${state.result === "success" ? "" : `, last result ${state.result}`}`;
}

function leaseText(lease: ControllerStatus["lease"]): string {
  if (lease === undefined) return "held by nobody: no controller acts";
  if (typeof lease === "string") return lease;
  const { holder, since, renewed, current } = lease;
  return current ? `held by ${holder} since ${since}` : `was held by ${holder} until about ${renewed}: no controller acts`;
}
