export type { InstallerEvent, PhaseOutcome, Reporter, ResultEvent } from "./event.ts";
export { Redactor } from "./redactor.ts";
