import type { Cidr } from "../network/address.ts";

/** A CIDR of the file with its path; those that cannot be parsed are reported once and left out. */
export interface NamedCidr {
  readonly path: string;
  readonly cidr: Cidr;
}

export interface Cidrs {
  readonly machine: readonly NamedCidr[];
  readonly service: readonly NamedCidr[];
  readonly cluster: readonly (NamedCidr & { readonly hostPrefix: number; readonly index: number })[];
}
