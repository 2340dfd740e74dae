export type { InstallerEvent, PhaseOutcome, Reporter } from "./event.ts";
export { Redactor } from "./redactor.ts";
