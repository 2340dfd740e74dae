import { InstallerError } from "../../errors/index.ts";
import type { IgnitionDirectory, IgnitionFile, IgnitionGroup, IgnitionLink, IgnitionUnit, IgnitionUser } from "./types.ts";

interface Claims {
  readonly directories: readonly IgnitionDirectory[];
  readonly files: readonly IgnitionFile[];
  readonly links: readonly IgnitionLink[];
  readonly units: readonly IgnitionUnit[];
  readonly users: readonly IgnitionUser[];
  readonly groups: readonly IgnitionGroup[];
}

/**
 * What Ignition itself would refuse on the machine, found before the machine exists: relative paths, one path claimed
 * twice, a path below a file or link, a unit, drop-in, user or group given twice.
 * @throws InstallerError IGNITION_CONFLICT
 */
export function checkConflicts(claims: Claims): void {
  const nodes = [...claims.directories, ...claims.files, ...claims.links].map((node) => node.path);
  const crooked = nodes.find(
    (path) =>
      !path.startsWith("/") ||
      path === "/" ||
      path
        .split("/")
        .slice(1)
        .some((part) => part === "" || part === "." || part === ".."),
  );
  if (crooked !== undefined) throw conflict("a path in an Ignition config must be absolute and plain", crooked);
  refuseTwice("path", nodes);
  refuseTwice(
    "unit",
    claims.units.map((unit) => unit.name),
  );
  for (const unit of claims.units)
    refuseTwice(
      `drop-in of ${unit.name}`,
      (unit.dropins ?? []).map((dropin) => dropin.name),
    );
  refuseTwice(
    "user",
    claims.users.map((user) => user.name),
  );
  refuseTwice(
    "group",
    claims.groups.map((group) => group.name),
  );
  const leaves = new Set([...claims.files, ...claims.links].map((node) => node.path));
  for (const path of nodes)
    for (const parent of parentsOf(path)) if (leaves.has(parent)) throw conflict(`${path} is below ${parent}, which is not a directory`, path);
}

function refuseTwice(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw conflict(`the ${what} ${name} is given twice in an Ignition config`, name);
    seen.add(name);
  }
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(2).map((_, index) => parts.slice(0, index + 2).join("/"));
}

const conflict = (what: string, value: string): InstallerError => new InstallerError("IGNITION_CONFLICT", what, { value });
