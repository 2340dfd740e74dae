import pLimit from "p-limit";
import { InstallerError, isInstallerError, messageOf } from "../../errors/index.ts";
import type { CheckResult } from "../platform.ts";
import { skipped, type Check } from "./check.ts";

/** Most of a check is waiting for an answer; a manager need not answer all of them at once. */
const AT_A_TIME = 4;

/**
 * Runs each check as soon as those that it needs are done. A failed check is a result; only an interruption throws.
 * @returns the results in the order of the checks
 * @throws InstallerError USAGE before any of them where there is no check of an id to skip
 */
export async function runChecks<Input extends { readonly signal: AbortSignal }>(
  checks: readonly Check<Input>[],
  input: Input,
  skip: ReadonlySet<string>,
): Promise<readonly CheckResult[]> {
  const unknown = [...skip].filter((id) => !checks.some((check) => check.id === id));
  if (unknown.length > 0)
    throw new InstallerError("USAGE", `there is no check ${unknown.join(", ")} to skip`, {
      value: unknown.join(", "),
      advice: `Give --skip one of: ${checks.map(({ id }) => id).join(", ")}.`,
    });
  const limit = pLimit(AT_A_TIME);
  const results = new Map<string, Promise<CheckResult>>();
  const resultOf = async (check: Check<Input>): Promise<CheckResult> => {
    const { id, title, needs = [] } = check;
    if (skip.has(id)) return { id, title, ...skipped("skipped as asked") };
    for (const need of needs) if ((await results.get(need))?.outcome === "failed") return { id, title, ...skipped(`needs ${need}`) };
    return await limit(() => runCheck(check, input));
  };
  for (const check of checks) results.set(check.id, resultOf(check));
  return await Promise.all(results.values());
}

async function runCheck<Input extends { readonly signal: AbortSignal }>(check: Check<Input>, input: Input): Promise<CheckResult> {
  const { id, title } = check;
  try {
    return { id, title, ...(await check.run(input)) };
  } catch (error) {
    input.signal.throwIfAborted();
    return { id, title, outcome: "failed", found: messageOf(error), ...(isInstallerError(error) ? { fix: error.advice } : {}) };
  }
}
