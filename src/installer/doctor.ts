import { InstallerError } from "../errors/index.ts";
import type { Identity } from "../config/index.ts";
import { type CheckResult, platformFor } from "../providers/index.ts";
import { knownIdentity, readCluster } from "../stack/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";
import { runPreflight } from "./preflight.ts";

export interface Diagnosis {
  readonly checks: readonly CheckResult[];
}

/** The preflight checks and nothing else; the folder is not written to. A failed check is a result: see `refuseFailed`. */
export async function doctor(world: World, options: Options): Promise<Diagnosis> {
  const { folder } = world;
  const { spec } = await readCluster(folder, { env: world.env, onWarning: warnOnce(world) });
  const now = world.clock.now().toISOString();
  const found = await knownIdentity(folder);
  // Names are only fixed by the first run; checks of free names need some until then.
  const identity: Identity = {
    infraID: found?.infraID ?? `${spec.name.slice(0, 21)}-00000`,
    clusterID: found?.clusterID ?? "00000000-0000-4000-8000-000000000000",
    createdAt: found?.createdAt || now,
  };
  const cluster = { spec, identity, platform: platformFor(spec.platform.name) };
  return { checks: await runPreflight(world, cluster, options.skip ?? []) };
}

/** @throws InstallerError PREFLIGHT_FAILED where a check failed */
export function refuseFailed({ checks }: Diagnosis): void {
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0)
    throw new InstallerError("PREFLIGHT_FAILED", `${failed.length} of ${checks.length} checks failed`, {
      value: failed.map(({ id }) => id).join(", "),
    });
}
