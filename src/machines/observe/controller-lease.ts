import type { V1Lease } from "@kubernetes/client-node";
import { CORE_KINDS, type KubeClient } from "../../kube/index.ts";
import type { Clock } from "../../util/index.ts";
import { CONTROLLER_LEASE, NAMESPACE } from "../names.ts";

/** Leases are renewed six times in the time for which they are respected. */
const LIMIT_MS = 60_000;
/** One that was renewed so long ago is nobody's, whatever the clocks show. */
const ABANDONED_MS = 10 * 60_000;
/** Longer than two renewals. */
const RENEWED_WITHIN_MS = 12_000;

/** Who acts on Machines, of all controllers that run for a cluster. */
export interface ControllerLease {
  /** Host, and what distinguishes the process there. */
  readonly holder: string;
  /** ISO 8601 */
  readonly since: string;
  readonly renewed: string;
  /** Whether it was renewed in time; one that was not is taken by the next. */
  readonly current: boolean;
}

/** Undefined where nobody holds it. @throws API errors */
export async function controllerLease(client: KubeClient, clock: Clock, signal?: AbortSignal): Promise<ControllerLease | undefined> {
  const lease = await client.read<V1Lease>(CORE_KINDS.leases, { namespace: NAMESPACE, name: CONTROLLER_LEASE }, signal);
  const { holderIdentity: holder = "", acquireTime, renewTime } = lease?.spec ?? {};
  if (holder === "" || renewTime === undefined) return undefined;
  const renewed = new Date(renewTime);
  return {
    holder,
    since: new Date(acquireTime ?? renewTime).toISOString(),
    renewed: renewed.toISOString(),
    current: clock.now().getTime() - renewed.getTime() < LIMIT_MS,
  };
}

/** Whether somebody acts on Machines at this time. @throws API errors */
export const controllerRuns = async (client: KubeClient, clock: Clock, signal?: AbortSignal): Promise<boolean> =>
  (await controllerLease(client, clock, signal))?.current === true;

/**
 * Who is alive and acts: a Lease whose holder was killed looks held for a while, so it must be renewed while we look.
 * @returns the holder. @throws API errors
 */
export async function livingController(client: KubeClient, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
  const first = await controllerLease(client, clock, signal);
  if (first === undefined || clock.now().getTime() - Date.parse(first.renewed) > ABANDONED_MS) return undefined;
  const end = clock.now().getTime() + RENEWED_WITHIN_MS;
  for (;;) {
    await clock.sleep(1_000, signal);
    const now = await controllerLease(client, clock, signal);
    if (now === undefined) return undefined;
    if (now.renewed !== first.renewed) return now.holder;
    if (clock.now().getTime() >= end) return undefined;
  }
}
