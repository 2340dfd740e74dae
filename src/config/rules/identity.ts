import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { subdomainProblem } from "../network/dns-names.ts";

// 63 characters of a label less 9: the wildcard route's name is stored with `*` as a nine-character escape before it.
const LONGEST_NAME = 54;

/** metadata.name, baseDomain, and the domain that both make. */
export function identityRules(config: InstallConfig): readonly IssueDraft[] {
  const name = config.metadata?.name ?? "";
  const base = config.baseDomain ?? "";
  const onPremises = platformsOf(config).some((platform) => platform.onPremises);
  const nameProblem = problemOfName(name, onPremises);
  const baseProblem = subdomainProblem(withoutTrailingDot(base));
  const issues: IssueDraft[] = [];
  if (nameProblem !== undefined) issues.push(invalid("metadata.name", name, nameProblem));
  if (baseProblem !== undefined) issues.push(invalid("baseDomain", base, baseProblem));
  if (issues.length > 0) return issues;
  const domain = `${name}.${withoutTrailingDot(base)}`;
  const joined = subdomainProblem(domain);
  return joined === undefined ? [] : [invalid("baseDomain", domain, `the cluster domain ${joined}`)];
}

const withoutTrailingDot = (domain: string): string => domain.replace(/\.$/, "");

/** What is wrong with a cluster's name on any platform; undefined if nothing. */
export function clusterNameProblem(name: string): string | undefined {
  return subdomainProblem(name) ?? (name.length > LONGEST_NAME ? `must have at most ${LONGEST_NAME} characters` : undefined);
}

function problemOfName(name: string, onPremises: boolean): string | undefined {
  const problem = clusterNameProblem(name);
  if (problem !== undefined) return problem;
  return onPremises && name.includes(".") ? "must not contain a dot on this platform" : undefined;
}
