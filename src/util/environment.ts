import { homedir } from "node:os";
import { join } from "node:path";

/** The variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** This process's own. For the entries of programs: everything below them is given an Environment. */
export const systemEnvironment = (): Environment => process.env;

/** The user's cache: `$XDG_CACHE_HOME/virt-ipi`, else `~/.cache/virt-ipi`; a relative XDG_CACHE_HOME does not count, as its specification asks. */
export function cacheFolder(env: Environment): string {
  const xdg = env["XDG_CACHE_HOME"];
  return join(xdg?.startsWith("/") === true ? xdg : join(env["HOME"] ?? homedir(), ".cache"), "virt-ipi");
}
