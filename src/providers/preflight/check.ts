import type { CheckResult } from "../platform.ts";

export type Finding = Pick<CheckResult, "outcome" | "found" | "fix">;

/** One look at the host or the managers. What it throws becomes a failed result. */
export interface Check<Input> {
  /** Stable: what `--skip` takes. */
  readonly id: string;
  readonly title: string;
  /** Ids of checks before it in the list; where one of them fails, this one would only repeat it. */
  readonly needs?: readonly string[];
  readonly run: (input: Input) => Promise<Finding>;
}

export const ok = (found: string): Finding => ({ outcome: "ok", found });
export const warning = (found: string, fix: string): Finding => ({ outcome: "warning", found, fix });
export const failed = (found: string, fix: string): Finding => ({ outcome: "failed", found, fix });
export const skipped = (found: string): Finding => ({ outcome: "skipped", found });
