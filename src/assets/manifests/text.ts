import { stringify } from "yaml";
import type { KubernetesObject, Manifest } from "./manifest.ts";

/** A manifest's YAML: its objects in order, each with its fields in the order that they were built in. */
export function manifestText(manifest: Manifest): string {
  return manifest.objects.map(objectText).join("---\n");
}

const objectText = (object: KubernetesObject): string => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" });
