import type { ResourceContext } from "./resource.ts";

/** What it takes to answer the engine after the last look. */
const MARGIN_MS = 5_000;

/**
 * How long a resource may wait: its own limit, but before that of the operation. The engine's Cancel at that one would lose the last cause.
 * @param ownMs the limit of the resource, in milliseconds
 */
export const waitLimit = (ownMs: number, { timeoutMs }: Pick<ResourceContext, "timeoutMs">): number =>
  timeoutMs === undefined ? ownMs : Math.min(ownMs, Math.max(timeoutMs - MARGIN_MS, timeoutMs / 2));
