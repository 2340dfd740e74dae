import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The checkout that this file belongs to. */
export const ROOT = resolve(import.meta.dirname, "../..");

/**
 * The folder where parts are kept: `$XDG_CACHE_HOME/virt-ipi`, else `~/.cache/virt-ipi`.
 * A relative XDG_CACHE_HOME is ignored, as the XDG base directory specification asks.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env["XDG_CACHE_HOME"];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(env["HOME"] ?? homedir(), ".cache"), "virt-ipi");
}
