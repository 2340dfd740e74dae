import { access } from "node:fs/promises";
import { join } from "node:path";
import { MACHINE_CONTROLLER_KUBECONFIG } from "../../assets/index.ts";
import { InstallerError, isInstallerError } from "../../errors/index.ts";
import { CONTROLLERS_PROGRAM } from "../../machines/index.ts";
import { programFile } from "../../util/index.ts";
import type { World } from "../context.ts";
import { knownCluster, type KnownCluster } from "../known-cluster.ts";
import { createsMachines } from "../machine-controller.ts";
import { loadMachineSetsCluster, machineSetsOff } from "../machine-sets-cluster.ts";
import { Systemd, unitFolders, type UnitFolders, type UnitState } from "./systemd.ts";
import { controllerUnit, unitNameOf, type UnitScope } from "./unit.ts";

export interface InstalledController extends UnitState {
  readonly unit: string;
  readonly path: string;
  readonly scope: UnitScope;
  /** The user's own systemd, and with it the unit, ends when the user logs out. */
  readonly endsWithSession: boolean;
}

export interface UninstalledController {
  readonly unit: string;
  /** False where there was none. */
  readonly removed: boolean;
}

/** Whose systemd a run of this user goes to. */
export const ownScope = (): UnitScope => (process.geteuid?.() === 0 ? "system" : "user");

/**
 * Has systemd run the machine controller of the folder's cluster, now and after each start of the host: that of the host for root, else the
 * user's own. Again, it takes up what has changed.
 * @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF, MACHINE_API_MISSING, SYSTEMD_MISSING, FOLDER_UNSAFE
 */
export async function installController(world: World, folders: UnitFolders = unitFolders(world.env)): Promise<InstalledController> {
  const { spec, identity, platform, metadata } = await loadMachineSetsCluster(world);
  if (!createsMachines(platform)) throw machineSetsOff(spec);
  const { root } = world.folder;
  await access(join(root, MACHINE_CONTROLLER_KUBECONFIG)).catch(() => {
    throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${MACHINE_CONTROLLER_KUBECONFIG}`, { value: root });
  });
  await checkProgram(world);
  const program = [process.execPath, "--disable-warning=ExperimentalWarning", programFile("virt-ipi", "src/cli/main.ts")];
  for (const path of [root, ...program])
    if (/\p{Cc}/u.test(path))
      throw new InstallerError("FOLDER_UNSAFE", "a path with control characters cannot be in a systemd unit", {
        value: path,
        advice: "Move it to a path without them.",
      });
  const scope = ownScope();
  const text = controllerUnit({
    cluster: spec.name,
    infraID: identity.infraID,
    folder: root,
    program,
    environment: environmentOf(world, platform.service?.environment ?? []),
    scope,
    runsMachines: platform.service?.runsMachines(metadata) === true,
  });
  const systemd = new Systemd(scope, folders, world);
  const unit = unitNameOf(identity.infraID);
  await systemd.install(unit, text);
  const endsWithSession = scope === "user" && !(await lingers(world));
  return { unit, path: systemd.pathOf(unit), scope, endsWithSession, ...(await systemd.state(unit)) };
}

/**
 * Stops and removes the unit of the folder's cluster, and no other.
 * @throws InstallerError CLUSTER_UNKNOWN, SYSTEMD_MISSING, MACHINE_CONTROLLER_RUNS for one that is not this user's
 */
export async function uninstallController(world: World, folders: UnitFolders = unitFolders(world.env)): Promise<UninstalledController> {
  return await removeUnit(world, await knownCluster(world), folders);
}

/** @throws InstallerError SYSTEMD_MISSING, MACHINE_CONTROLLER_RUNS */
export async function removeUnit(
  world: Pick<World, "run" | "signal">,
  { infraID }: Pick<KnownCluster, "infraID">,
  folders: UnitFolders,
): Promise<UninstalledController> {
  const unit = unitNameOf(infraID);
  const systemd = await unitOwner(world, unit, folders);
  if (systemd === undefined) return { unit, removed: false };
  if (systemd.scope !== ownScope())
    throw new InstallerError("MACHINE_CONTROLLER_RUNS", `${unit} is a unit of the host, which only root stops`, {
      value: systemd.pathOf(unit),
      advice: "Run the same command as root, by sudo.",
    });
  await systemd.uninstall(unit);
  return { unit, removed: true };
}

/** The systemd that a unit was installed in; this user's first. */
export async function unitOwner(world: Pick<World, "run" | "signal">, unit: string, folders: UnitFolders): Promise<Systemd | undefined> {
  for (const scope of new Set([ownScope(), "system"] as const)) {
    const systemd = new Systemd(scope, folders, world);
    if (await systemd.has(unit)) return systemd;
  }
  return undefined;
}

/** Before a unit is there that can only fail. */
async function checkProgram({ run, signal }: World): Promise<void> {
  try {
    await run(CONTROLLERS_PROGRAM, ["-version"], { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!isInstallerError(error)) throw error;
    throw new InstallerError("MACHINE_API_MISSING", `${CONTROLLERS_PROGRAM} cannot be started`, { value: CONTROLLERS_PROGRAM, cause: error });
  }
}

/** Where this run finds programs and folders, so that the unit finds the same; never more, since there may be secrets. */
function environmentOf({ env }: World, names: readonly string[]): Readonly<Record<string, string>> {
  const values = ["PATH", "HOME", "XDG_CACHE_HOME", ...names].map((name) => [name, env[name] ?? ""] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== "" && !/\p{Cc}/u.test(value)));
}

/** Whether this user's systemd runs without a session. Source: loginctl(1) */
async function lingers({ run, signal }: World): Promise<boolean> {
  try {
    const { stdout } = await run("loginctl", ["show-user", String(process.geteuid?.() ?? 0), "--property=Linger"], { signal });
    return stdout.trim() === "Linger=yes";
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
