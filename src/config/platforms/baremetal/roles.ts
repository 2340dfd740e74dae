import type { BaremetalHostKeys } from "./spec.ts";

const ROLES = ["master", "arbiter", "worker"] as const;
export type HostRole = (typeof ROLES)[number] | "none";

/** What a host is for; a text that is no role says nothing. */
export const roleOf = ({ role = "" }: BaremetalHostKeys): HostRole => ROLES.find((known) => known === role) ?? "none";

/** Control-plane machines first, then arbiters, then compute machines, then all others: so their numbers are given. */
export const byRole = (hosts: readonly BaremetalHostKeys[]): readonly BaremetalHostKeys[] =>
  hosts.toSorted((a, b) => order(roleOf(a)) - order(roleOf(b)));

const order = (role: HostRole): number => (role === "none" ? ROLES.length : ROLES.indexOf(role));
