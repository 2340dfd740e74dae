import { EXIT, InstallerError } from "../errors/index.ts";
import type { Environment } from "../util/index.ts";

export interface Signals {
  /** Aborted with INTERRUPTED at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  stop(): void;
}

const HEEDED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The first signal stops the run in order, the second ends the process at once; not so a second SIGHUP, since a terminal that is
 * closed sends one and its shell another.
 * @param env VIRT_IPI_NOHUP says that SIGHUP was ignored when we were started (bin/run-program), which Node undoes
 */
export function watchSignals(notify: (text: string) => void, env: Environment): Signals {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (name === "SIGHUP" && (controller.signal.aborted || env["VIRT_IPI_NOHUP"] === "1")) return;
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    notify(`${name}: stopping cleanly${name === "SIGHUP" ? "" : "; a second signal stops at once"}`);
    controller.abort(new InstallerError("INTERRUPTED", `the run was interrupted by ${name}`));
  };
  for (const name of HEEDED) process.on(name, handle);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of HEEDED) process.off(name, handle);
    },
  };
}
