import type { Reached } from "../../installer/index.ts";

export const reachedText = ({ reached }: Reached): string =>
  reached === "bootstrap-complete" ? "Bootstrapping is complete." : "The installation is complete.";
