import { collect } from "../inventory.ts";
import { grantsOf } from "../privileges.ts";
import { failed, ok, type Finding } from "../../preflight/check.ts";
import { govcOf, type CheckInput } from "./check.ts";

interface Role {
  readonly roleId: number;
  readonly privilege?: readonly string[];
}

/** Whether this account's roles on each object, inherited ones included, hold what is needed there. */
export async function checkPrivileges(input: CheckInput): Promise<Finding> {
  const roles = new Map<string, ReadonlyMap<number, ReadonlySet<string>>>();
  const missing: string[] = [];
  const grants = grantsOf(
    input.platform,
    input.domains.map(({ name }) => name),
  );
  for (const { server, path, group } of grants) {
    const govc = govcOf(input, server);
    const known = roles.get(server) ?? (await rolesOf(govc));
    roles.set(server, known);
    const effective = (await collect(govc, path, ["effectiveRole"]))?.["effectiveRole"];
    const held = new Set((Array.isArray(effective) ? (effective as number[]) : []).flatMap((id) => [...(known.get(id) ?? [])]));
    const lacking = group.privileges.filter((privilege) => !held.has(privilege));
    if (lacking.length > 0) missing.push(`${path} on ${server}: ${lacking.join(", ")}`);
  }
  if (missing.length > 0)
    return failed(`missing privileges: ${missing.join("; ")}`, "Run `virt-ipi role`: it writes the minimum role that this cluster needs.");
  return ok(`enough on ${grants.length} objects`);
}

async function rolesOf(govc: Parameters<typeof collect>[0]): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const found = (await collect(govc, "AuthorizationManager:AuthorizationManager", ["roleList"]))?.["roleList"];
  const roles = Array.isArray(found) ? (found as Role[]) : [];
  return new Map(roles.map(({ roleId, privilege }) => [roleId, new Set(privilege)]));
}
