import { cleanPath } from "./inventory-path.ts";

const FORMS = {
  computeCluster: /^\/(.*?)\/host\//,
  datastore: /^\/(.*?)\/datastore\//,
  folder: /^\/(.*?)\/vm\//,
  resourcePool: /^\/(.*?)\/host\/(.*?)\//,
} as const;

interface Place {
  readonly datacenter?: string | undefined;
  readonly computeCluster?: string | undefined;
}

/**
 * Whether OpenShift's installer takes a path for one in this place. It asks for less than there has to be: a part of a name passes for the name,
 * and a folder below the datacenter for an object in it. All but folders it reads twice, the second time without doubled and trailing slashes.
 * Source: openshift/installer pkg/types/vsphere/validation/platform.go, by description.
 * @param path absolute, as it was written
 */
export function isAcceptedPath(key: string, path: string, place: Place): boolean {
  return isReadOnce(key, path, place) && (key === "folder" || isReadOnce(key, cleanPath(path), place));
}

function isReadOnce(key: string, path: string, { datacenter = "", computeCluster = "" }: Place): boolean {
  const [whole, itsDatacenter, itsCluster = ""] = (isPathKey(key) ? FORMS[key].exec(path) : null) ?? [];
  if (whole === undefined || itsDatacenter === undefined) return false;
  if (key === "datastore" || key === "folder") return path.includes(datacenter);
  return (datacenter === "" || datacenter.includes(itsDatacenter)) && (computeCluster === "" || computeCluster.includes(itsCluster));
}

const isPathKey = (key: string): key is keyof typeof FORMS => Object.hasOwn(FORMS, key);
