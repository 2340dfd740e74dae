import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { InstallerError } from "../../errors/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { cacheFolder, type Environment } from "../../util/index.ts";

/** The kinds that MachineSets need; each is a file of the set-up's part. */
const KINDS = ["machines", "machinesets", "machinehealthchecks"] as const;

/**
 * The CustomResourceDefinitions of the Machine API, as the set-up took them from the Go module that the controllers are built from.
 * @throws InstallerError MACHINE_API_MISSING
 */
export async function readDefinitions(env: Environment): Promise<readonly Manifest[]> {
  const folder = join(cacheFolder(env), "bin", "machine-api-crds");
  return await Promise.all(
    KINDS.map(async (kind) => {
      const path = join(folder, `${kind}.machine.openshift.io.yaml`);
      try {
        const { status: _, ...definition } = parse(await readFile(path, "utf8")) as Manifest & { readonly status?: unknown };
        return definition as Manifest;
      } catch (error) {
        throw new InstallerError("MACHINE_API_MISSING", `cannot read ${path}`, { value: path, cause: error });
      }
    }),
  );
}
