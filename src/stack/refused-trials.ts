import { nameOfUrn, typeOfUrn } from "../pulumi/index.ts";
import type { Failure } from "./failure.ts";
import { kubernetesErrorId } from "./kubernetes-failures.ts";

/** What a preview does with an object that the API server does not try for it, by URN. */
export type RefusedTrials = ReadonlyMap<string, "replace" | "update">;

/** Takes keys out of an object, before this is applied; `NAME-keys` for the object NAME. */
const EMPTIED_KEYS = "virt-ipi:virtualization:EmptiedKeys";

/**
 * Objects in a cluster by which alone a preview failed, though an update will not: the plugin has the API server try the new form of an object on what the
 * cluster holds now. Of one that is replaced an update deletes the old form first; out of one whose keys an operator holds it first takes those keys.
 * @param steps operation that the preview has for each URN @returns nothing if something else failed
 */
export function refusedTrials(failures: readonly Failure[], steps: ReadonlyMap<string, string>): RefusedTrials {
  const found = new Map<string, "replace" | "update">();
  for (const { urn = "", message } of failures) {
    const type = typeOfUrn(urn);
    if (!type.startsWith("kubernetes:")) return new Map();
    if (steps.get(urn) === "create-replacement") found.set(urn, "replace");
    else if (kubernetesErrorId(type, message) === "KUBE_KEY_HELD" && takesKeysOutOf(nameOfUrn(urn), steps)) found.set(urn, "update");
    else return new Map();
  }
  return found;
}

const takesKeysOutOf = (name: string, steps: ReadonlyMap<string, string>): boolean =>
  [...steps.keys()].some((urn) => typeOfUrn(urn) === EMPTIED_KEYS && nameOfUrn(urn) === `${name}-keys`);
