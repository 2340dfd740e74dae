import { posix } from "node:path";

/** What an inventory path leads to, by the folder below the datacenter that vSphere keeps such objects in. */
export type InventoryKind = "host" | "datastore" | "vm";

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

/** Without doubled and trailing slashes. */
export const cleanPath = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, "");

/** Name of a datacenter as it stands in a path. */
export const datacenterName = (datacenter: string): string => cleanPath(datacenter).replace(/^\//, "");

export const joinPath = (datacenter: string, kind: InventoryKind, name: string): string =>
  cleanPath(`/${datacenterName(datacenter)}/${kind}/${name}`);

/** What is wrong with the path of an object in a datacenter; undefined if nothing. An unknown datacenter is not compared. */
export function inventoryPathProblem(path: string, kind: InventoryKind, datacenter: string, example: string): string | undefined {
  const parts = parseInventoryPath(path, kind);
  if (parts === undefined) {
    const full = datacenter === "" || path.startsWith("/") ? "" : `; write ${joinPath(datacenter, kind, path)}`;
    return `must be a full path of the form ${example}${full}`;
  }
  return datacenter === "" || parts.datacenter === datacenterName(datacenter) ? undefined : `must be in datacenter ${datacenter}`;
}
