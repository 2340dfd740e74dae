import type { InstallConfig } from "../../install-config.ts";
import { earlierTwins } from "../../earlier-twin.ts";
import { duplicate, forbidden, invalid, type IssueDraft, required, stricter } from "../../issue.ts";
import { subdomainProblem } from "../../network/dns-names.ts";
import { macProblem } from "../../network/mac-address.ts";
import { contractOf } from "../../openshift/contract.ts";
import { releaseOf } from "../../openshift/release.ts";
import { isRecord } from "../../../util/index.ts";
import { driverOf } from "./bmc-address.ts";
import { byRole, type HostRole, roleOf } from "./roles.ts";
import type { BaremetalHostKeys } from "./spec.ts";

const PATH = "platform.baremetal.hosts";

/** What the Machine API makes machines of: enough hosts for each pool, that differ, with a disk to install to. */
export function hostRules(config: InstallConfig, hosts: readonly BaremetalHostKeys[] | undefined): readonly IssueDraft[] {
  if (hosts === undefined) return [invalid(PATH, hosts, "hosts are missing: capability MachineAPI creates the machines from them")];
  return [
    ...countRules(config, hosts),
    ...uniqueRules(hosts, "name", ({ name }) => name),
    ...uniqueRules(hosts, "bootMACAddress", ({ bootMACAddress }) => bootMACAddress),
    ...sameMacRules(hosts),
    ...hosts.flatMap((host, index) => hostRulesOf(config, host, `${PATH}[${index}]`)),
  ];
}

/** Hosts without a role are taken where some are missing: first for the control plane, then for arbiters, then for compute machines. */
function countRules({ controlPlane, arbiter, compute }: InstallConfig, hosts: readonly BaremetalHostKeys[]): readonly IssueDraft[] {
  const wanted: readonly (readonly [role: Exclude<HostRole, "none">, what: string, count: number])[] = [
    ["master", "control-plane", controlPlane.replicas],
    ["arbiter", "arbiter", arbiter?.replicas ?? 0],
    ["worker", "compute", compute.reduce((sum, { replicas }) => sum + replicas, 0)],
  ];
  let spare = byRole(hosts).filter((host) => roleOf(host) === "none").length;
  for (const [role, what, count] of wanted) {
    const named = hosts.filter((host) => roleOf(host) === role).length;
    const found = named + Math.min(spare, Math.max(0, count - named));
    spare -= found - named;
    if (found < count) return [required(PATH, `not enough hosts (${found}) for the ${what} replicas (${count})`)];
  }
  return [];
}

function uniqueRules(
  hosts: readonly BaremetalHostKeys[],
  key: string,
  valueOf: (host: BaremetalHostKeys) => string | undefined,
): readonly IssueDraft[] {
  const texts = hosts.map((host) => valueOf(host) ?? "");
  const twins = earlierTwins(texts, (value) => value);
  return texts.flatMap((value, index) => {
    const path = `${PATH}[${index}].${key}`;
    if (value === "") return [required(path, "every host needs its own")];
    return twins[index] === undefined ? [] : [duplicate(path, value)];
  });
}

/** Addresses that differ by capitals only: OpenShift's installer compares the texts. */
function sameMacRules(hosts: readonly BaremetalHostKeys[]): readonly IssueDraft[] {
  const macs = hosts.map(({ bootMACAddress = "" }) => bootMACAddress);
  const twins = earlierTwins(macs, (mac) => mac.toLowerCase());
  return macs.flatMap((mac, index) => {
    const twin = twins[index] ?? mac;
    return twin === mac ? [] : [stricter(duplicate(`${PATH}[${index}].bootMACAddress`, mac))];
  });
}

function hostRulesOf(config: InstallConfig, host: BaremetalHostKeys, path: string): readonly IssueDraft[] {
  const { name = "", bootMACAddress = "", bootMode, bmc, rootDeviceHints, networkConfig } = host;
  const nameProblem = name === "" ? undefined : subdomainProblem(name);
  const mac = bootMACAddress === "" ? undefined : macProblem(bootMACAddress);
  const found = bmc?.address === undefined || bmc.address === "" ? undefined : driverOf(bmc.address);
  return [
    ...(nameProblem === undefined ? [] : [invalid(`${path}.name`, name, nameProblem)]),
    // OpenShift's installer only wants it to be there, and to differ from the others.
    ...(mac === undefined ? [] : [stricter(invalid(`${path}.bootMACAddress`, bootMACAddress, mac))]),
    ...(bootMode === "UEFISecureBoot" && found !== undefined && "driver" in found && !found.driver.secureBoot
      ? [invalid(`${path}.bootMode`, bootMode, `driver ${found.name} of the management controller does not support it`)]
      : []),
    ...deviceRules(`${path}.rootDeviceHints.deviceName`, rootDeviceHints?.deviceName ?? ""),
    ...(contractOf(releaseOf(config).version).metal.checksMtu ? mtuRules(`${path}.networkConfig`, networkConfig) : []),
  ];
}

function deviceRules(path: string, device: string): readonly IssueDraft[] {
  if (device === "") return [];
  const rest = device.replace(/^\/dev\//, "");
  if (rest === device) return [invalid(path, device, "must be a path below /dev")];
  return rest.replace(/^disk\/by-path\//, "").includes("/") ? [invalid(path, device, "must be a path in /dev or in /dev/disk/by-path")] : [];
}

/** NMState takes no text for a number, and says so only on the machine. */
function mtuRules(path: string, networkConfig: BaremetalHostKeys["networkConfig"]): readonly IssueDraft[] {
  const interfaces: unknown = networkConfig?.["interfaces"];
  if (!Array.isArray(interfaces)) return [];
  return (interfaces as unknown[]).flatMap((one, index) => {
    if (!isRecord(one) || !("mtu" in one) || typeof one["mtu"] === "number") return [];
    return [invalid(`${path}.interfaces[${index}].mtu`, one["mtu"], "must be an integer without quotes")];
  });
}

/** Management controllers: without them nobody can provision a host, whoever makes the machines. */
export function bmcRules(hosts: readonly BaremetalHostKeys[], isNetworkDisabled: boolean): readonly IssueDraft[] {
  const seen = new Set<string>();
  return hosts.flatMap(({ bmc = {} }, index) => {
    const path = `${PATH}[${index}].bmc`;
    const { address = "", username = "", password = "" } = bmc;
    const issues: IssueDraft[] = [];
    if (username === "") issues.push(required(`${path}.username`, "give the user of the management controller"));
    if (password === "") issues.push(required(`${path}.password`, "give the password of the management controller"));
    if (address === "") return [...issues, required(`${path}.address`, "give the address of the management controller")];
    if (seen.has(address)) issues.push(duplicate(`${path}.address`, address));
    seen.add(address);
    const found = driverOf(address);
    // OpenShift's installer asks for the driver only to learn whether it can do without a provisioning network.
    if ("problem" in found)
      issues.push(
        isNetworkDisabled ? invalid(`${path}.address`, address, found.problem) : stricter(invalid(`${path}.address`, address, found.problem)),
      );
    else if (isNetworkDisabled && found.driver.needsProvisioningNetwork)
      issues.push(invalid(`${path}.address`, address, `driver ${found.name} needs a provisioning network, and provisioningNetwork is Disabled`));
    return issues;
  });
}

/** What is allowed, but should be known. */
export const hostWarnings = (hosts: readonly BaremetalHostKeys[]): readonly IssueDraft[] =>
  hosts.flatMap((host, index) => {
    const { role = "" } = host;
    return role === "" || roleOf(host) !== "none"
      ? []
      : [
          forbidden(
            `${PATH}[${index}].role`,
            `${role} is no role, so that the host is used where one is missing; roles are master, arbiter and worker`,
          ),
        ];
  });
