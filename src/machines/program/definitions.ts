import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { InstallerError } from "../../errors/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";
import { programsFolder, type Environment } from "../../util/index.ts";

/** The kinds that MachineSets need everywhere; each is a file of the set-up's part. */
const KINDS = ["machines", "machinesets", "machinehealthchecks"].map((kind) => `${kind}.machine.openshift.io`);

const AUTOSCALER_KINDS = [
  "machineautoscalers.autoscaling.openshift.io",
  "clusterautoscalers.autoscaling.openshift.io",
  // The autoscaler's operator asks it for the platform.
  "infrastructures.config.openshift.io",
];

/** Whom the autoscaler runs as, and what that account may do. */
const AUTOSCALER_ACCOUNT = "cluster-autoscaler";

/** What the set-up took from the Go modules that the controllers are built from. */
export interface MachineApiDefinitions {
  /** CustomResourceDefinitions. */
  readonly kinds: readonly Manifest[];
  /** Account and permissions of the autoscaler; none where there is none. */
  readonly autoscalerAccess: readonly Manifest[];
}

/**
 * @param more kinds that the platform needs too, as `<plural>.<group>`
 * @throws InstallerError MACHINE_API_MISSING
 */
export async function readDefinitions(
  env: Environment,
  { autoscaler, more = [] }: { readonly autoscaler: boolean; readonly more?: readonly string[] | undefined },
): Promise<MachineApiDefinitions> {
  const bin = programsFolder(env);
  const kinds = [...new Set([...KINDS, ...(autoscaler ? AUTOSCALER_KINDS : []), ...more])].map(async (name) => {
    const text = await read(join(bin, "machine-api-crds", `${name}.yaml`));
    const { status: _, ...definition } = parse(text) as Manifest & { readonly status?: unknown };
    return definition as Manifest;
  });
  return {
    kinds: await Promise.all(kinds),
    autoscalerAccess: autoscaler ? accessIn(await read(join(bin, "machine-api-access", "autoscaler.yaml"))) : [],
  };
}

/** The file also has what the operator may do in a cluster that runs it, and what monitoring may. */
const accessIn = (text: string): readonly Manifest[] =>
  parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as Manifest | null;
    return object?.metadata.name === AUTOSCALER_ACCOUNT ? [object] : [];
  });

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new InstallerError("MACHINE_API_MISSING", `cannot read ${path}`, { value: path, cause: error });
  }
}
