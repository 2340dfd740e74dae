export { run, type Runner, type RunOptions, type RunResult } from "./run.ts";
export { runInOwnGroup, type OwnGroupOptions } from "./own-group.ts";
