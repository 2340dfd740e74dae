import type { InstallConfig } from "../install-config.ts";
import { invalid, type IssueDraft } from "../issue.ts";
import { PLATFORM_NAMES, platformsOf } from "../platforms/registry.ts";
import type { Environment } from "../../util/index.ts";

/** Exactly one platform, then that platform's own rules. With two, both are checked. */
export function platformRules(config: InstallConfig, env: Environment): readonly IssueDraft[] {
  const platforms = platformsOf(config);
  const names = platforms.map(({ name }) => name).toSorted();
  const issues: IssueDraft[] = [];
  if (names.length === 0) issues.push(invalid("platform", "", `must specify one of the platforms (${PLATFORM_NAMES.join(", ")})`));
  if (names.length > 1)
    issues.push(invalid("platform", names, `must only specify a single type of platform; cannot use both ${names.join(" and ")}`));
  return [...issues, ...platforms.flatMap((platform) => platform.rules(config, env))];
}
