import { isInstallerError, messageOf } from "../../../errors/index.ts";
import type { CheckResult, PlatformContext } from "../../platform.ts";
import { Libvirt } from "../libvirt.ts";
import { kvmSpecOf } from "../kvm-spec.ts";
import type { Check, CheckInput } from "./check.ts";
import { CHECKS } from "./checks.ts";

/** Checks that all others stand on: when one fails, the others would only repeat it. */
const FIRST = ["tools", "libvirt-reachable"];

/** All checks of the KVM host in their order. A failed check is a result; only an interruption throws. */
export async function preflight(context: PlatformContext, skip: ReadonlySet<string>): Promise<readonly CheckResult[]> {
  const platform = kvmSpecOf(context.spec);
  const input: CheckInput = { ...context, platform, libvirt: new Libvirt(platform.uri, context.run, context.signal) };
  const results: CheckResult[] = [];
  let blocked: string | undefined;
  for (const check of CHECKS) {
    const { id, title } = check;
    if (skip.has(id)) results.push({ id, title, outcome: "skipped", found: "skipped as asked" });
    else if (blocked !== undefined) results.push({ id, title, outcome: "skipped", found: `needs ${blocked}` });
    else {
      const result = await runCheck(check, input);
      results.push(result);
      if (result.outcome === "failed" && FIRST.includes(id)) blocked = id;
    }
  }
  return results;
}

async function runCheck(check: Check, input: CheckInput): Promise<CheckResult> {
  const { id, title } = check;
  try {
    return { id, title, ...(await check.run(input)) };
  } catch (error) {
    input.signal.throwIfAborted();
    return { id, title, outcome: "failed", found: messageOf(error), ...(isInstallerError(error) ? { fix: error.advice } : {}) };
  }
}
