import type { VsphereConfig } from "./spec.ts";
import { duplicate, invalid, type IssueDraft, required, stricter, tooMany } from "../../issue.ts";
import { earlierTwins } from "../../earlier-twin.ts";
import { parseAddress } from "../../network/address.ts";
import { subdomainProblem } from "../../network/dns-names.ts";

const PATH = "platform.vsphere.vcenters";
// The Infrastructure object of OpenShift holds no more.
const MOST_VCENTERS = 3;
const LAST_PORT = 65_535;

export function vcenterRules({ vcenters = [] }: VsphereConfig): readonly IssueDraft[] {
  if (vcenters.length === 0) return [required(PATH, "give at least one vCenter")];
  const most = vcenters.length > MOST_VCENTERS ? [stricter(tooMany(PATH, vcenters.length, MOST_VCENTERS))] : [];
  const twins = earlierTwins(vcenters, ({ server = "" }) => server);
  return [...most, ...vcenters.flatMap((vcenter, index) => oneRules(vcenter, `${PATH}[${index}]`, twins[index] !== undefined))];
}

function oneRules(
  { server = "", port, user = "", password = "", datacenters = [] }: NonNullable<VsphereConfig["vcenters"]>[number],
  path: string,
  again: boolean,
): readonly IssueDraft[] {
  const issues = [...serverRules(server, `${path}.server`, again)];
  if (port !== undefined && (port < 0 || port > LAST_PORT))
    issues.push(stricter(invalid(`${path}.port`, port, `must be between 1 and ${LAST_PORT}`)));
  if (user === "") issues.push(required(`${path}.user`, "give the user name, or say where it is: env:NAME or file:PATH"));
  if (password === "") issues.push(required(`${path}.password`, "give the password, or say where it is: env:NAME or file:PATH"));
  if (datacenters.length === 0) issues.push(required(`${path}.datacenters`, "name at least one datacenter"));
  for (const [index, name] of datacenters.entries())
    if (name === "") issues.push(stricter(invalid(`${path}.datacenters[${index}]`, name, "must not be empty")));
  return issues;
}

function serverRules(server: string, path: string, again: boolean): readonly IssueDraft[] {
  if (server === "") return [required(path, "give the domain name or IP address of the vCenter")];
  if (parseAddress(server) === undefined && subdomainProblem(server) !== undefined)
    return [invalid(path, server, "must be the domain name, in lower case, or the IP address of the vCenter; no scheme, no port")];
  return again ? [stricter(duplicate(path, server))] : [];
}
