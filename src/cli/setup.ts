import { cacheFolder, listParts, PARTS, partsFor, PLATFORMS, ROOT, setUp } from "../../setup/index.ts";
import type { CommandModule } from "./command.ts";
import type { CommandOption } from "./command-tree.ts";
import { partsText } from "./render/setup.ts";

/** The platforms that a host can be prepared for. */
export const setupOptions = (): readonly CommandOption[] => [
  {
    flags: "--platform <name>",
    description: `prepare for clusters on this platform (default: ${PLATFORMS[0]})`,
    choices: PLATFORMS,
    repeatable: true,
  },
];

/** Finds, downloads or builds what clusters on the platforms need of this host. */
export const run: CommandModule["run"] = async ({ options, env, reporter, signal, result }) => {
  const only = (options["only"] ?? []) as readonly string[];
  const platforms = (options["platform"] ?? [PLATFORMS[0]]) as readonly string[];
  const request = {
    parts: PARTS,
    root: ROOT,
    cacheDir: cacheFolder(env),
    only: only.length > 0 ? only : partsFor(platforms),
    offline: options["offline"] === true,
    env,
    signal,
    log: (message: string) => reporter.emit({ type: "log", level: "info", message }),
  };
  result({ parts: await (options["list"] === true ? listParts(request) : setUp(request)) }, partsText);
  return undefined;
};
