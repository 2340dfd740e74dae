import { join } from "node:path";
import { machineTokens, sharedMachineIgnition } from "../assets/index.ts";
import { InstallerError } from "../errors/index.ts";
import { CORE_KINDS, explainApiError, type KubeClient } from "../kube/index.ts";
import { NAMESPACE, userDataSecretName } from "../machines/index.ts";
import type { LoadedCluster } from "../stack/index.ts";
import { readTextIfExists } from "../util/index.ts";
import type { World } from "./context.ts";

/** A machine is cloned, started and asks for its config in minutes; what the Secret held is also in what it was started with, for good. */
const LIFETIME_MS = 2 * 60 * 60_000;
const INTERVAL_MS = LIFETIME_MS / 4;
const LOOK_MS = 3_000;

type Cluster = Pick<LoadedCluster, "spec" | "identity" | "platform" | "keys">;
type Access = Pick<World, "folder" | "clock" | "signal">;

/** Whether machines of the cluster are started with a token of their pool, in a Secret: what makes them gives them none of their own. */
export const hasPoolTokens = ({ platform }: Pick<LoadedCluster, "platform">): boolean => platform.ownController !== undefined;

/**
 * Puts into the Secrets of all compute pools what `<pool>.ign` says, with a token of the pool that ends after two hours and opens nothing but
 * configs of compute machines.
 * @returns names of Secrets that do not exist
 * @throws API errors, InstallerError IGNITION_INVALID, CLUSTER_UNKNOWN, KEYS_INVALID
 */
export async function renewPoolTokens(client: KubeClient, { spec, identity, keys }: Cluster, access: Access): Promise<readonly string[]> {
  const { folder, clock, signal } = access;
  if (keys === undefined) throw new InstallerError("KEYS_INVALID", `${folder.root} has no keys`, { value: folder.root });
  const names = spec.pools.compute.map(({ name }) => name);
  const expires = new Date(clock.now().getTime() + LIFETIME_MS);
  const auth = { tokens: machineTokens(keys, "machine-token", identity), pools: new Set(names), expires };
  const missing: string[] = [];
  for (const pool of names) {
    const place = { namespace: NAMESPACE, name: userDataSecretName(pool) };
    if ((await client.read(CORE_KINDS.secrets, place, signal)) === undefined) {
      missing.push(place.name);
      continue;
    }
    const file = `${pool}.ign`;
    const pointer = await readTextIfExists(join(folder.root, file));
    if (pointer === undefined) throw new InstallerError("CLUSTER_UNKNOWN", `there is no ${file}`, { value: folder.root });
    const text = sharedMachineIgnition(pool, pointer, auth);
    await client.patch(CORE_KINDS.secrets, place, { data: { userData: Buffer.from(text).toString("base64") } }, signal);
  }
  return missing;
}

/** Waits until all Secrets are there and hold tokens: a machine that is started before could not join. @throws the signal's reason */
export async function firstPoolTokens(client: KubeClient, cluster: Cluster, world: Access & Pick<World, "reporter">): Promise<void> {
  const began = world.clock.now().getTime();
  for (;;) {
    const missing = await renewed(client, cluster, world);
    if (missing === undefined) return;
    const elapsedMs = world.clock.now().getTime() - began;
    world.reporter.emit({ type: "waiting", subject: "machine controller", reason: missing, elapsedMs });
    await world.clock.sleep(LOOK_MS, world.signal);
  }
}

/** Renews them for as long as the signal is not aborted; one that fails is tried again. @throws the signal's reason */
export async function keepPoolTokens(client: KubeClient, cluster: Cluster, world: Access & Pick<World, "reporter">): Promise<never> {
  for (let pause = INTERVAL_MS; ;) {
    await world.clock.sleep(pause, world.signal);
    const problem = await renewed(client, cluster, world);
    pause = problem === undefined ? INTERVAL_MS : LOOK_MS * 10;
    if (problem !== undefined) world.reporter.emit({ type: "log", level: "warning", message: `tokens of machines could not be renewed: ${problem}` });
  }
}

/** What is in the way, or undefined. */
async function renewed(client: KubeClient, cluster: Cluster, access: Access): Promise<string | undefined> {
  try {
    const missing = await renewPoolTokens(client, cluster, access);
    return missing.length === 0 ? undefined : `Secrets that do not exist: ${missing.join(", ")}`;
  } catch (error) {
    access.signal.throwIfAborted();
    if (error instanceof InstallerError) throw error;
    return explainApiError(error);
  }
}
