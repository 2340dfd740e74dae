import { EXIT, InstallerError } from "../errors/index.ts";

export interface Signals {
  /** Aborted with INTERRUPTED at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** The first signal stops the run in order, the second ends the process at once. */
export function watchSignals(tell: (text: string) => void): Signals {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    tell(`${name}: stopping in order; once more ends at once`);
    controller.abort(new InstallerError("INTERRUPTED", `the run was interrupted by ${name}`));
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return {
    signal: controller.signal,
    stop: () => {
      process.off("SIGINT", handle);
      process.off("SIGTERM", handle);
    },
  };
}
