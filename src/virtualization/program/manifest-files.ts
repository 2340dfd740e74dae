import { parseAllDocuments } from "yaml";
import { InstallerError } from "../../errors/index.ts";
import { yamlProblem } from "../../util/index.ts";
import type { Manifest } from "../../pulumi/kubernetes/index.ts";

/** Resources that are made here with the user's settings, though some release files hold an example of them. */
const MADE_HERE: ReadonlySet<string> = new Set(["KubeVirt", "CDI", "NetworkAddonsConfig", "HostPathProvisioner"]);

/** The order in which kinds need one another; what is not named comes last. */
const ORDER: readonly string[] = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "ServiceAccount",
  "ClusterRole",
  "Role",
  "ClusterRoleBinding",
  "RoleBinding",
];

/**
 * The objects of a manifest, in the order in which they can be made.
 * @param location for messages
 * @throws InstallerError VIRT_MANIFEST_UNREADABLE
 */
export function objectsOf(text: string, location: string): readonly Manifest[] {
  const documents = parseAllDocuments(text);
  const objects = (Array.isArray(documents) ? documents : []).flatMap((document, index): readonly Manifest[] => {
    const [error] = document.errors;
    if (error !== undefined) throw unreadable(location, index, yamlProblem(error));
    let value: unknown;
    try {
      value = document.toJS();
    } catch (aliases) {
      throw unreadable(location, index, yamlProblem(aliases));
    }
    if (value === null || value === undefined) return [];
    if (!isManifest(value)) throw unreadable(location, index, "needs apiVersion, kind and metadata.name");
    return value.kind === "List" ? (((value as { items?: unknown[] }).items ?? []).filter(isManifest) as Manifest[]) : [value];
  });
  const wanted = objects.filter(({ kind, apiVersion }) => !(MADE_HERE.has(kind) && apiVersion.includes("kubevirt.io")));
  const rank = ({ kind }: Manifest): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return wanted.toSorted((a, b) => rank(a) - rank(b));
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } };
  return typeof apiVersion === "string" && typeof kind === "string" && (kind === "List" || typeof metadata?.name === "string");
}

const unreadable = (location: string, index: number, why: string): InstallerError =>
  new InstallerError("VIRT_MANIFEST_UNREADABLE", `document ${index + 1} of ${location} cannot be used: ${why}`, { value: location });
