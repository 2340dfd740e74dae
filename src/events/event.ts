/** What a run says while it works. The terminal, plain and JSON reporters all read these. */
export type InstallerEvent =
  /** A phase begins. */
  | { readonly type: "phase-started"; readonly phase: string; readonly title: string }
  /** A phase is over: how it went, how long it took and, unless it is done, why. */
  | { readonly type: "phase-ended"; readonly phase: string; readonly outcome: PhaseOutcome; readonly durationMs: number; readonly cause?: string }
  /** A wait that goes on: on what, and the last cause seen. */
  | { readonly type: "waiting"; readonly phase?: string; readonly subject: string; readonly reason: string; readonly elapsedMs: number }
  /**
   * The time that is left of the run, in milliseconds: the median of earlier runs of the kind on this host, and what half of them were between.
   * There is none without earlier runs. `overdue`: the phase takes longer than in each of them.
   */
  | {
      readonly type: "estimate";
      readonly phase: string;
      readonly remainingMs: number;
      readonly lowMs: number;
      readonly highMs: number;
      readonly runs: number;
      readonly overdue: boolean;
    }
  /** A step of Pulumi's on one resource. */
  | {
      readonly type: "resource";
      readonly operation: string;
      readonly urn: string;
      readonly name: string;
      readonly kind: string;
      readonly status: "started" | "done" | "failed";
    }
  /** A set of machines that the cluster creates itself, whenever its number or that of its Ready nodes has changed. */
  | { readonly type: "machine-set"; readonly name: string; readonly replicas: number; readonly ready: number }
  /** A machine that the cluster creates itself, whenever it has changed; `phase` is `Gone` once it is. */
  | {
      readonly type: "machine";
      readonly name: string;
      readonly machineSet: string;
      readonly phase: string;
      readonly instanceState: string;
      readonly node: string;
      readonly ageSeconds: number;
      readonly reason?: string;
    }
  /** A line for the log; `debug` goes only into the log file of the cluster folder. */
  | { readonly type: "log"; readonly level: "debug" | "info" | "warning" | "error"; readonly message: string };

/** The result of a command, when all else is printed: what `--output json` prints as its last line. */
export interface ResultEvent {
  readonly type: "result";
  readonly data: object;
}

export type PhaseOutcome = "done" | "skipped" | "failed" | "interrupted";

/** Takes events; must not throw. */
export interface Reporter {
  emit(event: InstallerEvent): void;
}
