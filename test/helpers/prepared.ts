import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromResource, type IgnitionResource } from "../../src/assets/ignition/index.ts";
import { clusterFolder, prepareAssets, type PreparedAssets } from "../../src/stack/index.ts";
import { systemEntropy } from "../../src/util/index.ts";

const clock = { now: () => new Date("2026-03-01T12:00:00Z"), sleep: () => Promise.resolve() };

/** Prepares clusters in this process, each in a folder of its own, all with the same keys: making them takes most of the time. */
export class Preparer {
  readonly #keys = new Map<string, string>();
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async make(): Promise<Preparer> {
    return new Preparer(await mkdtemp(join(tmpdir(), "virt-ipi-prepared-")));
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  /**
   * What `create manifests` and `create ignition-configs` do.
   * @param use is given the cluster, what the redactor was told, and all files of the folder but the install-config, by path
   */
  async prepare<T>(source: string, use: (cluster: PreparedAssets, secrets: readonly string[], files: ReadonlyMap<string, string>) => T): Promise<T> {
    const folder = clusterFolder(await mkdtemp(join(this.#root, "cluster-")));
    try {
      await writeFile(folder.installConfig, source);
      const keys = this.#keys.get("all");
      if (keys !== undefined) {
        await mkdir(folder.own, { recursive: true });
        await writeFile(folder.keys, keys);
      }
      const secrets: string[] = [];
      const cluster = await prepareAssets({
        env: {},
        folder,
        clock,
        entropy: systemEntropy,
        onSecret: (secret) => secrets.push(secret),
        onWarning: () => {},
      });
      this.#keys.set("all", await readFile(folder.keys, "utf8"));
      return use(cluster, secrets, await filesIn(folder.root));
    } finally {
      await rm(folder.root, { recursive: true, force: true });
    }
  }
}

/** Every file below a folder but the install-config, what is packed inside Ignition configs opened. */
export async function filesIn(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "install-config.yaml") continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    files.set(path.slice(root.length + 1), path.endsWith(".ign") ? opened(JSON.parse(text)) : text);
  }
  return files;
}

/** All texts of an Ignition config; the machine-config server hands out Ignition again. */
function opened(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  if ("source" in value && String(value.source).startsWith("data:")) {
    const text = fromResource(value as IgnitionResource).toString();
    return text.startsWith('{"ignition":') ? opened(JSON.parse(text)) : text;
  }
  return Object.entries(value)
    .map(([key, child]) => `${key}\n${opened(child)}`)
    .join("\n");
}
