import { Command, Option } from "commander";
import type { CommandEntry } from "./command.ts";
import { type CommandOption, PURPOSES } from "./command-tree.ts";
import { printable } from "../util/index.ts";
import { GLOBALS } from "./commands.ts";
import type { GlobalOptions, Parsed } from "./invocation.ts";

/** Where commander prints: help and version that were asked for to the first, help in place of a command to the second. Its errors are thrown only. */
export type Write = (text: string, stream: "stdout" | "stderr") => void;
export type Execute = (entry: CommandEntry, parsed: Parsed) => Promise<void>;

const GROUPS: Readonly<Record<string, string>> = {
  create: "create a cluster, or one step of it: configuration, manifests, Ignition configs, machines",
  destroy: "remove a cluster, or its bootstrap machine",
  "machine-controller": "create and remove machines as the cluster asks",
  "wait-for": "wait until a cluster has reached a state",
};

/** Commander's tree over the commands. Loads none of them. */
export function buildProgram(commands: readonly CommandEntry[], version: string, execute: Execute, write?: Write): Command {
  const make = (name: string): Command =>
    new Command(name).configureOutput({
      outputError: () => undefined,
      ...(write === undefined
        ? {}
        : { writeOut: (text: string) => write(printable(text), "stdout"), writeErr: (text: string) => write(printable(text), "stderr") }),
    });
  const program = withGlobals(
    make("virt-ipi")
      .description("Creates Kubernetes clusters on virtual machines from an install-config.yaml, and removes them.")
      .version(version, "-V, --version", "print the version"),
  );
  program.showHelpAfterError(false).exitOverride().enablePositionalOptions(false);
  program.addHelpCommand(helpCommand("helpers"));
  const groups = new Map<string, Command>();
  for (const entry of commands) {
    const [first = "", second] = entry.path.split(" ");
    const parent = second === undefined ? program : groupOf(first, entry.purpose);
    const command = make(second ?? first)
      .description(entry.description)
      .helpGroup(heading(entry.purpose))
      .addHelpText("after", `\nExample:\n  ${entry.example}`)
      .exitOverride();
    if (entry.arguments !== undefined) command.arguments(entry.arguments);
    for (const option of [...GLOBALS, ...(entry.options ?? [])]) command.addOption(optionOf(option));
    command.action(async () => {
      await execute(entry, { args: command.args, options: { ...command.optsWithGlobals() } as GlobalOptions & Record<string, unknown> });
    });
    parent.addCommand(command);
  }
  return program;

  function groupOf(name: string, purpose: CommandEntry["purpose"]): Command {
    const group =
      groups.get(name) ??
      make(name)
        .description(GROUPS[name] ?? "")
        .helpGroup(heading(purpose))
        .addHelpCommand(helpCommand(purpose))
        .exitOverride();
    if (!groups.has(name)) program.addCommand(group);
    groups.set(name, group);
    return group;
  }
}

const heading = (purpose: CommandEntry["purpose"]): string => `${PURPOSES[purpose]}:`;

const helpCommand = (purpose: CommandEntry["purpose"]): Command =>
  new Command("help").argument("[command]").description("show the help of a command").helpGroup(heading(purpose));

function withGlobals(command: Command): Command {
  for (const option of GLOBALS) command.addOption(optionOf(option));
  return command;
}

function optionOf({ flags, description, repeatable, choices }: CommandOption): Option {
  const option = new Option(flags, description);
  if (choices !== undefined) option.choices(choices);
  if (repeatable === true) option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}
