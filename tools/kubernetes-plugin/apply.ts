import { InstallerError } from "../../src/errors/index.ts";
import type { Ask } from "./ask.ts";
import type { Cluster } from "./cluster.ts";
import { pathOf, type Kind } from "./kinds.ts";
import { annotationOf, fromId, titleOf, type Manifest } from "./manifest.ts";
import { isNotFound, isRequiredFieldMissing, refusal } from "./refusal.ts";

/** What goes with every request of one operation. */
export type Along = Pick<Ask, "signal" | "onWait" | "onWarning" | "patient">;

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take over fields that other managers own. */
  readonly force: boolean;
  /** Ask what would happen, change nothing. */
  readonly dryRun: boolean;
}

const APPLY = "application/apply-patch+yaml";

/** The object as it is; undefined if there is none. */
export async function getObject(cluster: Cluster, kind: Kind, manifest: Pick<Manifest, "metadata">, along: Along): Promise<Manifest | undefined> {
  try {
    return await cluster.ask<Manifest>({ ...along, method: "GET", path: pathOf(kind, manifest) });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Server-side apply: makes the object, or changes those of its fields that are ours. Doing it again changes nothing.
 * @throws ApiStatusError as `refusal` explains it
 */
export function applyObject(cluster: Cluster, kind: Kind, manifest: Manifest, options: ApplyOptions, along: Along): Promise<Manifest> {
  const query = new URLSearchParams({ fieldManager: options.fieldManager, force: String(options.force), fieldValidation: "Warn" });
  if (options.dryRun) query.set("dryRun", "All");
  const { resourceVersion: _, managedFields: __, namespace, ...rest } = manifest.metadata;
  // What has no namespace may still have been given one: the provider's, or by mistake.
  const metadata = kind.namespaced && namespace !== undefined ? { ...rest, namespace } : rest;
  return cluster.ask({
    ...along,
    method: "PATCH",
    path: `${pathOf(kind, manifest)}?${query.toString()}`,
    contentType: APPLY,
    body: JSON.stringify({ ...manifest, metadata }),
  });
}

/**
 * Gives up all fields of ours: those that nobody else owns go away, the object stays.
 * @throws InstallerError KUBE_REFUSED if a required field would go
 */
export async function relinquish(cluster: Cluster, kind: Kind, manifest: Manifest, fieldManager: string, along: Along): Promise<void> {
  const { name = "", namespace } = manifest.metadata;
  const bare: Manifest = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
  // Without the object an apply would make one.
  if ((await getObject(cluster, kind, bare, along)) === undefined) return;
  try {
    await applyObject(cluster, kind, bare, { fieldManager, force: false, dryRun: false }, along);
  } catch (error) {
    if (isNotFound(error)) return;
    if (!isRequiredFieldMissing(error)) throw refusal(error, manifest);
    throw new InstallerError("KUBE_REFUSED", `${titleOf(manifest)}: the patch holds a field that the object needs, so it cannot be taken back`, {
      value: titleOf(manifest),
      advice: "Give the field to another manager first, or keep it with the resource option retainOnDelete.",
      cause: error,
    });
  }
}

/** Asks for the deletion. @returns false if there is nothing (any more) */
export async function deleteObject(cluster: Cluster, kind: Kind, manifest: Manifest, id: string, along: Along): Promise<boolean> {
  const policy = PROPAGATION[(annotationOf(manifest, "deletionPropagationPolicy") ?? "").toLowerCase()] ?? "Foreground";
  try {
    const answer = await cluster.ask<{ kind?: string }>({
      ...along,
      method: "DELETE",
      path: pathOf(kind, { metadata: { ...manifest.metadata, ...fromIdIfNamed(id) } }),
      body: JSON.stringify({ kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: policy }),
    });
    // A Status instead of the object says that it is gone at once.
    return answer.kind !== "Status";
  } catch (error) {
    if (isNotFound(error)) return false;
    throw refusal(error, manifest);
  }
}

const PROPAGATION: Readonly<Record<string, string>> = { orphan: "Orphan", background: "Background" };

function fromIdIfNamed(id: string): { name?: string; namespace?: string } {
  const { namespace, name } = fromId(id);
  return { ...(name === "" ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}
