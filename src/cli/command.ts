import type { CommandDescription } from "./command-tree.ts";
import type { Invocation } from "./invocation.ts";

/** What a command's file exports; it is loaded when the command is run, so that `--help` is not slowed by what others need. */
export interface CommandModule {
  /** @returns an exit code where it is not 0 and no error is thrown */
  run(invocation: Invocation): Promise<number | undefined>;
}

export interface CommandEntry extends CommandDescription {
  /** Writes nothing into the cluster folder but the log, and a bundle whose name nothing else has. */
  readonly readOnly?: true;
  readonly load: () => Promise<CommandModule>;
}
