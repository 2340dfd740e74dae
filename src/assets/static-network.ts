import { type ClusterSpec, type MachinePlan, managedNetwork } from "../config/index.ts";
import { unitText, type FileInput } from "./ignition/index.ts";

/**
 * A systemd-networkd file for a host whose address the user decides, matched by MAC address so that the name of the
 * interface does not matter. It sorts before the node image's own file, which asks for DHCP. A network that
 * virt-ipi creates needs none: it hands the address out by reservation, together with its gateway and DNS.
 */
export function staticNetworkFiles(spec: ClusterSpec, machine: Pick<MachinePlan, "macAddress" | "staticHost">): readonly FileInput[] {
  const host = machine.staticHost;
  if (host === undefined || host.ipAddrs.length === 0) return [];
  if (managedNetwork(spec) !== undefined) return [];
  const contents = unitText({
    Match: { MACAddress: machine.macAddress },
    Network: { DHCP: false, Address: host.ipAddrs, ...(host.gateway === undefined ? {} : { Gateway: host.gateway }), DNS: host.nameservers },
  });
  return [{ path: "/etc/systemd/network/05-virt-ipi-static.network", contents, mode: 0o644 }];
}
