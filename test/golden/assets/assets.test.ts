import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import {
  makeClusterKeys,
  parseKeyStore,
  readTemplates,
  rendererOf,
  renderAssets,
  serializeKeyStore,
  type AssetSet,
  type KeyStore,
} from "../../../src/assets/index.ts";
import { countingEntropy, IDENTITY, makeSpec } from "../../unit/assets/spec.ts";
import { readableTree } from "./readable.ts";

/**
 * The whole asset set against files. After a change that is meant: `UPDATE=1 npm run test:golden`, then read the diff.
 * The keys are for these tests only; nothing was ever installed with them.
 */
const here = dirname(fileURLToPath(import.meta.url));
const update = process.env["UPDATE"] !== undefined;
const INSTALL_CONFIG = `apiVersion: v1
baseDomain: example.com
metadata: { name: demo }
distribution: kubernetes
pullSecret: '{"auths":{"registry.example.com":{"auth":"cGxhbnRlZDpwbGFudGVk"}}}'
platform: { kvm: { apiVIPs: [192.168.126.5], ingressVIPs: [192.168.126.6] } }
`;

let keys: KeyStore;

beforeAll(async () => {
  const path = join(here, "fixture-keys.json");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (!update) throw error;
    return undefined;
  });
  const existing = text === undefined ? undefined : parseKeyStore(text);
  keys = update || existing === undefined ? await makeClusterKeys(rendererOf(makeSpec(1, 1)), countingEntropy(), existing) : existing;
  if (update) await writeFile(path, serializeKeyStore(keys));
});

async function render(controlPlane: number, workers: number): Promise<AssetSet> {
  const { assets } = await renderAssets({
    spec: makeSpec(controlPlane, workers),
    identity: IDENTITY,
    keys,
    installConfig: INSTALL_CONFIG,
    templates: await readTemplates(join(here, "../../../templates")),
    platformMetadata: { platform: "kvm", uri: "qemu:///system" },
  });
  return assets;
}

async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")] as const)));
}

async function writeTree(folder: string, tree: ReadonlyMap<string, string>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of tree) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

describe.each([
  [1, 1],
  [3, 2],
])("%i control-plane + %i compute machines", (controlPlane, workers) => {
  const folder = join(here, "expected", `${controlPlane}+${workers}`);

  it("renders the files that are kept", async () => {
    const actual = readableTree(await render(controlPlane, workers));
    if (update) await writeTree(folder, actual);
    const expected = await readTree(folder);
    expect([...actual.keys()].toSorted()).toEqual([...expected.keys()]);
    for (const [path, text] of expected) expect(actual.get(path), path).toBe(text);
  });

  it("renders the same bytes twice", async () => {
    expect([...(await render(controlPlane, workers))]).toEqual([...(await render(controlPlane, workers))]);
  });
});
