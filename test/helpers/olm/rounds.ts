import { setTimeout as delay } from "node:timers/promises";
import type { KubeControlPlane } from "../kube-control-plane.ts";

const ROUND_MS = 300;

/** Round after round; a round that failed (the API server restarts, an object has changed) is followed by the next one. */
export async function repeat(round: () => Promise<void>, signal: AbortSignal, cluster: KubeControlPlane): Promise<void> {
  const lines: string[] = [];
  while (!signal.aborted) {
    await round().catch((error: unknown) => lines.push(String(error)));
    await delay(ROUND_MS, undefined, { signal }).catch(() => undefined);
  }
  if (lines.length > 0) await cluster.file("rig.log", lines.join("\n"));
}
