import type { Invocation } from "./invocation.ts";

/** What a command's file exports; it is loaded when the command is run, so that `--help` is not slowed by what others need. */
export interface CommandModule {
  /** @returns an exit code where it is not 0 and no error is thrown */
  run(invocation: Invocation): Promise<number | undefined>;
}

export interface CommandOption {
  /** As commander takes it: `--skip <id>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
}

/** One command. Its path is the path of its file: `create cluster` is `create/cluster.ts`. */
export interface CommandEntry {
  readonly path: string;
  readonly description: string;
  /** As commander takes it: `[file...]`. */
  readonly arguments?: string;
  readonly options?: readonly CommandOption[];
  /** Writes nothing into the cluster folder but the log, and a bundle whose name nothing else has. */
  readonly readOnly?: true;
  readonly load: () => Promise<CommandModule>;
}
