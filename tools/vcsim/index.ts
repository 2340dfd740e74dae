export { startVcsim, type Vcsim, type VcsimOptions } from "./server.ts";
