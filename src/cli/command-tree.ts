export interface CommandOption {
  /** As commander takes it: `--skip <id>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
}

/** What commands are for, in the order of the help, with the headings there. */
export const PURPOSES = {
  create: "Create",
  observe: "Observe",
  day2: "Day 2",
  destroy: "Destroy",
  helpers: "Helpers",
} as const;

/** A command as help and completion show it. Its path is the path of its file: `create cluster` is `create/cluster.ts`. */
export interface CommandDescription {
  readonly path: string;
  /** Its place in the help; commands of one first word share theirs. */
  readonly purpose: keyof typeof PURPOSES;
  readonly description: string;
  /** A command line that can be run as it is, below the help of the command. */
  readonly example: string;
  /** As commander takes it: `[file...]`. */
  readonly arguments?: string;
  readonly options?: readonly CommandOption[];
}

export interface CommandTree {
  readonly commands: readonly CommandDescription[];
  /** Options of every command. */
  readonly globals: readonly CommandOption[];
}
