import { isInstallerError, messageOf } from "../errors/index.ts";
import { fileErrorOf } from "../util/index.ts";
import type { Context } from "./context.ts";
import { appendJournal, type JournalEntry } from "./journal.ts";

/** One step of an installation. Doing a finished one again changes nothing: that is what `resume` rests on. */
export interface Phase {
  /** kebab-case; the name in the journal, in events and in `status`. */
  readonly id: string;
  /** For people, as in "Create the machines". */
  readonly title: string;
  /** Done, or skipped and why. */
  run(context: Context): Promise<"done" | { readonly skipped: string }>;
}

/**
 * Runs phases one after the other, with a journal line and an event at the start and end of each.
 * @param before is called ahead of each phase
 * @throws what the phase throws, after its end is on record
 */
export async function runPhases(
  phases: readonly Phase[],
  command: string,
  context: Context,
  before?: (phase: Phase) => Promise<void>,
): Promise<void> {
  for (const phase of phases) {
    context.signal.throwIfAborted();
    await before?.(phase);
    await runPhase(phase, command, context);
  }
}

async function runPhase(phase: Phase, command: string, context: Context): Promise<void> {
  const { reporter, clock, redactor } = context;
  const began = clock.now().getTime();
  const journal = (entry: Pick<JournalEntry, "event" | "outcome" | "durationMs" | "cause" | "errorId">): Promise<void> =>
    appendJournal(context.folder.journal, { time: clock.now().toISOString(), command, phase: phase.id, version: context.version, ...entry });
  const end = async (outcome: NonNullable<JournalEntry["outcome"]>, cause?: string, errorId?: string): Promise<void> => {
    const durationMs = clock.now().getTime() - began;
    const because = cause === undefined ? {} : { cause: redactor.redact(cause) };
    await journal({ event: "end", outcome, durationMs, ...because, ...(errorId === undefined ? {} : { errorId }) });
    reporter.emit({ type: "phase-ended", phase: phase.id, outcome, durationMs, ...because });
  };
  await journal({ event: "start" });
  reporter.emit({ type: "phase-started", phase: phase.id, title: phase.title });
  let result: Awaited<ReturnType<Phase["run"]>>;
  try {
    result = await phase.run(context);
  } catch (thrown) {
    const error = fileErrorOf(thrown) ?? thrown;
    // What fails after Ctrl-C fails for it, whatever it says.
    const interrupted = [error, context.signal.reason].some((each) => isInstallerError(each) && each.id === "INTERRUPTED");
    await end(interrupted ? "interrupted" : "failed", messageOf(error), isInstallerError(error) ? error.id : "INTERNAL");
    throw error;
  }
  if (result === "done") await end("done");
  else await end("skipped", result.skipped);
}
