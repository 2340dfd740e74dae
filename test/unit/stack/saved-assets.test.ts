import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AssetSet } from "../../../src/assets/index.ts";
import { clusterFolder, type ClusterFolder } from "../../../src/stack/index.ts";
import { editedIgnition, manifestsOnDisk, manifestsWritten, type SavedAssets } from "../../../src/stack/saved-assets.ts";

let folder: ClusterFolder;
beforeEach(async () => {
  folder = clusterFolder(await mkdtemp(join(tmpdir(), "virt-ipi-saved-")));
});
afterEach(async () => await rm(folder.root, { recursive: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder.root, path)), { recursive: true });
  await writeFile(join(folder.root, path), content);
}

const TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: café }\n";
/** No UTF-8: written down as it is read, it would be another text. */
const FOREIGN: readonly (readonly [string, Buffer])[] = [
  ["Latin 1", Buffer.from(TEXT, "latin1")],
  ["UTF-16", Buffer.from(`\uFEFF${TEXT}`, "utf16le")],
  ["no text at all", Buffer.from([0, 159, 146, 150])],
];

const saved = (...paths: readonly string[]): SavedAssets => ({
  installConfig: "",
  spec: "",
  files: Object.fromEntries(paths.map((path) => [path, `hash of ${path}`])),
});

describe("manifests", () => {
  it.each(["manifests/own.yaml", "openshift/own.yml", "openshift/below/own.json"])("are read as they are: %s", async (path) => {
    await put(path, TEXT);
    expect(await manifestsOnDisk(folder)).toEqual(new Map([[path, TEXT]]));
  });

  it.each(FOREIGN)("are refused in %s, but not what is none by its name", async (_encoding, content) => {
    await put("openshift/own.yaml.swp", content);
    expect([...(await manifestsOnDisk(folder)).keys()]).toEqual(["openshift/own.yaml.swp"]);
    await put("openshift/own.yaml", content);
    await expect(manifestsOnDisk(folder)).rejects.toMatchObject({ id: "MANIFEST_INVALID", message: "openshift/own.yaml is not text in UTF-8" });
  });

  it("count as removed one by one, and as never written where their folder is gone", async () => {
    const written = saved("manifests/a.yaml", "manifests/b.yaml", "openshift/c.yaml", "master.ign");
    const known = async (): Promise<readonly string[]> => [...(await manifestsWritten(folder, written)).keys()];
    await put("manifests/a.yaml", TEXT);
    await put("openshift/other.yaml", TEXT);
    expect(await known()).toEqual(["manifests/a.yaml", "manifests/b.yaml", "openshift/c.yaml", "master.ign"]);
    await rm(join(folder.root, "manifests"), { recursive: true });
    expect(await known()).toEqual(["openshift/c.yaml", "master.ign"]);
    await rm(join(folder.root, "openshift"), { recursive: true });
    expect(await known()).toEqual(["master.ign"]);
    expect(await manifestsWritten(folder, undefined)).toEqual(new Map());
  });
});

describe("an Ignition config", () => {
  const assets: AssetSet = new Map([["master.ign", { content: '{"ignition":{"version":"3.2.0"}}', mode: 0o600 }]]);

  it.each(FOREIGN)("in %s is refused", async (_encoding, content) => {
    await put("master.ign", content);
    await expect(editedIgnition(folder, assets, saved("master.ign"))).rejects.toMatchObject({
      id: "IGNITION_INVALID",
      message: "master.ign is not text in UTF-8",
    });
  });

  it("that was changed counts as the user's", async () => {
    const text = '{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/é"}]}}';
    await put("master.ign", text);
    expect(await editedIgnition(folder, assets, saved("master.ign"))).toEqual(new Map([["master.ign", text]]));
  });
});
