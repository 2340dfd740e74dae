import ipaddr from "ipaddr.js";

/** Where things sit in the first machine network when virt-ipi creates it. Offsets from the network address. */
export const ADDRESS_OFFSETS = { gateway: 1, apiVip: 5, ingressVip: 6, bootstrap: 9, controlPlane: 10, compute: 20, firstDynamic: 100 } as const;

/** The address `offset` places after the network address of an IPv4 CIDR. */
export function addressAt(cidr: string, offset: number): string {
  const network = ipaddr.IPv4.networkAddressFromCIDR(cidr).toByteArray();
  const value = (network[0] ?? 0) * 2 ** 24 + (network[1] ?? 0) * 2 ** 16 + (network[2] ?? 0) * 2 ** 8 + (network[3] ?? 0) + offset;
  return [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join(".");
}
