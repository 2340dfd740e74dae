import type { CommandDescription, CommandOption } from "./command-tree.ts";
import type { Invocation } from "./invocation.ts";

/** What a command's file exports; it is loaded when the command is run, so that `--help` is not slowed by what others need. */
export interface CommandModule {
  /** @returns an exit code where it is not 0 and no error is thrown */
  run(invocation: Invocation): Promise<number | undefined>;
}

export interface CommandEntry extends CommandDescription {
  /** Writes nothing into the cluster folder but the log, and a bundle or a page whose name nothing else has. */
  readonly readOnly?: true;
  /** What it leaves when it is interrupted, `resume` continues. */
  readonly resumable?: true;
  /** Options that come from elsewhere, as from the platforms: loaded only when the command is run, or described. */
  readonly moreOptions?: () => Promise<readonly CommandOption[]>;
  readonly load: () => Promise<CommandModule>;
}

/** The commands with the options that come from elsewhere. @param isNeeded whether to load those of a command, by its path */
export async function withMoreOptions(
  commands: readonly CommandEntry[],
  isNeeded: (path: string) => boolean = () => true,
): Promise<readonly CommandEntry[]> {
  return await Promise.all(
    commands.map(async (entry) =>
      entry.moreOptions === undefined || !isNeeded(entry.path)
        ? entry
        : { ...entry, options: [...(entry.options ?? []), ...(await entry.moreOptions())] },
    ),
  );
}
