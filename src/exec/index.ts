export { run, type Runner, type RunOptions, type RunResult } from "./run.ts";
