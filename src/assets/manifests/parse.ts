import { parseAllDocuments, type Document } from "yaml";
import { InstallerError } from "../../errors/index.ts";
import { isRecord, yamlProblem } from "../../util/index.ts";
import type { KubernetesObject } from "./manifest.ts";

/**
 * The objects of a manifest file: YAML of any number of documents, or JSON, which is YAML too. A `List` counts as its items, and
 * documents without content are skipped.
 * @throws InstallerError MANIFEST_INVALID
 */
export function parseManifest(path: string, text: string): readonly KubernetesObject[] {
  const documents = parseAllDocuments(text, { merge: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw invalid(path, yamlProblem(problem));
    const value = plain(path, document);
    return value === null || value === undefined ? [] : objectsOf(path, value, index + 1);
  });
}

/** Unknown anchors, and aliases that multiply without end, only show here. */
function plain(path: string, document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalid(path, yamlProblem(error));
  }
}

function objectsOf(path: string, value: unknown, number: number): readonly KubernetesObject[] {
  const where = `document ${number}`;
  if (!isRecord(value)) throw invalid(path, `${where} is not an object`);
  const { apiVersion, kind, metadata, items } = value;
  if (typeof apiVersion !== "string" || apiVersion === "") throw invalid(path, `${where} has no apiVersion`);
  if (typeof kind !== "string" || kind === "") throw invalid(path, `${where} has no kind`);
  if (kind.endsWith("List") && Array.isArray(items)) return items.flatMap((item) => objectsOf(path, item, number));
  if (!isRecord(metadata) || typeof metadata["name"] !== "string" || metadata["name"] === "")
    throw invalid(path, `${where}, a ${kind}, has no metadata.name`);
  const namespace = metadata["namespace"] ?? "";
  if (typeof namespace !== "string") throw invalid(path, `${where}, a ${kind}: metadata.namespace is not text`);
  return [value as unknown as KubernetesObject];
}

const invalid = (path: string, what: string): InstallerError => new InstallerError("MANIFEST_INVALID", `${path}: ${what}`, { value: path });
