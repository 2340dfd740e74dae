import type { Argument, Command, Option } from "commander";
import { code, page, table } from "./page.ts";

/**
 * docs/reference/cli.md, from commander's tree of commands.
 * @param examples a command line for each command, by its path
 */
export function cliPage(program: Command, examples: ReadonlyMap<string, string> = new Map()): string {
  const commands = leaves(program);
  if (commands.length === 0) throw new Error("the program has no commands");
  return page(
    "# Command line",
    `\`${program.name()} COMMAND [OPTIONS]\`. ${sentence(program.description())}`,
    "The exit codes are in [errors.md](errors.md#exit-codes).",
    table(
      ["command", "what it does", "purpose"],
      commands.map((command) => [
        `[${code(pathOf(command))}](#${pathOf(command).replaceAll(" ", "-")})`,
        summaryOf(command),
        command.helpGroup().replace(/:$/, ""),
      ]),
    ),
    ...(visible(program).length === 0 ? [] : ["## Options of every command", optionTable(visible(program))]),
    ...commands.map((command) => section(command, examples.get(pathOf(command)))),
  );
}

/** The words of every command that can be run, without the program's name: `destroy cluster`. */
export const commandPaths = (program: Command): readonly string[] => leaves(program).map(pathOf);

function leaves(command: Command): readonly Command[] {
  return command.commands.filter((child) => child.name() !== "help").flatMap((child) => (child.commands.length === 0 ? [child] : leaves(child)));
}

function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

const summaryOf = (command: Command): string => sentence(command.summary() === "" ? command.description() : command.summary());
const sentence = (text: string): string => (text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`);

function section(command: Command, example: string | undefined): string {
  const options = visible(command);
  const words = [pathOf(command), ...command.registeredArguments.map(argumentText), ...(options.length === 0 ? [] : ["[OPTIONS]"])];
  const described = command.registeredArguments.filter((argument) => argument.description !== "");
  return [
    `## ${pathOf(command)}`,
    `${code(words.join(" "))}`,
    sentence(command.description()),
    ...(described.length === 0
      ? []
      : [
          table(
            ["argument", "what it is"],
            described.map((argument) => [code(argumentText(argument)), argument.description]),
          ),
        ]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ...(example === undefined ? [] : [`Example: ${code(example)}`]),
  ].join("\n\n");
}

/** Options that a page shows for a command: not those that every command has, which have a table of their own. */
function visible(command: Command): readonly Option[] {
  const common = new Set(command.parent === null ? [] : rootOf(command).options.map((option) => option.flags));
  return command.options.filter((option) => !option.hidden && !common.has(option.flags));
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionTable(options: readonly Option[]): string {
  return table(
    ["option", "what it does"],
    options.map((option) => [code(option.flags), option.description + choices(option) + fallback(option)]),
  );
}

function choices({ argChoices, description }: Option): string {
  return argChoices === undefined || argChoices.every((choice) => description.includes(choice)) ? "" : `; one of ${argChoices.join(", ")}`;
}

/** Defaults that depend on the machine have a description of their own; a path of this one would make the page drift. */
function fallback({ defaultValue, defaultValueDescription }: Option): string {
  const value: unknown = defaultValueDescription ?? defaultValue;
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return "";
  return `; default ${typeof value === "string" ? value : JSON.stringify(value)}`;
}
