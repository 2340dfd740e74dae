import type { InstallConfig, Pool } from "../install-config.ts";
import { duplicate, forbidden, invalid, type IssueDraft, required, stricter, unsupported } from "../issue.ts";
import { contractOf } from "../openshift/contract.ts";
import { releaseOf } from "../openshift/release.ts";
import { platformsOf } from "../platforms/registry.ts";
import { PLATFORMS } from "../platforms/supported.ts";
import { diskSetupRules } from "./disk-setup.ts";
import { goUrlProblem } from "../network/go-url.ts";
import { macProblem } from "../network/mac-address.ts";

const CONTROL_PLANE_SIZES: ReadonlySet<number> = new Set([1, 3, 4, 5]);

/** controlPlane, arbiter, compute: the neutral part. */
export function poolRules(config: InstallConfig): readonly IssueDraft[] {
  const { controlPlane, compute, arbiter } = config;
  return [
    ...controlPlaneRules(config),
    ...commonRules(config, controlPlane, "controlPlane"),
    ...(arbiter === undefined ? [] : [...arbiterRules(config, arbiter), ...commonRules(config, arbiter, "arbiter")]),
    ...compute.flatMap((pool, index) => [...computeRules(config, pool, index), ...commonRules(config, pool, `compute[${index}]`)]),
  ];
}

function controlPlaneRules(config: InstallConfig): readonly IssueDraft[] {
  const { name, replicas, fencing } = config.controlPlane;
  const issues: IssueDraft[] = [];
  if (name !== "master") issues.push(stricter(unsupported("controlPlane.name", name, ["master"])));
  // Two members of etcd have no majority without both: only a third vote or fencing makes that a cluster.
  const pair = replicas === 2 && (fencing !== undefined || config.arbiter !== undefined);
  if (replicas === 0) issues.push(invalid("controlPlane.replicas", replicas, "number of control-plane machines must be positive"));
  else if (replicas > 0 && !pair && !CONTROL_PLANE_SIZES.has(replicas)) {
    const issue = invalid("controlPlane.replicas", replicas, "must be 1, 3, 4 or 5; etcd gains nothing from other numbers");
    issues.push(replicas === 2 ? issue : stricter(issue));
  }
  return [...issues, ...singleNodeRules(config), ...fencingRules(config)];
}

/** OpenShift's installer says so only while it renders the machines. */
function singleNodeRules(config: InstallConfig): readonly IssueDraft[] {
  const { version } = releaseOf(config);
  if (config.controlPlane.replicas !== 1 || config.distribution === "kubernetes" || contractOf(version).singleNodeEverywhere) return [];
  return platformsOf(config).flatMap(({ name, singleNode }) => {
    if (singleNode === "possible" || (singleNode === "in place" && (config.bootstrapInPlace?.installationDisk ?? "") !== "")) return [];
    const advice = singleNode === undefined ? "" : " without bootstrapInPlace";
    return [invalid("controlPlane.replicas", 1, `a single control-plane machine is not possible on platform ${name}${advice} in version ${version}`)];
  });
}

function fencingRules(config: InstallConfig): readonly IssueDraft[] {
  const { fencing, replicas } = config.controlPlane;
  if (fencing === undefined) return [];
  const path = "controlPlane.fencing";
  const { version } = releaseOf(config);
  const credentials = fencing.credentials ?? [];
  const issues: IssueDraft[] = platformsOf(config).flatMap(({ name, isHardware = false }) =>
    isHardware ? [] : [forbidden(path, `is not possible on platform ${name}`)],
  );
  // A third vote makes the number of entries no matter.
  const counts = (config.arbiter?.replicas ?? 0) === 0;
  if (counts && replicas === 2 && credentials.length !== 2)
    issues.push(forbidden(`${path}.credentials`, `there must be exactly two entries, not ${credentials.length}`));
  if (counts && replicas !== 2 && credentials.length > 0)
    issues.push(forbidden(`${path}.credentials`, `is only for two control-plane machines, not for ${replicas}`));
  for (const [index, credential] of credentials.entries()) {
    const { hostName = "", macAddress = "", address = "" } = credential;
    const at = `${path}.credentials[${index}]`;
    for (const key of ["username", "password", "address"] as const)
      if ((credential[key] ?? "") === "") issues.push(required(`${at}.${key}`, "is needed to switch the machine off"));
    if (address !== "" && contractOf(version).fencingAddressChecked) issues.push(...redfishRules(`${at}.address`, address));
    if (hostName === "" && macAddress === "") issues.push(required(`${at}.hostName`, "name the host, by hostName or by macAddress"));
    if (macAddress !== "" && !contractOf(version).fencingByMac) issues.push(forbidden(`${at}.macAddress`, `is not in version ${version}`));
    const problem = macAddress === "" ? undefined : macProblem(macAddress);
    if (problem !== undefined) issues.push(invalid(`${at}.macAddress`, macAddress, problem));
  }
  for (const key of ["hostName", "macAddress", "address"] as const) {
    const seen = new Set<string>();
    for (const [index, entry] of credentials.entries()) {
      const value = entry[key]?.toLowerCase();
      if (value !== undefined && value !== "" && seen.has(value)) issues.push(duplicate(`${path}.credentials[${index}].${key}`, value));
      if (value !== undefined) seen.add(value);
    }
  }
  return issues;
}

/** The cluster speaks Redfish only, on a port that is given or that follows from the scheme. */
function redfishRules(path: string, address: string): readonly IssueDraft[] {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):/i.exec(address) ?? [];
  const problem = scheme === "" ? undefined : goUrlProblem(address);
  if (problem !== undefined) return [invalid(path, address, `is no URL: it ${problem}`)];
  const issues: IssueDraft[] = [];
  if (!address.includes("redfish"))
    issues.push(invalid(path, address, "must be a Redfish address: others, such as IPMI, cannot be used for fencing"));
  if (!/https?|redfish/i.test(scheme) && !/^[^/]*\/\/[^/?#]*:\d+(?:[/?#]|$)/.test(address))
    issues.push(invalid(path, address, "must name a port, which does not follow from its scheme"));
  return issues;
}

function arbiterRules(config: InstallConfig, arbiter: Pool): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const { arbiterOfAnyKind } = contractOf(releaseOf(config).version);
  const allowed = PLATFORMS.filter(({ isHardware, managesHardware }) => managesHardware === true || (isHardware === true && arbiterOfAnyKind));
  for (const platform of platformsOf(config))
    if (!allowed.includes(platform))
      issues.push(
        unsupported(
          "arbiter.platform",
          platform.name,
          allowed.map(({ name }) => name),
        ),
      );
  if (arbiter.name !== "arbiter") issues.push(stricter(unsupported("arbiter.name", arbiter.name, ["arbiter"])));
  if (arbiter.replicas === 0) issues.push(invalid("arbiter.replicas", 0, "number of arbiter machines must be positive"));
  if (config.controlPlane.replicas < 2)
    issues.push(invalid("arbiter.replicas", config.controlPlane.replicas, "with an arbiter there must be at least 2 control-plane machines"));
  return issues;
}

function computeRules(config: InstallConfig, pool: Pool, index: number): readonly IssueDraft[] {
  const path = `compute[${index}]`;
  const issues: IssueDraft[] = [];
  if (pool.name !== "worker") issues.push(unsupported(`${path}.name`, pool.name, ["worker"]));
  if (config.compute.slice(0, index).some((earlier) => earlier.name === pool.name)) issues.push(duplicate(`${path}.name`, pool.name));
  if (pool.architecture !== config.controlPlane.architecture && !isMixed(config, pool))
    issues.push(invalid(`${path}.architecture`, pool.architecture, `must be ${config.controlPlane.architecture}, as that of the control plane`));
  if (pool.fencing !== undefined) issues.push(invalid(`${path}.fencing`, pool.fencing, "is only possible for the control plane"));
  return issues;
}

/** Compute machines of another architecture than the control plane, where the release knows hosts that say which they have. */
function isMixed(config: InstallConfig, pool: Pool): boolean {
  const { metal } = contractOf(releaseOf(config).version);
  const isPossible = config.distribution !== "kubernetes" && platformsOf(config).every(({ managesHardware }) => managesHardware === true);
  return isPossible && metal.architectures && config.controlPlane.architecture === "amd64" && pool.architecture === "arm64";
}

function managementRules(config: InstallConfig, { management }: Pool, path: string): readonly IssueDraft[] {
  const { version } = releaseOf(config);
  if (management === undefined || config.distribution === "kubernetes") return [];
  if (!contractOf(version).poolManagement) return [forbidden(path, `is not in version ${version}`)];
  return management === "ClusterAPI" ? [invalid(path, management, "machines of no platform here can be managed by Cluster API")] : [];
}

function commonRules(config: InstallConfig, pool: Pool, path: string): readonly IssueDraft[] {
  const issues: IssueDraft[] = [...diskSetupRules(config, pool, path)];
  issues.push(...managementRules(config, pool, `${path}.management`));
  if (pool.replicas < 0) issues.push(invalid(`${path}.replicas`, pool.replicas, "number of machines must not be negative"));
  const used = platformsOf(config).map(({ name }) => name as string);
  for (const name of Object.keys(pool.platform ?? {}))
    if (used.length > 0 && !used.includes(name))
      issues.push(invalid(`${path}.platform.${name}`, name, `cannot be given for a pool when the cluster uses ${used.join(", ")}`));
  return issues;
}
