import type { InstallConfig } from "../install-config.ts";
import { type Address, type Cidr, contains, isEdge, parseCidr } from "./address.ts";

/** Longer lists of networks are refused: each is compared with each, which must not take minutes. */
export const MOST_NETWORKS = 100;
const MOST_NAMED = 5;

/** The machine networks that can be understood. */
export function machineNetworks(config: InstallConfig): readonly Cidr[] {
  return config.networking.machineNetwork.slice(0, MOST_NETWORKS).flatMap(({ cidr }) => parseCidr(cidr ?? "") ?? []);
}

/** What is wrong with an address for a machine or a VIP; undefined if nothing. */
export function placeProblem(address: Address, networks: readonly Cidr[]): string | undefined {
  if (networks.length === 0) return undefined;
  const network = networks.find((one) => contains(one, address));
  if (network === undefined) {
    const names = networks.slice(0, MOST_NAMED).map((one) => one.text);
    return `must be in one of the machine networks: ${names.join(", ")}${networks.length > MOST_NAMED ? ", …" : ""}`;
  }
  return isEdge(network, address) ? "is the network's own or its broadcast address" : undefined;
}
