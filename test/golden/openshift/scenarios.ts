import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  makeClusterKeys,
  parseKeyStore,
  readTemplates,
  renderAssets,
  rendererOf,
  serializeKeyStore,
  type AssetSet,
  type KeyStore,
} from "../../../src/assets/index.ts";
import { rowsOf } from "../../../src/assets/tls/table.ts";
import { loadClusterSpec, type Identity } from "../../../src/config/index.ts";
import { countingEntropy, IDENTITY } from "../../unit/assets/spec.ts";

const HERE = import.meta.dirname;

/** The versions that trees are kept of: the oldest, the default and the newest. */
const KEPT_VERSIONS = ["4.19", "4.21", "5.0"];

/** The install-configs beside this file, each in the versions that its first line names, or in all. */
export async function scenarios(): Promise<readonly { readonly name: string; readonly versions: readonly string[] }[]> {
  const names = (await readdir(join(HERE, "inputs"))).map((name) => name.replace(/\.yaml$/, "")).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const [, versions] = /^# versions: (.+)$/m.exec(await readFile(join(HERE, "inputs", `${name}.yaml`), "utf8")) ?? [];
      return { name, versions: versions?.split(" ") ?? KEPT_VERSIONS };
    }),
  );
}

export const inputOf = async (scenario: string, version: string): Promise<string> =>
  `${await readFile(join(HERE, "inputs", `${scenario}.yaml`), "utf8")}release: { version: "${version}" }\n`;

/** For these tests only; nothing was ever installed with them. @param update make what is missing */
export async function fixtureKeys(input: string, update: boolean): Promise<KeyStore> {
  const path = join(HERE, "fixture-keys.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  const existing = text === undefined ? undefined : parseKeyStore(text);
  if (!update && existing !== undefined) return existing;
  const keys = await makeClusterKeys(rendererOf(loadClusterSpec(input)), countingEntropy(), existing);
  await writeFile(path, serializeKeyStore(keys));
  return keys;
}

/** The keys of the tests' cluster, but for those that sign: they are made as the file asks for. */
export async function keysOfSigners(input: string): Promise<KeyStore> {
  const renderer = rendererOf(loadClusterSpec(input));
  const signers = new Set(rowsOf(renderer.tlsTable, "signer").map(({ name }) => name));
  const fixture = await fixtureKeys(input, false);
  const others = Object.fromEntries(Object.entries(fixture.keys).filter(([name]) => !signers.has(name)));
  return await makeClusterKeys(renderer, countingEntropy(), { ...fixture, keys: others });
}

/** @param inPlace the assets of a machine that becomes a cluster by itself; default: where the file describes one */
export async function renderScenario(installConfig: string, keys: KeyStore, identity: Identity = IDENTITY, inPlace?: boolean): Promise<AssetSet> {
  const templates = await readTemplates(join(HERE, "../../../templates"));
  const spec = loadClusterSpec(installConfig);
  const isInPlace = inPlace ?? spec.openshift?.config.bootstrapInPlace !== undefined;
  const { assets } = await renderAssets({ spec, identity, keys, installConfig, templates, inPlace: isInPlace });
  return assets;
}
