import ipaddr from "ipaddr.js";

/** The address `offset` places after the network address of a CIDR of either family. */
export function nthAddress(cidr: string, offset: number): string {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bits = address.kind() === "ipv6" ? 128n : 32n;
  const value = address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const hostBits = bits - BigInt(prefix);
  const nth = ((value >> hostBits) << hostBits) + BigInt(offset);
  const bytes = Array.from({ length: Number(bits / 8n) }, (_, index) => Number((nth >> (bits - 8n * BigInt(index + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** Where Kubernetes expects its own Service addresses: offsets in the service network. */
export const SERVICE_OFFSETS = { kubernetes: 1, dns: 10 } as const;

/** The addresses of the `kubernetes` Service, one a service network. */
export const apiServiceAddresses = (serviceNetwork: readonly string[]): readonly string[] =>
  serviceNetwork.map((cidr) => nthAddress(cidr, SERVICE_OFFSETS.kubernetes));

/** The addresses of the cluster's DNS Service, one a service network. */
export const dnsServiceAddresses = (serviceNetwork: readonly string[]): readonly string[] =>
  serviceNetwork.map((cidr) => nthAddress(cidr, SERVICE_OFFSETS.dns));
