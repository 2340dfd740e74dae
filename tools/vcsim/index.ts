export type { Rule } from "./control.ts";
export { startVcsim, type Vcsim, type VcsimOptions } from "./server.ts";
