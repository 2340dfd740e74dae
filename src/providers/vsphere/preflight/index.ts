import { type FailureDomainSpec, vmFolder } from "../../../config/platforms/vsphere/index.ts";
import type { CheckResult, PlatformContext } from "../../platform.ts";
import { runChecks } from "../../preflight/run-checks.ts";
import { connectTo } from "../connect.ts";
import { findTopology, type FoundDomain } from "../find-topology.ts";
import type { Govc } from "../govc.ts";
import { usedDomains } from "../used-domains.ts";
import { failureDomainOf, requireMachinesOfOurs, vcenterOf, vsphereSpecOf } from "../vsphere-spec.ts";
import { govcOf, type CheckInput, type Login } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { machinesIn } from "./inventory.ts";

/**
 * All checks of the vCenters in their order. A failed check is a result; only an interruption throws, and a file that no machines can be
 * made from.
 */
export async function preflight(context: PlatformContext, skip: ReadonlySet<string>): Promise<readonly CheckResult[]> {
  const platform = vsphereSpecOf(context.spec);
  requireMachinesOfOurs(platform);
  const named = usedDomains(context.spec, context.machines).map((name) => failureDomainOf(platform, name));
  const servers = [...new Set(named.map(({ server }) => server))];
  const vcenters = new Map(servers.map((server) => [server, connectTo(vcenterOf(platform, server), context.spec, context)]));
  // Once for all checks, and once only: a wrong password that is tried again and again locks the account.
  const logins = new Map(await Promise.all([...vcenters].map(async ([server, govc]) => [server, await login(govc)] as const)));
  context.signal.throwIfAborted();
  const connected = [...logins.values()].every((each) => !("error" in each));
  const found = connected ? await look(named, { vcenters }) : [];
  context.signal.throwIfAborted();
  const real = new Map("error" in found ? [] : found.map(({ domain }) => [domain.name, domain]));
  const domains = named.map((domain) => real.get(domain.name) ?? domain);
  const failureDomains = platform.failureDomains.map((domain) => real.get(domain.name) ?? domain);
  const input = { ...context, platform: { ...platform, failureDomains }, domains, found, vcenters, logins, existing: new Set<string>() };
  return await runChecks(CHECKS, connected ? { ...input, existing: await existingMachines(input) } : input, skip);
}

async function look(domains: readonly FailureDomainSpec[], vcenters: Pick<CheckInput, "vcenters">): Promise<CheckInput["found"]> {
  const found: FoundDomain[] = [];
  try {
    for (const domain of domains) found.push(await findTopology(govcOf(vcenters, domain.server), domain));
    return found;
  } catch (error) {
    return { error };
  }
}

async function login(govc: Govc): Promise<Login> {
  try {
    const found = await govc.json<{ readonly about: { readonly version: string; readonly build: string } }>(["about"]);
    return { version: found?.about.version ?? "", build: Number(found?.about.build ?? 0) };
  } catch (error) {
    return { error };
  }
}

async function existingMachines(input: CheckInput): Promise<ReadonlySet<string>> {
  const planned = new Set(input.machines.map(({ name }) => name));
  const found = new Set<string>();
  for (const { server, topology } of input.domains)
    for (const name of await machinesIn(input, server, vmFolder(topology, input.identity.infraID)).catch(() => []))
      if (planned.has(name)) found.add(name);
  return found;
}
