import { InstallerError } from "../../errors/index.ts";
import { isRecord } from "../../util/index.ts";
import type { IgnitionConfig } from "./types.ts";

/** Where a config has lists, and what each of their items cannot be without. Source: coreos.github.io/ignition/configuration-v3_2 */
const LISTS: readonly (readonly [section: string, list: string, key?: string])[] = [
  ["passwd", "users", "name"],
  ["passwd", "groups", "name"],
  ["storage", "directories", "path"],
  ["storage", "files", "path"],
  ["storage", "links", "path"],
  ["systemd", "units", "name"],
];

/** Whether a text can be a machine's at all. @throws InstallerError IGNITION_INVALID */
export function checkIgnition(path: string, text: string): void {
  parseIgnition(path, text);
}

/** @throws InstallerError IGNITION_INVALID; its message never quotes the text, which may hold keys */
export function parseIgnition(path: string, text: string): IgnitionConfig {
  const refuse = (what: string, value = path): InstallerError => new InstallerError("IGNITION_INVALID", `${path} ${what}`, { value });
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw refuse("is not JSON");
  }
  const head = isRecord(config) && isRecord(config["ignition"]) ? config["ignition"] : {};
  const { version } = head;
  if (typeof version !== "string" || !/^3\.\d+\.\d+$/.test(version))
    throw refuse("is not an Ignition config of version 3", typeof version === "string" ? version.slice(0, 40) : path);
  const problem = partsProblem(head["config"] ?? {}, "ignition.config", "merge") ?? listsProblem(config as Readonly<Record<string, unknown>>);
  if (problem !== undefined) throw refuse(`is no Ignition config: ${problem}`);
  return config as IgnitionConfig;
}

function listsProblem(config: Readonly<Record<string, unknown>>): string | undefined {
  for (const [section, list, key] of LISTS) {
    const problem = partsProblem(config[section] ?? {}, section, list, key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function partsProblem(section: unknown, name: string, list: string, key?: string): string | undefined {
  if (!isRecord(section)) return `${name} is not an object`;
  const items: unknown = section[list] ?? [];
  if (!Array.isArray(items) || !items.every(isRecord)) return `${name}.${list} is not a list of objects`;
  const odd = key === undefined ? undefined : items.find((item) => typeof item[key] !== "string" || item[key] === "");
  return odd === undefined ? undefined : `an item of ${name}.${list} has no ${key}`;
}
