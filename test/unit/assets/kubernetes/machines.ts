import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseKeyStore, readTemplates, renderAssets } from "../../../../src/assets/index.ts";
import { fromResource, type IgnitionConfig } from "../../../../src/assets/ignition/index.ts";
import type { ClusterSpec } from "../../../../src/config/index.ts";
import { IDENTITY, makeSpec } from "../spec.ts";

const TEST = join(import.meta.dirname, "../../..");

/** The configs that machines of a cluster of each role get: `bootstrap`, `master`, `worker`. */
export async function machinesWith(change: Partial<ClusterSpec>): Promise<ReadonlyMap<string, IgnitionConfig>> {
  const keys = parseKeyStore(await readFile(join(TEST, "golden/assets/fixture-keys.json"), "utf8"));
  const templates = await readTemplates(join(TEST, "../templates"));
  const spec = makeSpec(1, 1, change);
  const { assets, start } = await renderAssets({ spec, identity: IDENTITY, keys, installConfig: "apiVersion: v1\n", templates });
  return new Map([["bootstrap", JSON.parse(assets.get("bootstrap.ign")?.content ?? "") as IgnitionConfig], ...start.configs]);
}

export function fileOf(config: IgnitionConfig | undefined, path: string): { readonly mode: number | undefined; readonly text: string } | undefined {
  const file = config?.storage?.files?.find((one) => one.path === path);
  return file?.contents === undefined ? undefined : { mode: file.mode, text: fromResource(file.contents).toString() };
}

export const unitOf = (config: IgnitionConfig | undefined, name: string) => config?.systemd?.units.find((unit) => unit.name === name);
