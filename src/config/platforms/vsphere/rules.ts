import type { InstallConfig } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../../issue.ts";
import { contractOf } from "../../openshift/contract.ts";
import { releaseOf } from "../../openshift/release.ts";
import { earlierTwins } from "../../earlier-twin.ts";
import { poolsOf } from "../../pools.ts";
import { imageRules } from "../os-image.ts";
import { dnsRecordsRules } from "../dns-records.ts";
import { failureDomainRules } from "./failure-domains.ts";
import { placementRules } from "./placement-rules.ts";
import { vsphereHostRules, vsphereHostWarnings } from "./hosts.ts";
import { vsphereMachineSetRules } from "./machine-sets.ts";
import { nodeNetworkingRules } from "./node-networking.ts";
import { vspherePoolRules } from "./pool-rules.ts";
import { memoryOf } from "./pool.ts";
import { isUserProvisioned } from "./user-provisioned.ts";
import { vcenterRules } from "./vcenters.ts";

const PATH = "platform.vsphere";
/** Architectures that OpenShift has, but not here. */
const NO_IMAGE: ReadonlySet<string> = new Set(["arm64", "ppc64le", "s390x"]);

export function vsphereRules(config: InstallConfig): readonly IssueDraft[] {
  const vsphere = config.platform?.vsphere;
  if (vsphere === undefined) return [];
  const issues = [
    ...vcenterRules(vsphere),
    ...failureDomainRules(vsphere, placementRules(config)),
    ...nodeNetworkingRules(vsphere),
    ...imageRules(`${PATH}.clusterOSImage`, vsphere.clusterOSImage),
    ...vspherePoolRules(config),
    ...vsphereHostRules(config),
    ...architectureRules(config),
    ...vsphereMachineSetRules(config),
  ];
  const { version } = releaseOf(config);
  if (vsphere.dnsRecordsType !== undefined && config.distribution !== "kubernetes" && !contractOf(version).dnsRecords)
    return [...issues, forbidden(`${PATH}.dnsRecordsType`, `is not in version ${version}`)];
  return [...issues, ...dnsRecordsRules(PATH, vsphere)];
}

/** Machines start from an image that there is for one architecture only, unless the user has another. */
const architectureRules = (config: InstallConfig): readonly IssueDraft[] =>
  poolsOf(config)
    .filter(({ pool }) => config.distribution !== "kubernetes" && NO_IMAGE.has(pool.architecture))
    .filter(() => (config.platform?.vsphere?.clusterOSImage ?? "") === "")
    .map(({ path, pool }) =>
      invalid(
        `${path}.architecture`,
        pool.architecture,
        "must be amd64: OpenShift has no image of another architecture for this platform; give your own as clusterOSImage",
      ),
    );

/** What OpenShift's installer lets pass, but will disappoint. */
export function vsphereWarnings(config: InstallConfig): readonly IssueDraft[] {
  const vsphere = config.platform?.vsphere;
  if (vsphere === undefined) return [];
  const issues = [...vsphereHostWarnings(config)];
  if (isUserProvisioned(vsphere))
    issues.push(
      forbidden(
        `${PATH}.network`,
        "is missing, so machines cannot be created: only manifests and Ignition configs, for machines that you create yourself",
      ),
    );
  issues.push(...memoryWarnings(config));
  const refused = new Set(failureDomainRules(vsphere, placementRules(config)).map(({ path, message }) => `${path} ${message}`));
  for (const issue of failureDomainRules(vsphere))
    if (!refused.has(`${issue.path} ${issue.message}`)) issues.push(forbidden(issue.path, `${issue.message}; later versions refuse that`));
  const domains = vsphere.failureDomains ?? [];
  const twins = earlierTwins(domains, ({ server, topology }) => JSON.stringify([server, topology]));
  for (const [index, { name = "", zoneType, topology }] of domains.entries()) {
    const path = `${PATH}.failureDomains[${index}].topology`;
    if ((topology?.hostGroup ?? "") !== "" && zoneType !== "HostGroup")
      issues.push(forbidden(`${path}.hostGroup`, `is used only with zoneType HostGroup (failure domain ${name})`));
    const twin = twins[index]?.name;
    if (twin !== undefined) issues.push(forbidden(path, `of ${name} is that of ${twin}: they will fail together`));
  }
  return issues;
}

function memoryWarnings(config: InstallConfig): readonly IssueDraft[] {
  const wrong = poolsOf(config).flatMap(({ path, pool }): [string, number][] => {
    const memoryMB = memoryOf(config, pool);
    const own = (pool.platform?.vsphere?.memoryMB ?? 0) !== 0;
    return memoryMB % 4 === 0 ? [] : [[own ? `${path}.platform.vsphere.memoryMB` : `${PATH}.defaultMachinePlatform.memoryMB`, memoryMB]];
  });
  return [...new Map(wrong)].map(([path, memoryMB]) => forbidden(path, `vSphere takes multiples of 4 only, not ${memoryMB}`));
}
