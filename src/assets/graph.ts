import type { AssetContext, BootstrapContext } from "./distribution-renderer.ts";
import { manifestText, type Manifest } from "./manifests/index.ts";
import { type ContextInput, firstMachine, renderContext } from "./render-context.ts";
import type { San, TlsRow } from "./tls/table.ts";

/** Which asset is made from which: pairs of names, the source first, sorted and each once. */
export interface AssetGraph {
  readonly edges: readonly (readonly [from: string, to: string])[];
}

const CONFIG = "install-config.yaml";
const IDENTITY = "identity";
const PASSWORD = "auth/kubeadmin-password";
const METADATA = "metadata.json";

/**
 * The graph of a cluster's assets. It is not written down anywhere: TLS rows and kubeconfigs name what they need, and of all others it is observed
 * what they read while they are rendered.
 * @throws InstallerError of `renderContext`
 */
export async function assetGraph(input: ContextInput): Promise<AssetGraph> {
  const { renderer, context } = await renderContext(input);
  const edges = new Map<string, readonly [string, string]>();
  const add = (to: string, sources: Iterable<string>): void => {
    for (const from of sources) if (from !== to) edges.set(`${from}\n${to}`, [from, to]);
  };
  for (const row of renderer.tlsTable) add(tlsName(row.name), sourcesOf(row));
  for (const { path, ca, client } of renderer.kubeconfigs) add(path, [CONFIG, tlsName(ca), tlsName(client)]);
  const manifests: Manifest[] = [];
  for (const group of renderer.manifestGroups ?? [(each: AssetContext) => renderer.manifests(each)]) {
    const { result, reads } = traced(context, group);
    manifests.push(...result);
    for (const { path } of result) add(path, reads);
  }
  const configs = traced(context, (each) => renderer.machineConfigs(each));
  for (const pool of configs.result.keys()) add(machineConfigName(pool), configs.reads);
  const texts = new Map(manifests.map((manifest) => [manifest.path, manifestText(manifest)]));
  const { file, ignition, pools } = firstMachine(renderer, input.spec, false);
  const bootstrap: BootstrapContext = { ...context, manifests: texts, secretManifests: new Set(), machineConfigs: configs.result };
  add(file, traced(bootstrap, ignition).reads);
  const token = renderer.tokenKey === undefined ? [] : [tlsName(renderer.tokenKey)];
  for (const pool of pools) add(`${pool}.ign`, [CONFIG, tlsName("root-ca"), ...token]);
  add(METADATA, [CONFIG, IDENTITY]);
  return { edges: [...edges.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge) };
}

const tlsName = (row: string): string => `tls/${row}`;
const machineConfigName = (pool: string): string => `machine-config/${pool}`;

function sourcesOf(row: TlsRow): readonly string[] {
  if (row.kind === "bundle") return row.members.map(tlsName);
  if (row.kind === "leaf")
    return [...(row.signer === undefined ? [] : [tlsName(row.signer)]), ...((row.sans ?? []).some(isOfConfig) ? [CONFIG] : [])];
  return [];
}

const isOfConfig = (san: San): boolean => typeof san !== "object";

type Traced = AssetContext & Partial<BootstrapContext>;

/** Names of what a part of the context is. A map counts by what is taken from it. */
const SOURCES: Readonly<Partial<Record<keyof Traced, readonly string[]>>> = {
  spec: [CONFIG],
  identity: [IDENTITY],
  machines: [CONFIG, IDENTITY],
  kubeadmin: [PASSWORD],
};
const MAPS: Readonly<Partial<Record<keyof Traced, (key: string) => string>>> = {
  tls: tlsName,
  kubeconfigs: (path) => path,
  manifests: (path) => path,
  machineConfigs: machineConfigName,
};

/** What a function of a context gives, and the names of what it read. */
function traced<C extends Traced, T>(context: C, render: (context: C) => T): { readonly result: T; readonly reads: ReadonlySet<string> } {
  const reads = new Set<string>();
  const observed = new Proxy(context, {
    get: (target, key, receiver) => {
      const value: unknown = Reflect.get(target, key, receiver);
      for (const name of SOURCES[key as keyof Traced] ?? []) reads.add(name);
      const nameOf = MAPS[key as keyof Traced];
      return nameOf === undefined || !(value instanceof Map)
        ? value
        : observedMap(value as ReadonlyMap<string, unknown>, (each) => reads.add(nameOf(each)));
    },
  });
  const result = render(observed);
  return { result, reads };
}

/** The same map, which says of each key that is asked for, and of all once it is walked through. */
function observedMap(map: ReadonlyMap<string, unknown>, note: (key: string) => void): ReadonlyMap<string, unknown> {
  const walked = <T>(values: Iterable<T>): Iterable<T> => {
    for (const key of map.keys()) note(key);
    return values;
  };
  return new Proxy(map, {
    get: (target, key) => {
      if (key === "get") return (name: string) => (note(name), target.get(name));
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const bound = value.bind(target) as (...args: unknown[]) => unknown;
      return key === "has" ? bound : (...args: unknown[]) => walked(bound(...args) as Iterable<unknown>);
    },
  });
}
