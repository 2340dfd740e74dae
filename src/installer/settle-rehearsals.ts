import type { KubeClient } from "../kube/index.ts";
import type { World } from "./context.ts";
import { givePoliciesBack, NEWEST } from "./rehearsal-state.ts";

const LOOK_MS = 1_000;

/**
 * Gives sets their policy back whose rehearsal was interrupted while no controller acted; says which, and never throws but for the signal.
 * @param waitMs for a controller that acts by now
 */
export async function settleRehearsals(
  client: KubeClient,
  { clock, reporter, signal }: Pick<World, "clock" | "reporter" | "signal">,
  waitMs: number,
): Promise<void> {
  const end = clock.now().getTime() + waitMs;
  try {
    for (;;) {
      const { given, needed } = await givePoliciesBack(client, signal);
      for (const name of given)
        reporter.emit({ type: "log", level: "info", message: `MachineSet ${name} has the deletePolicy of before its rehearsal again` });
      if (needed.length === 0 || waitMs === 0) return;
      if (clock.now().getTime() >= end) {
        const message = `deletePolicy ${NEWEST} of a rehearsal is left in ${needed.join(", ")}: \`virt-ipi rehearse\` gives it back when a machine controller runs`;
        reporter.emit({ type: "log", level: "warning", message });
        return;
      }
      await clock.sleep(LOOK_MS, signal);
    }
  } catch {
    // What a command is for comes first: where the API does not answer, it says so itself.
    signal.throwIfAborted();
  }
}
