import type { CommandOption, CommandTree } from "./command-tree.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const longOf = ({ flags }: CommandOption): string => /--[a-z-]+/.exec(flags)?.[0] ?? "";
const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** A script that completes the commands and options of the tree. */
export function completionScript(shell: Shell, tree: CommandTree): string {
  return { bash, zsh, fish }[shell](tree);
}

function bash({ commands, globals }: CommandTree): string {
  const groups = unique(commands.filter(({ path }) => path.includes(" ")).map(({ path }) => path.split(" ")[0] ?? ""));
  const first = unique(commands.map(({ path }) => path.split(" ")[0] ?? ""));
  const cases = [
    ...groups.map(
      (group) =>
        `    "${group}") words="${commands
          .filter(({ path }) => path.startsWith(`${group} `))
          .map(({ path }) => path.split(" ")[1])
          .join(" ")}" ;;`,
    ),
    `    "completion") words="${SHELLS.join(" ")}" ;;`,
    ...commands
      .map(({ path, options = [] }) => `    "${path}") [[ $current == -* ]] && words="${[...globals, ...options].map(longOf).join(" ")}" ;;`)
      .filter((line) => !line.startsWith('    "completion"')),
  ];
  return `# bash completion for virt-ipi: source <(virt-ipi completion bash)
_virt_ipi() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || path="\${path:+$path }$word"
  done
  case "$path" in
    "") words="${first.join(" ")} --help --version ${globals.map(longOf).join(" ")}" ;;
${cases.join("\n")}
  esac
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _virt_ipi virt-ipi
`;
}

function zsh(tree: CommandTree): string {
  return `#compdef virt-ipi
# zsh completion for virt-ipi: source <(virt-ipi completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(tree)}`;
}

function fish({ commands, globals }: CommandTree): string {
  const quote = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;
  const lines = commands.flatMap(({ path, description, options = [] }) => {
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
  const groups = unique(commands.filter(({ path }) => path.includes(" ")).map(({ path }) => path.split(" ")[0] ?? "")).map(
    (group) => `complete -c virt-ipi -n __fish_use_subcommand -a ${group}`,
  );
  const everywhere = globals.map((option) => `complete -c virt-ipi -l ${longOf(option).slice(2)} -d ${quote(option.description)}`);
  return [
    "# fish completion for virt-ipi: virt-ipi completion fish | source",
    "complete -c virt-ipi -f",
    ...groups,
    ...everywhere,
    ...lines,
    "",
  ].join("\n");
}
