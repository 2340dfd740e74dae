import { type ErrorId, InstallerError } from "../../errors/index.ts";
import type { PlatformAccess, PlatformMetadata } from "../../providers/index.ts";
import type { Clock } from "../../util/index.ts";
import { waitForBootstrapComplete } from "../observe/bootstrap-complete.ts";
import { waitForInstallComplete } from "../observe/install-complete.ts";
import { waitForOpenShiftBootstrap } from "../observe/openshift-bootstrap.ts";
import { waitForOpenShiftInstall } from "../observe/openshift-install.ts";
import type { PlainWaitOptions, WaitOptions, WaitResult } from "../observe/wait.ts";
import { consoleSigns } from "./consoles.ts";

/** What every new cluster passes. */
export type Milestone = "bootstrap-complete" | "install-complete";

interface Way {
  /** As in "bootstrapping did not complete". */
  readonly subject: string;
  readonly timeoutError: ErrorId;
  readonly wait: (options: WaitOptions) => Promise<WaitResult>;
  /** The same where OpenShift's own bootstrap machine and operators say how far they are. */
  readonly waitForOpenShift: (options: PlainWaitOptions) => Promise<WaitResult>;
}

const WAYS: Readonly<Record<Milestone, Way>> = {
  "bootstrap-complete": {
    subject: "bootstrapping",
    timeoutError: "BOOTSTRAP_TIMEOUT",
    wait: waitForBootstrapComplete,
    waitForOpenShift: waitForOpenShiftBootstrap,
  },
  "install-complete": {
    subject: "the installation",
    timeoutError: "INSTALL_TIMEOUT",
    wait: waitForInstallComplete,
    waitForOpenShift: waitForOpenShiftInstall,
  },
};

export interface MilestoneOptions extends Omit<WaitOptions, "consoleSigns" | "signal">, PlatformAccess {
  readonly clock: Clock;
  /** Where the machines' consoles can be read; absent: nowhere. */
  readonly consoles: PlatformMetadata | undefined;
  /** Whether the cluster is OpenShift, on machines that somebody else has started. */
  readonly openshift?: boolean;
}

export type MilestoneResult =
  | { readonly outcome: "done"; readonly elapsedMs: number }
  /** BOOTSTRAP_TIMEOUT or INSTALL_TIMEOUT, with the last cause. */
  | { readonly outcome: "timeout"; readonly error: InstallerError };

/**
 * Waits for a milestone, with an eye on the consoles of the machines.
 * @throws the signal's reason, InstallerError of `connect`, GUEST_… when a console shows that it cannot succeed
 */
export async function reachMilestone(milestone: Milestone, options: MilestoneOptions): Promise<MilestoneResult> {
  const { machines, consoles, timeoutMs } = options;
  const { subject, timeoutError, wait, waitForOpenShift } = WAYS[milestone];
  const signs = consoleSigns(
    machines.map(({ name }) => name),
    consoles,
    options,
  );
  const result = await (options.openshift === true ? waitForOpenShift : wait)({ ...options, consoleSigns: signs.read });
  if (result.outcome === "done") return result;
  if (result.outcome === "failed")
    throw new InstallerError(signs.errorOf(result.machine) ?? timeoutError, `${result.machine}: ${result.cause}`, {
      value: result.machine,
      details: [`while waiting for ${result.stage}`],
    });
  const within = `${subject} did not complete within ${Math.round(timeoutMs / 1_000)} s`;
  const error = new InstallerError(timeoutError, `${within}; last cause at ${result.stage}: ${result.lastReason}`, { value: result.stage });
  return { outcome: "timeout", error };
}
