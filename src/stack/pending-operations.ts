import { kindOf, type OwnedObject } from "../providers/index.ts";

/** The part of a stack's exported deployment that we read. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/**
 * What a killed run may have made without its state knowing: objects that bear the name of a pending create and that no
 * resource of the state stands for. Only these may be removed before the operation is tried again.
 */
export function leftovers(deployment: Deployment, objects: readonly OwnedObject[]): readonly OwnedObject[] {
  const creating = new Set(
    (deployment.pending_operations ?? []).filter(({ type }) => type === "creating").flatMap(({ resource }) => marksOf(resource)),
  );
  const known = new Set((deployment.resources ?? []).flatMap(marksOf));
  return objects.filter(
    (object) =>
      [object.name, object.id].some((mark) => creating.has(mark)) && ![object.name, object.id].some((mark) => known.has(kindMark(object, mark))),
  );
}

/** The machines' addresses as the program exported them, by name: as the platform found them, or planned. */
export function exportedAddresses(deployment: Deployment): ReadonlyMap<string, string> {
  const stack = (deployment.resources ?? []).find(({ type }) => type === "pulumi:pulumi:Stack");
  const machines = stack?.outputs?.["machines"];
  const entries = typeof machines === "object" && machines !== null ? Object.entries(machines) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

// A machine and its volume may bear one name, so a known resource is identified by kind and name.
function marksOf(resource: StateResource): readonly string[] {
  const marks = [
    resource.id,
    resource.inputs?.["name"],
    resource.inputs?.["path"],
    resource.outputs?.["name"],
    resource.outputs?.["uuid"],
    resource.outputs?.["path"],
  ].filter((mark) => typeof mark === "string" && mark !== "") as string[];
  return [...marks, ...marks.map((mark) => `${kindOf(resource.type)}/${mark}`)];
}

const kindMark = (object: OwnedObject, mark: string): string => `${object.kind}/${mark}`;

/** The same deployment without some resources, which nothing depends on any more: what they stood for is gone. */
export function withoutResources<T extends Deployment>(deployment: T, urns: ReadonlySet<string>): T {
  const resources = (deployment.resources ?? [])
    .filter(({ urn }) => !urns.has(urn))
    .map((resource) => {
      const { dependencies, propertyDependencies } = resource as {
        dependencies?: readonly string[];
        propertyDependencies?: Record<string, readonly string[]>;
      };
      const kept = (list: readonly string[] | null | undefined): readonly string[] => (list ?? []).filter((urn) => !urns.has(urn));
      return {
        ...resource,
        ...(dependencies === undefined ? {} : { dependencies: kept(dependencies) }),
        ...(propertyDependencies === undefined
          ? {}
          : { propertyDependencies: Object.fromEntries(Object.entries(propertyDependencies).map(([name, list]) => [name, kept(list)])) }),
      };
    });
  return { ...deployment, resources };
}

/** The same deployment without pending operations: they are tried again by the next update. */
export const withoutPending = <T extends Deployment>(deployment: T): T => ({ ...deployment, pending_operations: [] });
