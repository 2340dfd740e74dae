import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft, required } from "../issue.ts";
import { platformsOf } from "../platforms/registry.ts";
import { subdomainProblem } from "./dns-names.ts";

// 63 characters of a label less 9: the wildcard route's name is stored with `*` as a nine-character escape before it.
const LONGEST_NAME = 54;

/** metadata.name, baseDomain, and the domain that both make. */
export function identityRules(config: InstallConfig): readonly IssueDraft[] {
  const name = config.metadata?.name ?? "";
  const base = (config.baseDomain ?? "").replace(/\.$/, "");
  const nameProblem = problemOfName(name, platformsOf(config).some((platform) => platform.onPremises));
  const issues: IssueDraft[] = [];
  if (name === "") issues.push(required("metadata.name", "give the cluster a name"));
  else if (nameProblem !== undefined) issues.push(invalid("metadata.name", name, nameProblem));
  const baseProblem = subdomainProblem(base);
  if (base === "" && (config.baseDomain ?? "") === "") issues.push(required("baseDomain", "give the DNS domain that the cluster's domain is made in"));
  else if (baseProblem !== undefined) issues.push(invalid("baseDomain", config.baseDomain, baseProblem));
  if (issues.length > 0) return issues;
  const joined = subdomainProblem(`${name}.${base}`);
  return joined === undefined ? [] : [invalid("baseDomain", `${name}.${base}`, `the cluster domain ${joined}`)];
}

function problemOfName(name: string, onPremises: boolean): string | undefined {
  const problem = subdomainProblem(name);
  if (problem !== undefined) return problem;
  if (name.length > LONGEST_NAME) return `must have at most ${LONGEST_NAME} characters`;
  return onPremises && name.includes(".") ? "must not contain a dot on this platform" : undefined;
}
