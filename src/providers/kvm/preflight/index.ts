import type { CheckResult, PlatformContext } from "../../platform.ts";
import { runChecks } from "../../preflight/run-checks.ts";
import { kvmSpecOf } from "../kvm-spec.ts";
import { Libvirt } from "../libvirt.ts";
import { CHECKS } from "./checks.ts";

/** All checks of the KVM host in their order. A failed check is a result; only an interruption throws. */
export async function preflight(context: PlatformContext, skip: ReadonlySet<string>): Promise<readonly CheckResult[]> {
  const platform = kvmSpecOf(context.spec);
  return await runChecks(CHECKS, { ...context, platform, libvirt: new Libvirt(platform.uri, context) }, skip);
}
