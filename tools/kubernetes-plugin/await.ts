import { InstallerError } from "../../src/errors/index.ts";
import { explainApiError } from "../../src/kube/api-error.ts";
import { getObject, type Along } from "./apply.ts";
import type { Cluster } from "./cluster.ts";
import type { Kind } from "./kinds.ts";
import { annotationOf, isKind, titleOf, type Manifest } from "./manifest.ts";
import { readinessOf, type Look, type Readiness } from "./readiness.ts";
import { isForbidden, isNotFound } from "./refusal.ts";
import { parseWaitFor } from "./wait-for.ts";

export interface WaitSettings {
  /** Milliseconds */
  readonly timeoutMs: number;
  /** The object existed before. */
  readonly updated: boolean;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** What the resource option customTimeouts says (seconds, 0 is none), else the annotation, else ten minutes. */
export function timeoutOf(inputs: Manifest, customSeconds: number): number {
  if (customSeconds > 0) return customSeconds * 1_000;
  const annotated = Number(annotationOf(inputs, "timeoutSeconds") ?? "");
  return Number.isInteger(annotated) && annotated > 0 ? annotated * 1_000 : DEFAULT_TIMEOUT_MS;
}

/**
 * Waits for what the object's annotations, or its kind, ask for. What has just come from the API is looked at first.
 * @returns the object as it was last seen
 * @throws NotReady with the last cause, the signal's reason
 */
export async function untilReady(
  cluster: Cluster,
  kind: Kind,
  inputs: Manifest,
  made: Manifest,
  settings: WaitSettings,
  along: Along,
): Promise<Manifest> {
  const ready = expectationOf(inputs);
  if (ready === undefined) return made;
  const look: Look = async (path) => {
    try {
      return await cluster.ask({ ...along, method: "GET", path });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  let live = made;
  const judge = async (): Promise<string | undefined> => {
    try {
      return await ready(live, look, settings.updated);
    } catch (error) {
      throw error instanceof InstallerError ? new NotReady(live, error) : error;
    }
  };
  let reason = await judge();
  await repeat(cluster, settings.timeoutMs, along, async () => {
    if (reason === undefined) return { done: true };
    const now = await getObject(cluster, kind, made, along);
    if (now === undefined)
      throw new NotReady(
        live,
        new InstallerError("KUBE_NOT_READY", `${titleOf(made)} was deleted by somebody else meanwhile`, { value: titleOf(made) }),
      );
    live = now;
    reason = await judge();
    return reason === undefined ? { done: true } : { done: false, reason };
  }).catch(async (error: unknown) => {
    if (!(error instanceof TimedOut)) throw error instanceof NotReady || along.signal.aborted ? error : new NotReady(live, error);
    const details = await warnings(cluster, live, along);
    throw new NotReady(
      live,
      new InstallerError("KUBE_NOT_READY", `${titleOf(made)} is not ready after ${settings.timeoutMs / 1_000} s: ${reason ?? "?"}`, {
        value: titleOf(made),
        details,
      }),
    );
  });
  return live;
}

/** The object was applied, but is not what was waited for. */
export class NotReady extends Error {
  readonly live: Manifest;
  constructor(live: Manifest, cause: unknown) {
    super("not ready", { cause });
    this.live = live;
  }
}

function expectationOf(inputs: Manifest): Readiness | undefined {
  if (annotationOf(inputs, "skipAwait") === "true") return undefined;
  const text = annotationOf(inputs, "waitFor");
  if (text === undefined) return readinessOf(inputs);
  const expectations = parseWaitFor(text);
  return (live) => expectations.map((expectation) => expectation(live)).find((reason) => reason !== undefined);
}

/**
 * Waits until the object is gone, and says what holds it.
 * @throws InstallerError KUBE_DELETION_STUCK
 */
export async function untilGone(cluster: Cluster, kind: Kind, manifest: Manifest, timeoutMs: number, along: Along): Promise<void> {
  const { uid } = manifest.metadata;
  let held = "it is still there";
  await repeat(cluster, timeoutMs, along, async () => {
    const live = await getObject(cluster, kind, manifest, along);
    // Another object that has taken the name meanwhile is not the one that had to go.
    if (live === undefined || (uid !== undefined && live.metadata.uid !== uid)) return { done: true };
    held = holdsBack(live);
    return { done: false, reason: held };
  }).catch((error: unknown) => {
    if (!(error instanceof TimedOut)) throw error;
    throw new InstallerError("KUBE_DELETION_STUCK", `${titleOf(manifest)} is not gone after ${timeoutMs / 1_000} s: ${held}`, {
      value: titleOf(manifest),
    });
  });
}

/** Kinds whose deletion is not waited for with skipAwait; of others the annotation speaks of readiness only, as in the official provider. */
export const skipsGone = (manifest: Manifest): boolean =>
  annotationOf(manifest, "skipAwait") === "true" &&
  (["Namespace", "Pod", "ReplicationController"].some((kind) => isKind(manifest, "v1", kind)) ||
    ["DaemonSet", "Deployment", "StatefulSet"].some((kind) => isKind(manifest, "apps/v1", kind)) ||
    isKind(manifest, "batch/v1", "Job"));

/** Why an object that is being deleted is still there. */
export function holdsBack(live: Manifest): string {
  const conditions = (live["status"] as { conditions?: readonly { type: string; status: string; message?: string }[] } | undefined)?.conditions ?? [];
  // A namespace tells what is left inside it.
  const left = conditions.filter(({ type, status }) => /Remaining|Failure/.test(type) && status === "True").map(({ message }) => message ?? "");
  const finalizers = [...(live.metadata.finalizers ?? []), ...((live["spec"] as { finalizers?: string[] } | undefined)?.finalizers ?? [])];
  if (live.metadata.deletionTimestamp === undefined) return "its deletion has not begun";
  return [finalizers.length === 0 ? "it is being deleted" : `finalizers ${finalizers.join(", ")} hold it`, ...left].join("; ");
}

/** What the cluster's events say about the object: usually the cause. */
async function warnings(cluster: Cluster, live: Manifest, along: Along): Promise<readonly string[]> {
  const { namespace = "default", uid = "" } = live.metadata;
  const query = new URLSearchParams({ fieldSelector: `involvedObject.uid=${uid},type=Warning`, limit: "50" }).toString();
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?${query}`;
    const { items } = await cluster.ask<{ items: readonly { reason?: string; message?: string }[] }>({
      ...along,
      method: "GET",
      path,
      patient: false,
    });
    return [...new Set(items.slice(-5).map(({ reason, message }) => `event ${reason ?? ""}: ${message ?? ""}`))];
  } catch (error) {
    along.signal.throwIfAborted();
    return isForbidden(error) ? [] : [`its events cannot be read: ${explainApiError(error)}`];
  }
}

class TimedOut extends Error {}

type Found = { readonly done: true } | { readonly done: false; readonly reason: string };

/** Looks often at first, as most things are quick. */
async function repeat(cluster: Cluster, timeoutMs: number, along: Along, look: () => Promise<Found>): Promise<void> {
  const end = cluster.clock.now().getTime() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const found = await look();
    if (found.done) return;
    along.onWait?.(found.reason);
    const left = end - cluster.clock.now().getTime();
    if (left <= 0) throw new TimedOut();
    await cluster.clock.sleep(Math.min(pause, left), along.signal);
  }
}
