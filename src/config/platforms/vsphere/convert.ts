import type { VsphereConfig } from "./spec.ts";
import type { Conversion } from "../conversion.ts";
import { forbidden, type IssueDraft } from "../../issue.ts";
import type { Positions } from "../../positions.ts";
import { topologyPaths } from "./topology-paths.ts";
import { notEmpty } from "../../optional.ts";

const PATH = "platform.vsphere";
const HTTPS = 443;
const ACCOUNT = ["vCenter", "username", "password"] as const;
const PLACE = ["datacenter", "defaultDatastore", "folder", "cluster", "resourcePool", "network"] as const;

/** Names that OpenShift gives to the one failure domain of a file in the old form. */
const GENERATED = { name: "generated-failure-domain", region: "generated-region", zone: "generated-zone" } as const;

type VCenter = NonNullable<VsphereConfig["vcenters"]>[number];
type FailureDomain = NonNullable<VsphereConfig["failureDomains"]>[number];

/**
 * The flat keys of before OpenShift 4.13 to `vcenters` and `failureDomains`. The old keys stay in the result: that a file
 * is of the old form loosens some rules.
 */
export function convertVsphere(vsphere: VsphereConfig, { positions, warnings }: Conversion): VsphereConfig {
  const has = (key: (typeof ACCOUNT | typeof PLACE)[number]): boolean => (vsphere[key] ?? "") !== "";
  const account = ACCOUNT.some(has);
  const place = PLACE.some(has);
  const newVcenters = isEmpty(vsphere.vcenters) && account;
  const newDomains = isEmpty(vsphere.failureDomains) && place;
  for (const key of ACCOUNT) if (has(key)) warnings.push(deprecated(key, "vcenters", newVcenters));
  for (const key of PLACE) if (has(key)) warnings.push(deprecated(key, "failureDomains", newDomains || newVcenters));

  const vcenters = newVcenters ? [vcenterOf(vsphere, positions)] : vsphere.vcenters;
  const server = vcenters?.[0]?.server;
  const failureDomains = newDomains
    ? [failureDomainOf(vsphere, server, positions, warnings)]
    : newVcenters
      ? vsphere.failureDomains?.map((domain, index) => completed(domain, index, vsphere, positions))
      : vsphere.failureDomains;
  if (!newDomains)
    for (const [index, { topology = {} }] of (failureDomains ?? []).entries())
      warnings.push(...nameWarnings(topology, (key) => `${PATH}.failureDomains[${index}].topology.${key}`));
  return { ...vsphere, ...(vcenters === undefined ? {} : { vcenters }), ...(failureDomains === undefined ? {} : { failureDomains }) };
}

const isEmpty = (list: readonly unknown[] | undefined): boolean => (list ?? []).length === 0;

function deprecated(key: string, instead: string, used: boolean): IssueDraft {
  return forbidden(`${PATH}.${key}`, used ? `is deprecated; use ${instead}` : `is deprecated, and not used beside ${instead}; remove it`);
}

function vcenterOf({ vCenter, username, password, datacenter, failureDomains = [] }: VsphereConfig, positions: Positions): VCenter {
  const at = `${PATH}.vcenters[0]`;
  positions.moved(`${at}.server`, `${PATH}.vCenter`);
  positions.moved(`${at}.user`, `${PATH}.username`);
  positions.moved(`${at}.password`, `${PATH}.password`);
  positions.moved(`${at}.datacenters`, `${PATH}.datacenter`);
  const named = [datacenter ?? "", ...failureDomains.map(({ topology }) => topology?.datacenter ?? "")].filter((name) => name !== "");
  return { server: vCenter, port: HTTPS, user: username, password, datacenters: [...new Set(named)] };
}

/** What a failure domain of OpenShift 4.12 left to the flat keys. */
function completed(domain: FailureDomain, index: number, { vCenter, datacenter }: VsphereConfig, positions: Positions): FailureDomain {
  const at = `${PATH}.failureDomains[${index}]`;
  if ((domain.server ?? "") === "") positions.moved(`${at}.server`, `${PATH}.vCenter`);
  return {
    ...domain,
    server: notEmpty(domain.server) ?? vCenter,
    topology: { ...domain.topology, datacenter: notEmpty(domain.topology?.datacenter) ?? datacenter },
  };
}

function failureDomainOf(vsphere: VsphereConfig, server: string | undefined, positions: Positions, warnings: IssueDraft[]): FailureDomain {
  const { datacenter = "", defaultDatastore, folder, cluster, resourcePool, network } = vsphere;
  const at = `${PATH}.failureDomains[0].topology`;
  const moved: Readonly<Record<string, string>> = {
    datacenter: "datacenter",
    datastore: "defaultDatastore",
    folder: "folder",
    computeCluster: "cluster",
    resourcePool: "resourcePool",
    networks: "network",
  };
  for (const [to, from] of Object.entries(moved)) positions.moved(`${at}.${to}`, `${PATH}.${from}`);
  positions.moved(`${PATH}.failureDomains[0].server`, `${PATH}.vCenter`);
  const topology = {
    datacenter,
    datastore: notEmpty(defaultDatastore),
    folder: notEmpty(folder),
    computeCluster: notEmpty(cluster),
    resourcePool: notEmpty(resourcePool),
    ...(network === undefined || network === "" ? {} : { networks: [network] }),
  };
  warnings.push(...nameWarnings(topology, (key) => `${PATH}.${moved[key] ?? key}`));
  return { ...GENERATED, server, topology };
}

/** Of each object that is given without its full path: where it is looked for. */
function nameWarnings(topology: NonNullable<FailureDomain["topology"]>, pathOf: (key: string) => string): readonly IssueDraft[] {
  const paths = topologyPaths(topology);
  return (["computeCluster", "resourcePool", "datastore", "folder", "template"] as const)
    .filter((key) => (topology[key] ?? "") !== "" && topology[key]?.startsWith("/") === false && paths[key].startsWith("/"))
    .map((key) => forbidden(pathOf(key), `is a name; taken for the path ${paths[key]}`));
}
