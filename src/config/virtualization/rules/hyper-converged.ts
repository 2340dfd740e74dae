import type { RawVirtualization } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft, noSuchKey } from "../../issue.ts";
import { MOST_GUESSES, nearestKey } from "../../fields/nearest-key.ts";
import { ELSEWHERE, FIELD_SINCE, GATES, IGNORED_FIELDS, IGNORED_GATES, V1_GROUPS } from "../hyper-converged-fields.ts";
import { hyperConverged as hyperConvergedSchema } from "../hyper-converged-schema.ts";

const AT = "virtualization.hyperConverged";

const KNOWN = Object.keys(hyperConvergedSchema.unwrap().shape);
const PLACED_ELSEWHERE = [...V1_GROUPS, ...IGNORED_FIELDS, ...Object.keys(ELSEWHERE)];

/** @param hco minor version of the operator that is installed; undefined where the catalog decides */
export function hyperConvergedRules({ hyperConverged }: RawVirtualization, hco: string | undefined): readonly IssueDraft[] {
  if (hyperConverged === undefined) return [];
  const issues: IssueDraft[] = [];
  for (const key of V1_GROUPS)
    if (key in hyperConverged) issues.push(forbidden(`${AT}.${key}`, "is a group of hco.kubevirt.io/v1; the spec here is v1beta1"));
  for (const [key, [path]] of Object.entries(ELSEWHERE)) if (key in hyperConverged) issues.push(forbidden(`${AT}.${key}`, `give it as ${path}`));
  for (const key of IGNORED_FIELDS)
    if (key in hyperConverged) issues.push(forbidden(`${AT}.${key}`, "does nothing: the operator ignores this field"));
  issues.push(...unknownKeys(AT, Object.keys(hyperConverged), KNOWN, PLACED_ELSEWHERE));
  issues.push(...tooNew(AT, Object.keys(hyperConverged), FIELD_SINCE, hco));
  const gates = Object.keys(hyperConverged.featureGates ?? {});
  for (const gate of gates)
    if (IGNORED_GATES.includes(gate)) issues.push(forbidden(`${AT}.featureGates.${gate}`, "does nothing: the operator ignores this gate"));
  issues.push(...unknownKeys(`${AT}.featureGates`, gates, Object.keys(GATES), IGNORED_GATES));
  issues.push(...tooNew(`${AT}.featureGates`, gates, GATES, hco));
  const { rangeStart, rangeEnd } = hyperConverged.kubeMacPoolConfiguration ?? {};
  if ((rangeStart === undefined) !== (rangeEnd === undefined))
    issues.push(invalid(`${AT}.kubeMacPoolConfiguration`, rangeStart ?? rangeEnd, "give both rangeStart and rangeEnd, or none"));
  const percentage = hyperConverged.higherWorkloadDensity?.memoryOvercommitPercentage;
  if (percentage !== undefined && percentage < 10)
    issues.push(invalid(`${AT}.higherWorkloadDensity.memoryOvercommitPercentage`, percentage, "must be at least 10"));
  return issues;
}

/** Keys that nobody reads, with the one that may be meant. */
function unknownKeys(at: string, keys: readonly string[], known: readonly string[], refusedOtherwise: readonly string[]): readonly IssueDraft[] {
  return keys
    .filter((key) => !known.includes(key) && !refusedOtherwise.includes(key))
    .slice(0, MOST_GUESSES)
    .map((key) => noSuchKey(`${at}.${key}`, nearestKey(key, known)));
}

/** Keys that came with a later operator than the one that is installed. */
function tooNew(at: string, keys: readonly string[], since: Readonly<Record<string, string>>, hco: string | undefined): readonly IssueDraft[] {
  const minor = (version: string): number => Number(version.split(".")[1]);
  return keys.flatMap((key) => {
    const from = Object.hasOwn(since, key) ? since[key] : undefined;
    if (hco === undefined || from === undefined || minor(from) <= minor(hco)) return [];
    return [forbidden(`${at}.${key}`, `came with HCO ${from}; startingCSV is of HCO ${hco}`)];
  });
}
