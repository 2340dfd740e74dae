import type { FailureDomainSpec, VSpherePlatformSpec } from "../../../config/platforms/vsphere/index.ts";
import type { PlatformContext } from "../../platform.ts";
import type { FoundDomain } from "../find-topology.ts";
import type { Govc } from "../govc.ts";

export interface CheckInput extends PlatformContext {
  /** With the paths that the objects really have, where they were found. */
  readonly platform: VSpherePlatformSpec;
  /** Those that any machine is planned for; likewise. */
  readonly domains: readonly FailureDomainSpec[];
  /** What the vCenters have of the domains; an error of looking, or nothing without a login. */
  readonly found: readonly FoundDomain[] | { readonly error: unknown };
  /** By server, of those vCenters that the domains are in. */
  readonly vcenters: ReadonlyMap<string, Govc>;
  /** Each vCenter's answer to the one login that is tried before anything else. */
  readonly logins: ReadonlyMap<string, Login>;
  /** Names of the cluster's machines that exist already, from an interrupted run. */
  readonly existing: ReadonlySet<string>;
}

/** `version`: `8.0.2`, `build`: a number. */
export type Login = { readonly version: string; readonly build: number } | { readonly error: unknown };

/** The connection to a domain's vCenter. */
export function govcOf({ vcenters }: Pick<CheckInput, "vcenters">, server: string): Govc {
  const govc = vcenters.get(server);
  if (govc === undefined) throw new Error(`no connection to ${server}`);
  return govc;
}
