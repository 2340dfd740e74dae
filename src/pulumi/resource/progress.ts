import type { Clock } from "../../util/index.ts";

/** Shows the user how an operation goes, in the row of its resource. */
export interface Progress {
  /** What is done or waited for just now. Sent when it changes, and again after a while. */
  status(message: string): void;
  /** Stays in the update's diagnostics. */
  note(message: string): void;
  warn(message: string): void;
}

export type Severity = "info" | "warning";

/** Sends one message to the engine; `ephemeral` ones only show while the operation runs. */
export type LogSink = (urn: string, severity: Severity, message: string, ephemeral: boolean) => void;

const HEARTBEAT_MS = 30_000;

export function progressOf(urn: string, sink: LogSink, clock: Clock): Progress {
  let reported: string | undefined;
  let reportedAt = 0;
  return {
    status: (message) => {
      const now = clock.now().getTime();
      // On a pipe the engine prints a line for each, so the same one is repeated rarely.
      if (message === reported && now - reportedAt < HEARTBEAT_MS) return;
      reported = message;
      reportedAt = now;
      sink(urn, "info", message, true);
    },
    note: (message) => sink(urn, "info", message, false),
    warn: (message) => sink(urn, "warning", message, false),
  };
}
