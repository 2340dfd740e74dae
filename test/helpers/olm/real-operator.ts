import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { releaseFolder, releaseManifest, type VERSION } from "../kubevirt/release.ts";
import type { Bundle } from "./catalog.ts";
import type { KubeObject } from "./objects.ts";

interface PodSpec {
  readonly containers: readonly { readonly image: string; readonly args: readonly string[] }[];
}

interface ClusterServiceVersion extends KubeObject {
  readonly spec: {
    readonly version: string;
    readonly customresourcedefinitions: { readonly owned: readonly { readonly name: string; readonly version: string; readonly kind: string }[] };
    readonly install: {
      readonly spec: {
        readonly deployments: readonly { readonly name: string; readonly spec: { readonly template: { readonly spec: PodSpec } } }[];
        readonly permissions: readonly object[];
        readonly clusterPermissions: readonly { readonly serviceAccountName: string }[];
      };
    };
  };
}

/** An operator's own ClusterServiceVersion, by the generator of its release, and what its bundle holds beside that. */
export interface RealOperator {
  readonly csv: ClusterServiceVersion;
  readonly definitions: readonly KubeObject[];
  /** What its pods need to be scheduled; HCO's program makes it, since its bundle does not hold it. */
  readonly priorityClass: KubeObject;
}

/** KubeVirt's, out of the folder of its part. @throws Error where that is missing */
export async function realKubeVirt(version: typeof VERSION): Promise<RealOperator> {
  const folder = releaseFolder(version);
  const csv = parse(await readFile(join(folder, "clusterserviceversion.yaml"), "utf8")) as ClusterServiceVersion;
  const manifest = parseAllDocuments(await releaseManifest(version));
  const objects = (Array.isArray(manifest) ? manifest : [])
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
  const priorityClass = objects.find(({ kind }) => kind === "PriorityClass");
  if (priorityClass === undefined) throw new Error(`the manifest in ${folder} has no PriorityClass`);
  return { csv, definitions: objects.filter(({ kind }) => kind === "CustomResourceDefinition"), priorityClass };
}

/** A package of its own: the ClusterServiceVersion as it was generated. */
export function bundleOf({ csv, definitions, priorityClass }: RealOperator): Bundle {
  return {
    name: csv.metadata.name,
    version: csv.spec.version,
    provides: csv.spec.customresourcedefinitions.owned.map(({ name, version, kind }) => ({
      group: name.slice(name.indexOf(".") + 1),
      version,
      kind,
    })),
    objects: [csv, ...definitions, priorityClass],
  };
}
