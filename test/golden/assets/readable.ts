import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { AssetSet } from "../../../src/assets/index.ts";
import { fromResource, type IgnitionConfig, type IgnitionResource } from "../../../src/assets/ignition/index.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Keys, certificates and other long base64 as their digests: as strict as the text, and a change of one is one line. */
function withoutBlobs(text: string): string {
  return text
    .replaceAll(/-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g, (block, label: string) => `<${label} ${digest(block)}>`)
    .replaceAll(/[A-Za-z0-9+/]{120,}={0,2}/g, (block) => `<base64 ${digest(block)}>`);
}

/** An asset set as a tree of texts that a person can compare: Ignition as YAML, with its data URLs opened. */
export function readableTree(assets: AssetSet): Map<string, string> {
  const tree = new Map([["index.txt", [...assets].map(([path, file]) => `${file.mode.toString(8).padStart(4, "0")} ${path}\n`).join("")]]);
  for (const [path, { content }] of assets)
    if (path.endsWith(".ign")) tree.set(`${path}.yaml`, readableIgnition(content));
    else tree.set(path, withoutBlobs(content));
  return tree;
}

function readableIgnition(text: string): string {
  return stringify(opened(JSON.parse(text) as IgnitionConfig), { lineWidth: 0, aliasDuplicateObjects: false });
}

function opened(value: unknown, key = "", isInside = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => opened(item, "", isInside));
  // Before YAML indents it: the same key has the same digest wherever it stands.
  if (typeof value === "string") return withoutBlobs(value);
  if (typeof value === "number" && key === "mode") return value.toString(8).padStart(4, "0");
  if (typeof value !== "object" || value === null) return value;
  if ("source" in value && String(value.source).startsWith("data:")) return openedResource(value as IgnitionResource, isInside);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, opened(item, name, isInside)]));
}

function openedResource(resource: IgnitionResource, isInside: boolean): unknown {
  const text = fromResource(resource).toString();
  if (!text.startsWith('{"ignition":')) return withoutBlobs(text);
  // What the machine-config server hands out is Ignition again; what that serves itself stands beside it already.
  return { ignition: isInside ? `<ignition ${digest(text)}>` : opened(JSON.parse(text), "", true) };
}
