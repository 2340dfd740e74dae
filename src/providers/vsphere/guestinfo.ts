import { gzipSync } from "node:zlib";
import type { MachinePlan, StaticHost } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import { bracketed } from "../../util/index.ts";

/**
 * vSphere documents no limit for a value of extraConfig; 512 KiB is what it allows for customization data, and what installations are known to
 * work with.
 */
const LARGEST_VALUE = 512 * 1024;

/**
 * The extraConfig of a machine: what Ignition, afterburn and the guest read before and at first boot.
 * Keys: Ignition's docs/supported-platforms (vmware), afterburn's docs/usage/initrd-network-cmdline, by description.
 * @param ignition config as JSON text; secret, and so is the result
 * @throws InstallerError IGNITION_TOO_LARGE
 */
export function extraConfigOf(plan: Pick<MachinePlan, "name" | "staticHost">, ignition: string): Readonly<Record<string, string>> {
  const kargs = networkKargs(plan.staticHost);
  return {
    "guestinfo.hostname": plan.name,
    "guestinfo.ignition.config.data": encodeIgnition(plan.name, ignition),
    "guestinfo.ignition.config.data.encoding": "gzip+base64",
    ...(kargs === undefined ? {} : { "guestinfo.afterburn.initrd.network-kargs": kargs }),
    // Lets the guest see the time that the host took from it.
    "stealclock.enable": "TRUE",
  };
}

function encodeIgnition(machine: string, ignition: string): string {
  const encoded = gzipSync(ignition, { level: 9 }).toString("base64");
  if (encoded.length <= LARGEST_VALUE) return encoded;
  throw new InstallerError(
    "IGNITION_TOO_LARGE",
    `the Ignition config of ${machine} takes ${Math.ceil(encoded.length / 1024)} KiB in guestinfo; at most ${LARGEST_VALUE / 1024} KiB fit`,
    { value: machine },
  );
}

/**
 * Kernel arguments that configure a static host before its first boot, as dracut.cmdline(7) has them:
 * `ip=<address>::<gateway>:<netmask>:::none … nameserver=<address> …`. Undefined for DHCP.
 */
export function networkKargs(host: StaticHost | undefined): string | undefined {
  if (host === undefined || host.ipAddrs.length === 0) return undefined;
  const addresses = host.ipAddrs.map((cidr) => {
    const [address = "", prefix = ""] = cidr.split("/");
    const isV6 = address.includes(":");
    // One gateway is given for the host; it can only serve the addresses of its own family.
    const gateway = host.gateway !== undefined && host.gateway.includes(":") === isV6 ? bracketed(host.gateway) : "";
    return `ip=${bracketed(address)}::${gateway}:${isV6 ? prefix : netmask(Number(prefix))}:::none`;
  });
  return [...addresses, ...host.nameservers.map((server) => `nameserver=${bracketed(server)}`)].join(" ");
}

function netmask(prefix: number): string {
  const bits = prefix === 0 ? 0 : (0xff_ff_ff_ff << (32 - prefix)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}
