import type { InstallConfig } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft, required } from "../../issue.ts";
import { contains, hostAddress, parseCidr } from "../../network/address.ts";
import { machineNetworks } from "../../network/machine-networks.ts";
import { hostRules } from "../static-hosts.ts";

const PATH = "platform.vsphere";

/** platform.vsphere.hosts: either none, or one for each machine that the installer creates. */
export function vsphereHostRules(config: InstallConfig): readonly IssueDraft[] {
  const vsphere = config.platform?.vsphere;
  const hosts = vsphere?.hosts;
  if (vsphere === undefined || hosts === undefined) return [];
  const domains = new Set((vsphere.failureDomains ?? []).map(({ name }) => name));
  const issues = [...countRules(config, hosts), ...hostRules(config, PATH, hosts, vsphere, { anyNetwork: true })];
  for (const [index, { failureDomain = "", networkDevice }] of hosts.entries()) {
    const path = `${PATH}.hosts[${index}]`;
    if (networkDevice === undefined) issues.push(required(`${path}.networkDevice`, "say how the host's network interface is configured"));
    if (failureDomain !== "" && !domains.has(failureDomain))
      issues.push(invalid(`${path}.failureDomain`, failureDomain, "is not defined in failureDomains"));
  }
  return issues;
}

function countRules(config: InstallConfig, hosts: readonly { readonly role?: string | undefined }[]): readonly IssueDraft[] {
  const count = (role: string): number => hosts.filter((host) => host.role === role).length;
  const at = `${PATH}.hosts`;
  const ownSets = config.machineManagement === "MachineSets";
  const issues: IssueDraft[] = [];
  if (count("bootstrap") !== 1) issues.push(invalid(at, "bootstrap", `exactly one host must have role bootstrap, not ${count("bootstrap")}`));
  const wanted = {
    "control-plane": { pool: "control-plane", machines: config.controlPlane.replicas },
    compute: { pool: "compute", machines: ownSets ? 0 : config.compute.reduce((sum, pool) => sum + pool.replicas, 0) },
  };
  for (const [role, { pool, machines }] of Object.entries(wanted)) {
    const found = count(role);
    if (found > 0 && role === "compute" && ownSets)
      issues.push(forbidden(at, "hosts of role compute are not possible with machineManagement: MachineSets, whose machines have addresses by DHCP"));
    else if (found !== machines)
      issues.push(invalid(at, role, `${found < machines ? "not enough" : "too many"} hosts (${found}) for the ${pool} replicas (${machines})`));
  }
  return issues;
}

/** OpenShift's installer lets addresses lie anywhere, and so do we, but DNS, proxies and keepalived go by machineNetwork. */
export function vsphereHostWarnings(config: InstallConfig): readonly IssueDraft[] {
  const networks = machineNetworks(config);
  return (config.platform?.vsphere?.hosts ?? []).flatMap(({ networkDevice }, index) =>
    (networkDevice?.ipAddrs ?? []).flatMap((text, number) => {
      const cidr = parseCidr(text);
      if (cidr === undefined || networks.some((network) => contains(network, hostAddress(cidr)))) return [];
      return [forbidden(`${PATH}.hosts[${index}].networkDevice.ipAddrs[${number}]`, `${text} is in none of the machine networks`)];
    }),
  );
}
