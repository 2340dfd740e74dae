import { expectedMachines } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { CheckResult } from "../providers/index.ts";
import type { PreparedCluster } from "../stack/index.ts";
import type { World } from "./context.ts";

/** All checks of the platform; a failed one is a result, not an error. */
export async function runPreflight(
  world: World,
  cluster: Pick<PreparedCluster, "spec" | "identity" | "platform">,
  skip: readonly string[],
): Promise<readonly CheckResult[]> {
  const { spec, identity, platform } = cluster;
  const machines = expectedMachines(spec, identity);
  const { reporter, run, signal, env, folder } = world;
  return await platform.preflight({ spec, identity, machines, reporter, run, signal, env, clusterDir: folder.root }, new Set(skip));
}

/** Warnings to the reporter, failures as one error. @throws InstallerError PREFLIGHT_FAILED */
export function judgePreflight(checks: readonly CheckResult[], world: Pick<World, "reporter">): void {
  for (const check of checks) {
    const level = check.outcome === "warning" ? "warning" : "debug";
    world.reporter.emit({ type: "log", level, message: `${check.id}: ${check.outcome}: ${check.found}` });
  }
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  if (first === undefined) return;
  throw new InstallerError(
    "PREFLIGHT_FAILED",
    failed.length === 1 ? `${first.title}: ${first.found}` : `${failed.length} checks of the host failed`,
    {
      value: failed.map(({ id }) => id).join(", "),
      ...(failed.length === 1 ? { advice: `${first.fix ?? "Fix it."} Or leave the check out with --skip ${first.id}.` } : {}),
      details: failed.length === 1 ? [] : failed.map(({ id, found, fix }) => `${id}: ${found}${fix === undefined ? "" : `. ${fix}`}`),
    },
  );
}
