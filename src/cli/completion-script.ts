import type { CommandOption } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { GLOBALS } from "./program.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const longOf = ({ flags }: CommandOption): string => /--[a-z-]+/.exec(flags)?.[0] ?? "";
const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** A script that completes commands and options; made from the table of commands, so it never lags behind. */
export function completionScript(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

function bash(): string {
  const groups = unique(COMMANDS.filter(({ path }) => path.includes(" ")).map(({ path }) => path.split(" ")[0] ?? ""));
  const first = unique(COMMANDS.map(({ path }) => path.split(" ")[0] ?? ""));
  const cases = [
    ...groups.map(
      (group) =>
        `    "${group}") words="${COMMANDS.filter(({ path }) => path.startsWith(`${group} `))
          .map(({ path }) => path.split(" ")[1])
          .join(" ")}" ;;`,
    ),
    `    "completion") words="${SHELLS.join(" ")}" ;;`,
    ...COMMANDS.map(
      ({ path, options = [] }) => `    "${path}") [[ $current == -* ]] && words="${[...GLOBALS, ...options].map(longOf).join(" ")}" ;;`,
    ).filter((line) => !line.startsWith('    "completion"')),
  ];
  return `# bash completion for virt-ipi: source <(virt-ipi completion bash)
_virt_ipi() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || path="\${path:+$path }$word"
  done
  case "$path" in
    "") words="${first.join(" ")} --help --version ${GLOBALS.map(longOf).join(" ")}" ;;
${cases.join("\n")}
  esac
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _virt_ipi virt-ipi
`;
}

function zsh(): string {
  return `#compdef virt-ipi
# zsh completion for virt-ipi: source <(virt-ipi completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash()}`;
}

function fish(): string {
  const quote = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;
  const lines = COMMANDS.flatMap(({ path, description, options = [] }) => {
    const [first = "", second] = path.split(" ");
    const condition =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    const command =
      second === undefined
        ? `complete -c virt-ipi -n __fish_use_subcommand -a ${first} -d ${quote(description)}`
        : `complete -c virt-ipi -n '__fish_seen_subcommand_from ${first}' -a ${second} -d ${quote(description)}`;
    return [
      command,
      ...options.map((option) => `complete -c virt-ipi -n '${condition}' -l ${longOf(option).slice(2)} -d ${quote(option.description)}`),
    ];
  });
  const groups = unique(COMMANDS.filter(({ path }) => path.includes(" ")).map(({ path }) => path.split(" ")[0] ?? "")).map(
    (group) => `complete -c virt-ipi -n __fish_use_subcommand -a ${group}`,
  );
  const globals = GLOBALS.map((option) => `complete -c virt-ipi -l ${longOf(option).slice(2)} -d ${quote(option.description)}`);
  return ["# fish completion for virt-ipi: virt-ipi completion fish | source", "complete -c virt-ipi -f", ...groups, ...globals, ...lines, ""].join(
    "\n",
  );
}
