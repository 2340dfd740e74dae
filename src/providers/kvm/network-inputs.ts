import { z } from "zod";
import type { ForwardMode } from "./xml/network-xml.ts";

const ipv4 = z.ipv4();

export const networkInputs = z.strictObject({
  name: z.string().min(1),
  infraID: z.string().min(1),
  bridge: z.string().min(1).max(15, "a device name has at most 15 characters"),
  /** DNS domain of the cluster: `<name>.<baseDomain>` */
  domain: z.string().min(1),
  /** The host's own address in the network. */
  gateway: ipv4,
  prefixLength: z.int().min(8).max(30),
  dynamicRange: z.strictObject({ first: ipv4, last: ipv4 }).optional(),
  /** The machines that we make; each gets its address by DHCP and its name in DNS. */
  reservations: z.array(z.strictObject({ name: z.string().min(1), macAddress: z.string(), ipAddress: ipv4 })),
  /** Names besides those of the machines: `api`, `api-int`. */
  records: z.array(z.strictObject({ ipAddress: ipv4, hostnames: z.array(z.string()).min(1) })),
  wildcards: z.array(z.strictObject({ name: z.string(), ipAddress: ipv4 })),
});

export type NetworkInputs = z.infer<typeof networkInputs>;

export interface NetworkOutputs {
  readonly name: string;
  readonly uuid: string;
  readonly bridge: string;
  /** What the host could give; `nat` unless it has no working firewall. */
  readonly forward: ForwardMode;
}
