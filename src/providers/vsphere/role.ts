import type { ClusterSpec, MachinePlan } from "../../config/index.ts";
import { inQuotes } from "../../util/index.ts";
import { addressOf } from "./address.ts";
import { literal } from "./inventory.ts";
import { lastOf } from "./names.ts";
import { grantsOf } from "./privileges.ts";
import { usedDomains } from "./used-domains.ts";
import { vsphereSpecOf } from "./vsphere-spec.ts";

/**
 * govc commands, to be run by an administrator, after which the account of the install-config may do what this cluster needs, and no more.
 * They may be run again. The account's password is not in them.
 */
export function roleCommands(spec: ClusterSpec, machines: readonly MachinePlan[]): string {
  const platform = vsphereSpecOf(spec);
  const grants = grantsOf(platform, usedDomains(spec, machines));
  const lines = ["#!/bin/sh", "# Run it as an administrator: set GOVC_USERNAME and GOVC_PASSWORD first.", "set -eu"];
  if (grants.some(({ named }) => named !== undefined)) lines.push(...ONE);
  for (const vcenter of platform.vcenters) {
    const here = grants.filter(({ server }) => server === vcenter.server);
    if (here.length === 0) continue;
    lines.push("", `export GOVC_URL=${inQuotes(addressOf(vcenter))}`);
    // ReadOnly is vSphere's own.
    const roles = new Map(
      here.map(({ group }) => [group.role, group]).filter(([role]) => role !== "ReadOnly") as [string, (typeof here)[number]["group"]][],
    );
    for (const [role, { what, privileges }] of roles) {
      const all = privileges.join(" ");
      lines.push(`# for ${what}`, `govc role.create ${role} ${all} 2>/dev/null || govc role.update ${role} ${all}`);
    }
    for (const { path, named, group, propagate } of here) {
      const set = `govc permissions.set -principal ${inQuotes(principalOf(vcenter.user))} -role ${group.role} -propagate=${propagate}`;
      if (named === undefined) lines.push(`${set} ${inQuotes(literal(path))}`);
      else lines.push(`object=$(one ${inQuotes(literal(named.root))} ${named.type} ${inQuotes(literal(lastOf(path)))})`, `${set} "$object"`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Of an object that is only known by its name: its reference. None, and more than one, end the script. */
const ONE = [
  "one() { # below a place, of a type, of a name",
  '  found=$(govc find -i "$1" -type "$2" -name "$3")',
  String.raw`  [ "$(printf '%s\n' "$found" | grep -c .)" = 1 ] || { echo "not exactly one $2 is called $3 below $1" >&2; exit 1; }`,
  String.raw`  printf '%s\n' "$found"`,
  "}",
];

/** vCenter's permissions name an account `DOMAIN\name`. */
function principalOf(user: string): string {
  const at = user.lastIndexOf("@");
  return at < 0 ? user : `${user.slice(at + 1).toUpperCase()}\\${user.slice(0, at)}`;
}
