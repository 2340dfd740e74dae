import { isInstallerError, messageOf } from "../../errors/index.ts";
import { explainApiError } from "../../kube/index.ts";
import { controllerLease, controllersReadiness, type ControllerLease } from "../../machines/index.ts";
import { withAdminClient } from "../admin-client.ts";
import type { World } from "../context.ts";
import { loadMachineSetsCluster } from "../machine-sets-cluster.ts";
import { localControllers, type ControllerRecord } from "./runtime-folder.ts";
import { unitOwner } from "./service.ts";
import { unitFolders, type UnitFolders, type UnitState } from "./systemd.ts";
import { unitNameOf, type UnitScope } from "./unit.ts";

/** How the machine controller of a cluster does, as seen from this host. */
export interface ControllerStatus {
  readonly cluster: string;
  readonly infraID: string;
  /** Of this host; absent where it was not installed. Its state, or why it cannot be seen. */
  readonly unit?: { readonly name: string; readonly path: string; readonly scope: UnitScope; readonly state: UnitState | string };
  /** Who acts, on whatever host; absent where nobody does. Or why it cannot be seen. */
  readonly lease?: ControllerLease | string;
  /** Those that this user has started on this host. */
  readonly controllers: readonly LocalControllerStatus[];
}

export interface LocalControllerStatus extends Omit<ControllerRecord, "startTime"> {
  readonly running: boolean;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reason?: string;
}

/** @throws InstallerError CLUSTER_UNKNOWN, MACHINE_SETS_OFF */
export async function controllerStatus(world: World, folders: UnitFolders = unitFolders(world.env)): Promise<ControllerStatus> {
  const { spec, identity } = await loadMachineSetsCluster(world);
  const { infraID } = identity;
  const unit = await unitOf(world, infraID, folders);
  const lease = await leaseOf(world);
  const controllers = await Promise.all(
    (await localControllers(infraID, world.env)).map(async ({ pid, since, version, errors, running, statusSocket }) => {
      const readiness = running ? await controllersReadiness(statusSocket) : { ready: false, reason: "it has ended without removing its files" };
      return { pid, since, version, running, ...readiness, errors };
    }),
  );
  return {
    cluster: spec.name,
    infraID,
    ...(unit === undefined ? {} : { unit }),
    ...(lease === undefined ? {} : { lease }),
    controllers,
  };
}

async function unitOf(world: World, infraID: string, folders: UnitFolders): Promise<ControllerStatus["unit"]> {
  const name = unitNameOf(infraID);
  const systemd = await unitOwner(world, name, folders);
  if (systemd === undefined) return undefined;
  const state = await systemd.state(name).catch((error: unknown) => {
    world.signal.throwIfAborted();
    return `not available: ${messageOf(error)}`;
  });
  return { name, path: systemd.pathOf(name), scope: systemd.scope, state };
}

async function leaseOf(world: World): Promise<ControllerLease | string | undefined> {
  try {
    return await withAdminClient(world, async (client) => await controllerLease(client, world.clock, world.signal));
  } catch (error) {
    world.signal.throwIfAborted();
    return `not available: ${isInstallerError(error) ? error.message : explainApiError(error)}`;
  }
}
