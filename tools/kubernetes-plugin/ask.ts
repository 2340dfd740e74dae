import type { TransportRequest } from "../../src/kube/transport.ts";

/** Told what is waited for. */
type OnWait = (reason: string) => void;

export interface Ask extends TransportRequest {
  readonly signal: AbortSignal;
  readonly onWait?: OnWait | undefined;
  /** Once is enough: in previews nothing depends on the answer. */
  readonly patient?: boolean | undefined;
}
