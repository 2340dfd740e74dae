import type { InstallConfig, RawVirtualization } from "../../install-config.ts";
import { duplicate, forbidden, invalid, type IssueDraft, required } from "../../issue.ts";
import { subdomainProblem } from "../../network/dns-names.ts";

const AT = "virtualization.storage";
const POOLS = `${AT}.hostPathProvisioner.pools`;

export function storageRules({ distribution }: InstallConfig, { storage }: RawVirtualization): readonly IssueDraft[] {
  if (storage === undefined) return [];
  const { hostPathProvisioner, storageClass, storageProfiles = [] } = storage;
  const issues: IssueDraft[] = [];
  if (hostPathProvisioner !== undefined && storageClass !== undefined)
    issues.push(forbidden(`${AT}.storageClass`, "cannot be given together with hostPathProvisioner"));
  issues.push(...className(`${AT}.storageClass`, storageClass));
  const pools = hostPathProvisioner?.pools ?? [];
  if (hostPathProvisioner !== undefined && pools.length === 0) issues.push(required(POOLS, "give at least one pool"));
  const names = pools.map(({ name }) => name);
  const paths = pools.map(({ path }) => path);
  const classes = pools.map(({ name, storageClass: given }) => given ?? `hostpath-${name}`);
  for (const [index, { name, path, storageClass: given }] of pools.entries()) {
    const at = `${POOLS}[${index}]`;
    if (name === undefined || name === "") issues.push(required(`${at}.name`, "name the pool"));
    else if (!/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(name))
      issues.push(invalid(`${at}.name`, name, "must be a DNS-1123 label of at most 50 characters"));
    else if (names.indexOf(name) !== index) issues.push(duplicate(`${at}.name`, name));
    issues.push(...pathRules(`${at}.path`, path, distribution === "kubernetes"));
    if (path !== undefined && paths.indexOf(path) !== index) issues.push(duplicate(`${at}.path`, path));
    issues.push(...className(`${at}.storageClass`, given));
    if (given !== undefined && classes.indexOf(given) !== index) issues.push(duplicate(`${at}.storageClass`, given));
  }
  for (const [index, { name, claimPropertySets }] of storageProfiles.entries()) {
    const at = `${AT}.storageProfiles[${index}]`;
    if (name === undefined || name === "") issues.push(required(`${at}.name`, "name the StorageClass"));
    else if (storageProfiles.findIndex((other) => other.name === name) !== index) issues.push(duplicate(`${at}.name`, name));
    issues.push(...className(`${at}.name`, name));
    for (const [number, set] of (claimPropertySets ?? []).entries())
      if ((set.accessModes ?? []).length === 0)
        issues.push(required(`${at}.claimPropertySets[${number}].accessModes`, "give at least one access mode"));
  }
  return issues;
}

function pathRules(at: string, path: string | undefined, anywhere: boolean): readonly IssueDraft[] {
  if (path === undefined || path === "") return [required(at, "name a folder of the nodes")];
  if (!path.startsWith("/") || path.split("/").includes("..") || path.replaceAll("/", "") === "")
    return [invalid(at, path, "must be an absolute path of a folder below /, without ..")];
  return anywhere || path.startsWith("/var/") ? [] : [invalid(at, path, "must be below /var: the rest of the nodes' root is read only")];
}

function className(at: string, name: string | undefined): readonly IssueDraft[] {
  const problem = name === undefined || name === "" ? undefined : subdomainProblem(name);
  return problem === undefined ? [] : [invalid(at, name, problem)];
}
