import type { InstallerEvent, Reporter } from "../events/index.ts";
import type { Look } from "../kube/index.ts";
import { controllerRuns, listMachines, listMachineSets, type MachineSummary } from "../machines/index.ts";
import type { Clock } from "../util/index.ts";

/** Looks at sets and machines for ever, and reports each at first and whenever it has changed. */
export function changesOf(reporter: Reporter, clock: Clock): Look<never> {
  let shown: ReadonlyMap<string, Shown> = new Map();
  return async (client, signal) => {
    const runs = await controllerRuns(client, clock, signal);
    const sets = await listMachineSets(client, signal);
    const machines = await listMachines(client, clock, signal);
    const now = new Map<string, Shown>([
      ...sets.map((set) => shownOf(`set ${set.name}`, { type: "machine-set", ...set })),
      ...machines.map((machine) => shownOf(`machine ${machine.name}`, eventOf(machine))),
    ]);
    for (const [key, { event, text }] of now) if (shown.get(key)?.text !== text) reporter.emit(event);
    for (const [key, { event }] of shown)
      if (!now.has(key) && event.type === "machine") {
        const { reason: _, ...rest } = event;
        reporter.emit({ ...rest, phase: "Gone", instanceState: "", node: "" });
      }
    shown = now;
    const running = machines.filter(({ phase }) => phase === "Running").length;
    return { done: false, reason: `${running} of ${machines.length} run${runs ? "" : "; no machine controller acts"}` };
  };
}

interface Shown {
  readonly event: InstallerEvent;
  /** Of the event, without its age. */
  readonly text: string;
}

const shownOf = (key: string, event: InstallerEvent): readonly [string, Shown] => [
  key,
  { event, text: JSON.stringify({ ...event, ...("ageSeconds" in event ? { ageSeconds: 0 } : {}) }) },
];

const eventOf = ({ name, machineSet, phase, instanceState, node, ageSeconds, reason }: MachineSummary): InstallerEvent => ({
  type: "machine",
  name,
  machineSet,
  phase,
  instanceState,
  node,
  ageSeconds,
  ...(reason === undefined ? {} : { reason }),
});
