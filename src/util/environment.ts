import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** This process's own. For the entries of programs: everything below them is given an Environment. */
export const systemEnvironment = (): Environment => process.env;

/** The user's cache: `$XDG_CACHE_HOME/virt-ipi`, else `~/.cache/virt-ipi`. */
export const cacheFolder = (env: Environment): string => folderOf(env, "XDG_CACHE_HOME", ".cache");

/** Where `setup` puts programs, and what comes with them. */
export const programsFolder = (env: Environment): string => join(cacheFolder(env), "bin");

/** A PATH that leads to the programs of the set-up first. */
export const programPath = (env: Environment): string => [programsFolder(env), env["PATH"] ?? ""].join(delimiter);

/** What is kept of one run for the next, on this host: `$XDG_STATE_HOME/virt-ipi`, else `~/.local/state/virt-ipi`. */
export const stateFolder = (env: Environment): string => folderOf(env, "XDG_STATE_HOME", ".local/state");

/** A relative path in the variable does not count, as the XDG Base Directory Specification asks. */
function folderOf(env: Environment, variable: string, below: string): string {
  const xdg = env[variable];
  return join(xdg?.startsWith("/") === true ? xdg : join(env["HOME"] ?? homedir(), below), "virt-ipi");
}
