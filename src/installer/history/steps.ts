import type { InstallerEvent } from "../../events/index.ts";
import { LONGEST_NAME } from "./past-run.ts";

/**
 * The step that an event shows to have begun: the kind of the first resource of its kind, or the stage that a wait is at. Names of clusters
 * and machines play no part, so that runs can be compared.
 */
export function stepOf(event: InstallerEvent): string | undefined {
  if (event.type === "resource") return event.status === "started" ? event.kind.split(":").at(-1)?.slice(0, LONGEST_NAME) : undefined;
  return event.type === "waiting" ? /^waiting for ([a-z][a-z-]*):/.exec(event.reason)?.[1] : undefined;
}
