import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KeyStore } from "../../src/assets/index.ts";
import type { KubernetesObject } from "../../src/assets/manifests/index.ts";
import { loadClusterSpec } from "../../src/config/index.ts";
import { isRecord } from "../../src/util/index.ts";
import { fixtureKeys, inputOf, renderScenario, scenarios } from "../golden/openshift/scenarios.ts";
import { VALID, validateIgnition } from "../helpers/ignition-validate.ts";
import { type KubeControlPlane, startKubeControlPlane } from "../helpers/kube-control-plane.ts";
import { keyPaths, misspelt, valueAt, without } from "../helpers/misspelt.ts";
import { decodeWithTypes, installOpenShiftApi, type Kind, type Kinds } from "../helpers/openshift-api.ts";

/**
 * Every manifest of every scenario in a real API server that has the definitions of OpenShift's objects: it must take each key, and refuse any
 * that is misspelt. What the definitions leave open is read by those who know it: provider specs by OpenShift's Go types, Ignition configs by
 * Ignition.
 */

interface Scenario {
  readonly name: string;
  readonly version: string;
  readonly featureSet: string;
}

interface File {
  readonly path: string;
  readonly object: KubernetesObject;
}

/** No module has their definitions, in any version that there is. */
const WITHOUT_DEFINITION = new Set(["metal3.io/v1alpha1 BareMetalHost", "metal3.io/v1alpha1 Provisioning"]);
const PROVIDER_SPEC = "VSphereMachineProviderSpec";
/**
 * Keys that OpenShift's installer writes always, since its Go types have them, and that the API drops where the feature set's definitions do not:
 * nobody asks for strictness there.
 */
const DROPPED = new Set([
  "spec.profileCustomizations",
  "status.platformStatus.vsphere.dnsRecordsType",
  "status.platformStatus.baremetal.dnsRecordsType",
]);

let keys: KeyStore;

const ALL: readonly Scenario[] = (
  await Promise.all(
    (await scenarios()).flatMap(({ name, versions }) =>
      versions.map(async (version) => ({
        name,
        version,
        featureSet: loadClusterSpec(await inputOf(name, version)).openshift?.config.featureSet ?? "",
      })),
    ),
  )
).toSorted((a, b) => `${a.version} ${a.featureSet}`.localeCompare(`${b.version} ${b.featureSet}`));
const GROUPS = [...Map.groupBy(ALL, ({ version, featureSet }) => `${version} ${featureSet === "" ? "Default" : featureSet}`)].map(
  ([title, members]) => ({
    title,
    members,
  }),
);

beforeAll(async () => {
  keys = await fixtureKeys(await inputOf("none", "4.21"), false);
});

async function filesOf({ name, version }: Scenario): Promise<readonly File[]> {
  const assets = await renderScenario(await inputOf(name, version), keys);
  return [...assets].flatMap(([path, { content }]) =>
    /^(?:manifests|openshift)\//.test(path) ? [{ path, object: parse(content) as KubernetesObject }] : [],
  );
}

const kindName = ({ apiVersion, kind }: KubernetesObject): string => `${apiVersion} ${kind}`;
const isDefined = ({ object }: File): boolean => !WITHOUT_DEFINITION.has(kindName(object));

/** Where each provider spec is in the object. */
function providerSpecs(object: unknown): readonly (readonly (string | number)[])[] {
  return keyPaths(object).filter((path) => path.at(-1) === "value" && path.at(-2) === "providerSpec");
}

const isOfProvider = (value: unknown): value is object => isRecord(value) && value["kind"] === PROVIDER_SPEC;

class Api {
  readonly #plane: KubeControlPlane;
  readonly #kinds: Kinds;

  constructor(plane: KubeControlPlane, kinds: Kinds) {
    this.#plane = plane;
    this.#kinds = kinds;
  }

  kind(object: KubernetesObject): Kind {
    return this.#kinds.get(kindName(object)) ?? expect.fail(`no definition of ${kindName(object)}`);
  }

  path(object: KubernetesObject, kind = this.kind(object)): string {
    return kind.isNamespaced ? `${kind.group}/namespaces/${object.metadata.namespace}/${kind.plural}` : `${kind.group}/${kind.plural}`;
  }

  /** The object without what is dropped of it. */
  async kept(object: KubernetesObject): Promise<KubernetesObject> {
    const { body } = await this.#post(object, "&dryRun=All");
    const unknown = [...body.matchAll(/unknown field \\"([^"\\]+)\\"/g)].flatMap(([, path]) =>
      path !== undefined && DROPPED.has(path) ? [path] : [],
    );
    return unknown.reduce((found, path) => without(found, path.split(".")), object);
  }

  #post(object: object, options = "", original = object as KubernetesObject): ReturnType<KubeControlPlane["request"]> {
    return this.#plane.request("POST", `${this.path(original)}?fieldValidation=Strict${options}`, object);
  }

  /** @returns empty if the API server takes it */
  async create(object: KubernetesObject): Promise<string> {
    const { status, body } = await this.#post(object);
    return status === 201 ? "" : `${status} ${body}`;
  }

  /** As the bootstrap does it: what the manifest says of the status, where the API server has left it out. */
  async updateStatus(object: KubernetesObject): Promise<string> {
    const status = object["status"];
    if (!this.kind(object).hasStatus || !isRecord(status) || Object.keys(status).length === 0) return "";
    const at = `${this.path(object)}/${object.metadata.name}`;
    const current = JSON.parse((await this.#plane.request("GET", at)).body) as object;
    const answer = await this.#plane.request("PUT", `${at}/status?fieldValidation=Strict`, { ...current, status });
    return answer.status === 200 ? "" : `${answer.status} ${answer.body}`;
  }

  async remove(object: KubernetesObject): Promise<void> {
    const at = `${this.path(object)}/${object.metadata.name}`;
    if (Array.isArray((object.metadata as { finalizers?: unknown }).finalizers))
      await this.#plane.request("PATCH", at, { metadata: { finalizers: null } });
    await this.#plane.request("DELETE", at);
  }

  /** Whether it would be taken as one of the kind and name of another. */
  async wouldTake(changed: object, original: KubernetesObject): Promise<boolean> {
    return (await this.#post(changed, "&dryRun=All", original)).status === 201;
  }
}

describe.each(GROUPS)("the API of $title", ({ members }) => {
  const [{ version, featureSet } = { version: "", featureSet: "" }] = members;
  let plane: KubeControlPlane;
  let api: Api;

  beforeAll(async () => {
    plane = await startKubeControlPlane();
    api = new Api(plane, await installOpenShiftApi(plane, version, featureSet));
    const files = (await Promise.all(members.map(filesOf))).flat();
    for (const namespace of new Set(files.flatMap(({ object }) => object.metadata.namespace ?? [])))
      if (namespace !== "kube-system") await plane.create("/api/v1/namespaces", { metadata: { name: namespace } });
  });
  afterAll(async () => {
    await plane?.dispose();
  });

  it.each(members)("takes every manifest of $name, and its status", async (scenario) => {
    const files = await keptFilesOf(scenario);
    const said: Record<string, string> = {};
    try {
      for (const { path, object } of files) {
        const created = await api.create(object);
        said[path] = created === "" ? await api.updateStatus(object) : created;
      }
    } finally {
      for (const { object } of files) await api.remove(object);
    }
    expect(said).toEqual(Object.fromEntries(files.map(({ path }) => [path, ""])));
  });

  it.each(members)("and its types every provider spec of $name", async (scenario) => {
    const found = (await filesOf(scenario)).flatMap(({ object }) => providerSpecs(object).map((path) => valueAt(object, path)));
    const specs = found.filter(isOfProvider);
    const changed = specs.flatMap((spec) => keyPaths(spec).map((path) => misspelt(spec, path)));
    const verdicts = await decodeWithTypes(version, [...specs, ...changed]);
    expect(verdicts.slice(0, specs.length)).toEqual(specs.map(() => ""));
    expect(verdicts.slice(specs.length).filter((verdict) => verdict === "")).toEqual([]);
  });

  it("and none with a misspelt key", async () => {
    const tried = new Set<string>();
    const taken: string[] = [];
    for (const scenario of members)
      for (const file of await keptFilesOf(scenario))
        for (const path of keyPaths(file.object)) {
          const what = `${kindName(file.object)} ${path.join(".")}`;
          // Each key of a kind once is enough, and of each file its first one.
          if (tried.has(what) && path.join() !== "apiVersion") continue;
          tried.add(what);
          if (!(await isRefused(file, path))) taken.push(`${scenario.name}: ${file.path}: ${path.join(".")}`);
        }
    expect(taken).toEqual([]);
  });

  const keptFilesOf = (scenario: Scenario): Promise<readonly File[]> =>
    filesOf(scenario).then((files) =>
      Promise.all(files.filter(isDefined).map(async ({ path, object }) => ({ path, object: await api.kept(object) }))),
    );

  async function isRefused({ object }: File, path: readonly (string | number)[]): Promise<boolean> {
    const text = path.join(".");
    const changed = misspelt(object, path);
    // The parts that are open are read by others.
    const open = providerSpecs(object).find((spec) => text.startsWith(`${spec.join(".")}.`));
    if (open !== undefined) {
      const spec = valueAt(changed, open);
      return !isOfProvider(valueAt(object, open)) || (await decodeWithTypes(version, [spec as object]))[0] !== "";
    }
    if (object.kind === "MachineConfig" && text.startsWith("spec.config.")) {
      const { exitCode, said } = await validateIgnition(JSON.stringify(valueAt(changed, ["spec", "config"])));
      return exitCode !== VALID.exitCode || said !== VALID.said;
    }
    return !(await api.wouldTake(changed, object));
  }
});
