import type { CommanderError } from "commander";
import type { InstallerError } from "../errors/index.ts";
import type { CommandOption } from "./command-tree.ts";
import { GLOBALS } from "./commands.ts";
import { usage } from "./invocation.ts";
import { didYouMean, nearest } from "./suggest.ts";

const nameOf = ({ flags }: CommandOption): string => flags.split(" ")[0] ?? "";

/** Options whose next word is their value. */
const VALUED = new Set(GLOBALS.filter(({ flags }) => flags.includes("<")).map(nameOf));

/** Options that may stand in front of a command. */
const BEFORE = new Set(["-h", "--help", "-V", "--version", ...GLOBALS.map(nameOf)]);

/** What other installers call it, by the command here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  analyze: "gather",
  delete: "destroy cluster",
  info: "status",
  install: "create cluster",
  list: "status",
  logs: "gather",
  up: "create cluster",
};

/** The same for options, where the nearest one by its letters is another. */
const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  "create cluster --dry-run": "virt-ipi preview",
  "create infra --dry-run": "virt-ipi preview",
  "resume --dry-run": "virt-ipi preview",
};

/** The words of a command line that are neither options nor values of global ones. */
const wordsOf = (argv: readonly string[]): readonly string[] =>
  argv.filter((word, index) => !word.startsWith("-") && !VALUED.has(argv[index - 1] ?? ""));

/** `help create cluster` and `create help cluster` as `create cluster --help`; any other command line as it is. */
export function withHelpAsOption(argv: readonly string[], paths: readonly string[]): readonly string[] {
  const [first, second] = wordsOf(argv);
  const isHelp = first === "help" || (second === "help" && paths.some((path) => path.startsWith(`${first ?? ""} `)));
  return isHelp ? [...argv.toSpliced(argv.indexOf("help"), 1), "--help"] : argv;
}

/** A command that is none, before commander says so in its own words: with the nearest one. @throws InstallerError USAGE */
export function refuseUnknown(argv: readonly string[], paths: readonly string[]): void {
  const [first, second] = wordsOf(argv);
  if (first === undefined || paths.includes(first)) return;
  refuseUnknownGlobal(argv.slice(0, argv.indexOf(first)));
  const group = paths.filter((path) => path.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || group.includes(`${first} ${second}`))) return;
  const given = group.length > 0 ? `${first} ${second ?? ""}` : first;
  const near = OTHER_NAMES[given] ?? nearest(given, group.length > 0 ? group : paths.flatMap((path) => [path, path.split(" ")[0] ?? path]));
  const list = `\`virt-ipi ${group.length > 0 ? `${first} ` : ""}--help\` lists the commands.`;
  throw usage(`there is no command "${given}"`, given, didYouMean(near && `\`virt-ipi ${near}\``, list));
}

/** Its value would be taken for the command. @param words in front of it */
function refuseUnknownGlobal(words: readonly string[]): void {
  const option = words.map((word) => word.split("=")[0] ?? "").find((word) => word.startsWith("-") && !BEFORE.has(word));
  if (option === undefined) return;
  const near = nearest(option, [...BEFORE]);
  const list = "`virt-ipi --help` lists what it takes.";
  throw usage(`unknown option '${option}'`, option, didYouMean(near && `\`${near}\``, list));
}

/** What commander refuses, in the form of every other error. Its text begins with `error: `, and may end with a line that suggests an option. */
export function usageErrorOf({ message }: CommanderError, argv: readonly string[], paths: readonly string[]): InstallerError {
  const words = wordsOf(argv);
  const path = paths.find((each) => each === words[0] || each === words.slice(0, 2).join(" "));
  const [what = message, hint] = message.replace(/^error: /, "").split("\n");
  const [, value = ""] = /'([^']*)'[^']*$/.exec(what.replace(/ is invalid\..*$/, "")) ?? [];
  const choices = /Allowed choices are (.+)\.$/.exec(what)?.[1]?.split(", ") ?? [];
  const other = OTHER_OPTIONS[`${path ?? ""} ${value}`];
  const near = other ?? /Did you mean (?:one of )?(.+)\?/.exec(hint ?? "")?.[1] ?? nearest(value, choices);
  const list = `\`virt-ipi${path === undefined ? "" : ` ${path}`} --help\` lists what it takes.`;
  return usage(what.replace(/ is invalid\. A/, " is invalid: a").replace(/\.$/, ""), value, didYouMean(near && `\`${near}\``, list));
}
