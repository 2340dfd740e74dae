export interface CommandOption {
  /** As commander takes it: `--skip <id>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
}

/** A command as help and completion tell it. Its path is the path of its file: `create cluster` is `create/cluster.ts`. */
export interface CommandDescription {
  readonly path: string;
  readonly description: string;
  /** As commander takes it: `[file...]`. */
  readonly arguments?: string;
  readonly options?: readonly CommandOption[];
}

export interface CommandTree {
  readonly commands: readonly CommandDescription[];
  /** Options of every command. */
  readonly globals: readonly CommandOption[];
}
