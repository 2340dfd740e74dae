import { rm } from "node:fs/promises";
import { InstallerError, isInstallerError, messageOf } from "../errors/index.ts";
import type { OwnedObject } from "../providers/index.ts";
import { bootstrapIsComplete, forgetAssets, identityToWriteWith, passphraseOf } from "../stack/index.ts";
import { ReceiptBook, writeReceipt } from "./destroy-receipt.ts";
import { stopMachineController } from "./controller/stop.ts";
import { clusterOf, type Options, type World } from "./context.ts";
import { knownCluster, type KnownCluster } from "./known-cluster.ts";
import { withClusterLock } from "./lock.ts";
import { openDriver } from "./open-driver.ts";
import { runPhases, type Phase } from "./phase.ts";
import { prepareAssets } from "./phases/prepare-assets.ts";
import { validateConfig } from "./phases/validate-config.ts";
import { recoverState } from "./phases/recover-state.ts";
import { startUpdate } from "./phases/create-infrastructure.ts";

export interface OwnedObjects {
  readonly infraID: string;
  readonly objects: readonly OwnedObject[];
}

export interface DestroyedCluster {
  readonly cluster: string;
  readonly infraID: string;
  /** What Pulumi's destroy had left, as `kind/name`. */
  readonly leftoversRemoved: readonly string[];
  /** Path of the file that lists all that was removed. */
  readonly receipt?: string;
}

/** What belongs to the cluster, by looking at the world: all that destroy would remove. */
export async function listOwned(world: World): Promise<OwnedObjects> {
  const cluster = await knownCluster(world);
  return { infraID: cluster.infraID, objects: await scan(world, cluster) };
}

const scan = (world: World, { platform, infraID, metadata }: KnownCluster): Promise<readonly OwnedObject[]> =>
  platform.scan(infraID, metadata, world);

/**
 * Takes a cluster down: Pulumi's destroy, then what a scan still finds, then a scan that must find nothing. Works without state,
 * after any failure, and as often as one likes. The user's files stay.
 * @throws InstallerError CLUSTER_UNKNOWN, DESTROY_INCOMPLETE, MACHINE_CONTROLLER_RUNS
 */
export async function destroyCluster(world: World, options: Options): Promise<DestroyedCluster> {
  const cluster = await knownCluster(world);
  const removed: OwnedObject[] = [];
  const book = new ReceiptBook(world.clock);
  const written: string[] = [];
  const phases: readonly Phase[] = [
    stopMachineController(cluster),
    listObjects(cluster, book),
    destroyResources(cluster),
    removeLeftovers(cluster, removed, book),
    proveGone(cluster, book, written),
    forgetCluster,
  ];
  await withClusterLock(world, "destroy cluster", (locked) => runPhases(phases, "destroy cluster", { ...locked, options }));
  return {
    cluster: cluster.name,
    infraID: cluster.infraID,
    leftoversRemoved: removed.map(({ kind, name }) => `${kind}/${name}`),
    ...(written[0] === undefined ? {} : { receipt: written[0] }),
  };
}

/** Removes the bootstrap machine of a cluster whose bootstrapping is complete. */
export async function destroyBootstrap(world: World, options: Options): Promise<void> {
  const phase: Phase = {
    id: "remove-bootstrap",
    title: "Remove the bootstrap machine",
    run: async (context) => {
      if (!(await bootstrapIsComplete(context.folder))) throw new InstallerError("BOOTSTRAP_NEEDED", "bootstrapping is not complete");
      await (await startUpdate(context, clusterOf(context), "full")).result();
      return "done";
    },
  };
  if ((await identityToWriteWith(world.folder)) === undefined)
    throw new InstallerError("CLUSTER_UNKNOWN", `${world.folder.root} contains no cluster`, { value: world.folder.root });
  await withClusterLock(world, "destroy bootstrap", (locked) =>
    runPhases([validateConfig, prepareAssets, recoverState, phase], "destroy bootstrap", { ...locked, options }),
  );
}

const listObjects = (cluster: KnownCluster, book: ReceiptBook): Phase => ({
  id: "list-objects",
  title: "Find all resources of the cluster",
  run: async (context) => {
    book.looked(await scan(context, cluster));
    return "done";
  },
});

const destroyResources = (cluster: KnownCluster): Phase => ({
  id: "destroy-resources",
  title: "Remove the resources in the state",
  run: async (context) => {
    context.redactor.add(await passphraseOf(context.folder, context.env));
    try {
      const driver = await openDriver(context, cluster);
      await driver.recover();
      return (await driver.destroy()) ? "done" : { skipped: "there is no state" };
    } catch (error) {
      context.signal.throwIfAborted();
      if (isInstallerError(error) && error.id === "STATE_LOCKED") throw error;
      // A state that is lost or broken must not keep the machines alive: the scan finds them all the same.
      context.reporter.emit({
        type: "log",
        level: "warning",
        message: `the state could not be used (${messageOf(error)}); looking for the cluster's objects instead`,
      });
      return { skipped: "the state could not be used" };
    }
  },
});

const removeLeftovers = (cluster: KnownCluster, removed: OwnedObject[], book: ReceiptBook): Phase => ({
  id: "remove-leftovers",
  title: "Find and remove what is left",
  run: async (context) => {
    const found = await scan(context, cluster);
    book.looked(found);
    for (const object of found) {
      if (object.problem !== undefined) continue;
      context.reporter.emit({ type: "log", level: "info", message: `removing ${object.kind} ${object.name}` });
      try {
        await cluster.platform.remove(cluster.infraID, object, cluster.metadata, context);
        removed.push(object);
        book.removed(object);
      } catch (error) {
        context.signal.throwIfAborted();
        // The others go all the same; the look that follows reports this one.
        context.reporter.emit({ type: "log", level: "warning", message: `${object.kind} ${object.name} could not be removed: ${messageOf(error)}` });
      }
    }
    return found.length === 0 ? { skipped: "nothing was left" } : "done";
  },
});

const proveGone = (cluster: KnownCluster, book: ReceiptBook, written: string[]): Phase => ({
  id: "prove-gone",
  title: "Check that nothing is left",
  run: async (context) => {
    const left = await scan(context, cluster);
    book.looked(left);
    written.push(await writeReceipt(context.folder.root, context.redactor.redactValue(book.receipt(cluster, left))));
    const unknown = left.filter(({ problem }) => problem !== undefined);
    if (left.length > 0)
      throw new InstallerError(
        "DESTROY_INCOMPLETE",
        unknown.length === left.length
          ? `it cannot be determined whether all of ${cluster.infraID} is gone`
          : `${left.length} objects of ${cluster.infraID} are still there`,
        {
          value: cluster.infraID,
          details: left.map(({ kind, name, id, problem }) => (problem === undefined ? `${kind} ${name} (${id})` : `${kind} ${name}: ${problem}`)),
        },
      );
    return "done";
  },
});

/** What would make the next cluster in this folder believe that it is this one. Logs, journal and the user's edits stay. */
const forgetCluster: Phase = {
  id: "forget-cluster",
  title: "Remove identity, keys and state",
  run: async ({ folder }) => {
    for (const path of [folder.bootstrapComplete, folder.failedCreates, folder.state, folder.workspace, folder.stack, folder.keys])
      await rm(path, { recursive: true, force: true });
    // metadata.json is among these and goes last: with it a second destroy still finds the cluster when this one is cut short.
    await forgetAssets(folder);
    await rm(folder.identity, { force: true });
    return "done";
  },
};
