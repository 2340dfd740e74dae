import { isInfraID, isNameOfCluster } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { OwnedObject } from "./platform.ts";

/**
 * Objects are looked for and removed by these names, so each must have the form `<infraID>-…`.
 * @throws InstallerError METADATA_INVALID
 */
export function checkNames(infraID: string, machines: readonly string[]): void {
  const problems = isInfraID(infraID)
    ? machines.filter((name) => !isNameOfCluster(infraID, name)).map((name) => `machines: ${JSON.stringify(name)} does not begin with ${infraID}-`)
    : [`infraID: ${JSON.stringify(infraID)} is not the name and the five random characters of a cluster`];
  if (problems.length === 0) return;
  throw new InstallerError("METADATA_INVALID", "metadata.json names what is not of this cluster", { value: infraID, details: problems });
}

/** @param found what its mark says now */
export const notOwned = (infraID: string, { kind, name, id }: OwnedObject, found: string): InstallerError =>
  new InstallerError("OBJECT_NOT_OWNED", `${kind} ${name} is not of ${infraID}: ${found}`, { value: id });
