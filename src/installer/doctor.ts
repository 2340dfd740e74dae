import { InstallerError } from "../errors/index.ts";
import { type Identity, planMachines } from "../config/index.ts";
import { type CheckResult, platformFor } from "../providers/index.ts";
import { knownIdentity, readCluster } from "../stack/index.ts";
import { oneLine } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Options, World } from "./context.ts";

const MARK: Readonly<Record<CheckResult["outcome"], string>> = { ok: "ok", warning: "warning", failed: "FAILED", skipped: "skipped" };

/** The preflight checks and nothing else; the folder is not written to. @throws InstallerError PREFLIGHT_FAILED after the result is told */
export async function doctor(world: World, options: Options): Promise<void> {
  const { folder, reporter, run, signal } = world;
  const { spec } = await readCluster(folder, warnOnce(world));
  const now = world.clock.now().toISOString();
  const found = await knownIdentity(folder);
  // Names are only fixed by the first run; checks of free names need some until then.
  const identity: Identity = {
    infraID: found?.infraID ?? `${spec.name.slice(0, 21)}-00000`,
    clusterID: found?.clusterID ?? "00000000-0000-4000-8000-000000000000",
    createdAt: found?.createdAt || now,
  };
  const context = { spec, identity, machines: planMachines(spec, identity), reporter, run, signal, clusterDir: folder.root };
  const checks = await platformFor(spec.platform.name).preflight(context, new Set(options.skip ?? []));
  const width = Math.max(...checks.map(({ id }) => id.length), 0);
  const lines = checks.flatMap(({ id, outcome, found, fix }) => [
    oneLine(`${id.padEnd(width)}  ${MARK[outcome].padEnd(7)}  ${found}`),
    ...(fix === undefined || outcome === "ok" || outcome === "skipped" ? [] : [oneLine(`${" ".repeat(width + 11)}${fix}`)]),
  ]);
  reporter.emit({ type: "result", text: lines.join("\n"), data: { checks } });
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0)
    throw new InstallerError("PREFLIGHT_FAILED", `${failed.length} of ${checks.length} checks failed`, {
      value: failed.map(({ id }) => id).join(", "),
    });
}
