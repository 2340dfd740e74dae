import { posix } from "node:path";

/** What an inventory path leads to, by the folder below the datacenter that vSphere keeps such objects in. */
export type InventoryKind = "host" | "datastore" | "vm" | "network";

export interface InventoryPath {
  /** Without leading slash; a datacenter inside a folder is `folder/dc`. */
  readonly datacenter: string;
  /** What follows `/<datacenter>/<kind>/`. */
  readonly rest: string;
}

/** `/dc/host/cluster` and the like in their parts; undefined for what is not of that form. */
export function parseInventoryPath(path: string, kind: InventoryKind): InventoryPath | undefined {
  const [, datacenter, rest] = new RegExp(`^/(.+?)/${kind}/(.+)$`).exec(cleanPath(path)) ?? [];
  return datacenter === undefined || rest === undefined ? undefined : { datacenter, rest };
}

/** Without doubled and trailing slashes. What vSphere writes for `/`, `\` and `%` in a name is in lower case, as it has them. */
export const cleanPath = (path: string): string =>
  posix
    .normalize(path)
    .replace(/(?<=.)\/$/, "")
    .replaceAll(/%(?:2f|5c|25)/gi, (escape) => escape.toLowerCase());

/** Name of a datacenter as it stands in a path. */
export const datacenterName = (datacenter: string): string => cleanPath(datacenter).replace(/^\//, "");

export const joinPath = (datacenter: string, kind: InventoryKind, name: string): string =>
  cleanPath(`/${datacenterName(datacenter)}/${kind}/${name}`);

/**
 * The full path for what was written: a path, one without its first slash, one relative to the datacenter's folder of that kind, or a bare
 * name. A name stays as it is where the datacenter is not known.
 */
export function completePath(text: string, kind: InventoryKind, datacenter: string): string {
  if (text === "" || text.startsWith("/")) return text === "" ? "" : cleanPath(text);
  if (datacenter === "") return text;
  const start = `${datacenterName(datacenter)}/${kind}/`;
  return text.startsWith(start) ? cleanPath(`/${text}`) : joinPath(datacenter, kind, text);
}

/** Whether this is the name of an object only, which may lie in any folder of its datacenter. */
export const isBareName = (text: string): boolean => text !== "" && !text.includes("/");

/** What is wrong with the path of an object in a datacenter; undefined if nothing. An unknown datacenter is not compared. */
export function inventoryPathProblem(path: string, kind: InventoryKind, datacenter: string, example: string): string | undefined {
  const parts = parseInventoryPath(path, kind);
  if (parts === undefined) return `must be a full path of the form ${example}, or a name`;
  return datacenter === "" || parts.datacenter === datacenterName(datacenter) ? undefined : `must be in datacenter ${datacenter}`;
}
