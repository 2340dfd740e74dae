import type { KvmPlatformSpec } from "../../../config/index.ts";
import type { CheckResult, PlatformContext } from "../../platform.ts";
import type { Libvirt } from "../libvirt.ts";

export interface CheckInput extends PlatformContext {
  readonly platform: KvmPlatformSpec;
  readonly libvirt: Libvirt;
}

export type Finding = Pick<CheckResult, "outcome" | "found" | "fix">;

/** One look at the host. What it throws becomes a failed result. */
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
