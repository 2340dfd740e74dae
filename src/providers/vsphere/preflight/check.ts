import type { FailureDomainSpec, VSpherePlatformSpec } from "../../../config/index.ts";
import type { CheckResult, PlatformContext } from "../../platform.ts";
import type { Govc } from "../govc.ts";

export interface CheckInput extends PlatformContext {
  readonly platform: VSpherePlatformSpec;
  /** Those that any machine is planned for. */
  readonly domains: readonly FailureDomainSpec[];
  /** By server, of those vCenters that the domains are in. */
  readonly vcenters: ReadonlyMap<string, Govc>;
  /** Each vCenter's answer to the one login that is tried before anything else. */
  readonly logins: ReadonlyMap<string, Login>;
  /** Names of the cluster's machines that exist already, from an interrupted run. */
  readonly existing: ReadonlySet<string>;
}

/** `version`: `8.0.2`, `build`: a number. */
export type Login = { readonly version: string; readonly build: number } | { readonly error: unknown };

export type Finding = Pick<CheckResult, "outcome" | "found" | "fix">;

/** One look at the vCenters. What it throws becomes a failed result. */
export interface Check {
  /** Stable: what `--skip` takes. */
  readonly id: string;
  readonly title: string;
  readonly run: (input: CheckInput) => Promise<Finding>;
}

export const ok = (found: string): Finding => ({ outcome: "ok", found });
export const warning = (found: string, fix: string): Finding => ({ outcome: "warning", found, fix });
export const failed = (found: string, fix: string): Finding => ({ outcome: "failed", found, fix });
export const skipped = (found: string): Finding => ({ outcome: "skipped", found });

/** The connection to a domain's vCenter. */
export function govcOf({ vcenters }: Pick<CheckInput, "vcenters">, server: string): Govc {
  const govc = vcenters.get(server);
  if (govc === undefined) throw new Error(`no connection to ${server}`);
  return govc;
}
