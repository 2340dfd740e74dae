import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { run } from "../../src/exec/index.ts";
import type { KubeControlPlane } from "./kube-control-plane.ts";
import { supplied } from "./supplied.ts";

/** A definition of a kind of objects, as far as it is looked at here. */
interface Definition {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly scope: "Namespaced" | "Cluster";
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean; readonly subresources?: { readonly status?: object } }[];
    readonly [key: string]: unknown;
  };
}

/** Where objects of a kind are in the API. */
export interface Kind {
  /** Without namespace: `/apis/config.openshift.io/v1`. */
  readonly group: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly hasStatus: boolean;
}

/** By `apiVersion kind`. */
export type Kinds = ReadonlyMap<string, Kind>;

/** Those that every API server has. */
const BUILT_IN: Kinds = new Map([
  ["v1 Secret", { group: "/api/v1", plural: "secrets", isNamespaced: true, hasStatus: false }],
  ["v1 ConfigMap", { group: "/api/v1", plural: "configmaps", isNamespaced: true, hasStatus: false }],
  ["rbac.authorization.k8s.io/v1 Role", { group: "/apis/rbac.authorization.k8s.io/v1", plural: "roles", isNamespaced: true, hasStatus: false }],
]);

/** What set-up has made of the types of a version of OpenShift. */
const folderOf = (version: string): string => supplied(join("openshift-api", version), "openshift-api");

/** Those that a cluster of the version has with a feature set; the empty one is Default. */
async function definitionsOf(version: string, featureSet: string): Promise<readonly Definition[]> {
  const folder = join(folderOf(version), "crds");
  const all = await Promise.all((await readdir(folder)).map(async (name) => parse(await readFile(join(folder, name), "utf8")) as Definition));
  const wanted = all.filter(({ metadata: { annotations = {} } }) => {
    const sets = annotations["release.openshift.io/feature-set"]?.split(",");
    const isOfHosted = Object.keys(annotations).some((key) => key.startsWith("include.release.openshift.io/"));
    const isOurs = annotations["include.release.openshift.io/self-managed-high-availability"] === "true" || !isOfHosted;
    return isOurs && (sets === undefined || sets.includes(featureSet === "" ? "Default" : featureSet));
  });
  // A kind with two versions in two files is one definition.
  return [...Map.groupBy(wanted, ({ metadata }) => metadata.name).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const others = more.flatMap(({ spec }) => spec.versions.map((one) => ({ ...one, storage: false })));
    return [{ ...first, spec: { ...first.spec, versions: [...first.spec.versions, ...others] } }];
  });
}

/** Gives an API server the kinds of a version of OpenShift, and waits until it serves them. */
export async function installOpenShiftApi(plane: KubeControlPlane, version: string, featureSet: string): Promise<Kinds> {
  const definitions = await definitionsOf(version, featureSet);
  const kinds = new Map(BUILT_IN);
  for (const definition of definitions) {
    const { group, names, scope, versions } = definition.spec;
    await plane.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", { ...definition, status: undefined });
    for (const { name, subresources } of versions)
      kinds.set(`${group}/${name} ${names.kind}`, {
        group: `/apis/${group}/${name}`,
        plural: names.plural,
        isNamespaced: scope === "Namespaced",
        hasStatus: subresources?.status !== undefined,
      });
  }
  const pending = new Set([...kinds.values()].map(({ group, plural }) => `${group}/${plural}`));
  for (let attempt = 0; pending.size > 0; attempt++) {
    for (const path of pending) if ((await plane.request("GET", path)).status === 200) pending.delete(path);
    if (attempt > 3_000) throw new Error(`the API server does not serve ${[...pending].join(", ")}`);
    if (pending.size > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return kinds;
}

/** What the Go types of a version find wrong with each of these objects: an empty text where nothing is. */
export async function decodeWithTypes(version: string, objects: readonly object[]): Promise<readonly string[]> {
  if (objects.length === 0) return [];
  const input = objects.map((object) => `${JSON.stringify(object)}\n`).join("");
  const { stdout } = await run(join(folderOf(version), "decode-openshift"), [], { input });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string);
}
