import { explainApiError, type KubeObject, type KubeClient, type ObjectKind, textAt } from "../../kube/index.ts";
import { type Clock, poll } from "../../util/index.ts";
import { KINDS } from "../observe/index.ts";
import { agentConnected, booted, consoleLine, gone, migrated, migrationObstacle, restarted, someNode, volumeReady, type Check } from "./checks.ts";
import { CLONED, clonedVolume, consoleText, type Guest, IMPORTED, importedVolume, migration, virtualMachine, VM } from "./objects.ts";

export interface SmokeStep {
  readonly id: "node" | "boot" | "guest-agent" | "console" | "restart" | "import" | "clone" | "migration" | "clean-up";
  readonly title: string;
  readonly outcome: "ok" | "failed" | "skipped";
  readonly durationMs: number;
  /** What was found, or why not. */
  readonly found: string;
}

export interface SmokeOptions {
  /** The test's own; made and removed by it. */
  readonly namespace: string;
  readonly guest: Guest;
  /** Why there are no disks for machines; undefined if there are. */
  readonly noDisks: string | undefined;
  /** Factor for everything that a guest does: emulated CPUs are slow. */
  readonly patience: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (step: SmokeStep) => void;
  readonly onWait?: (step: string, reason: string, elapsedMs: number) => void;
}

const MINUTE = 60_000;

/**
 * Makes a virtual machine and looks whether all works that people do with one. Whatever happens, what it made is removed, and the last
 * step shows whether that worked. A step that builds on a failed one is skipped.
 * @throws the signal's reason, after the clean-up
 */
export async function runSmokeTest(client: KubeClient, options: SmokeOptions): Promise<readonly SmokeStep[]> {
  const { namespace, guest, patience } = options;
  const text = consoleText(namespace, guest);
  const run = new SmokeRun(client, options);
  const make = (kind: ObjectKind, object: KubeObject) => async () => void (await client.apply(kind, object, options.signal));
  try {
    const node = await run.step("node", "a node can run machines", 0.5 * MINUTE, undefined, someNode);
    const boot = await run.step(
      "boot",
      "a machine boots",
      10 * MINUTE * patience,
      node ? undefined : "no node can run it",
      booted(namespace),
      async () => {
        await client.apply(
          KINDS.namespaces,
          { metadata: { name: namespace, labels: { "app.kubernetes.io/managed-by": "virt-ipi" } } },
          options.signal,
        );
        await client.apply(KINDS.virtualMachines, virtualMachine(namespace, guest), options.signal);
      },
    );
    const noMachine = boot ? undefined : "the machine did not boot";
    await run.step("console", "the guest writes on its console", 5 * MINUTE * patience, noMachine, consoleLine(namespace, text));
    const noAgent = guest.console === undefined ? noMachine : "the guest is not said to have one";
    await run.step("guest-agent", "the guest agent answers", 5 * MINUTE * patience, noAgent, agentConnected(namespace));
    let before = "";
    await run.step(
      "restart",
      "the machine restarts",
      10 * MINUTE * patience,
      noMachine,
      restarted(namespace, text, () => before),
      async () => {
        const name = { namespace, name: VM };
        before = textAt(await client.read(KINDS.virtualMachineInstances, name, options.signal), "metadata", "uid");
        // As KubeVirt itself restarts a machine: the instance goes, and another one comes.
        await client.remove(KINDS.virtualMachineInstances, name, options.signal);
      },
    );
    const noStorage = options.noDisks ?? noMachine;
    const imported = await run.step(
      "import",
      "a disk is imported",
      15 * MINUTE,
      noStorage,
      volumeReady(namespace, IMPORTED),
      make(KINDS.dataVolumes, importedVolume(namespace, guest.image)),
    );
    await run.step(
      "clone",
      "a disk is cloned",
      15 * MINUTE,
      imported ? undefined : (noStorage ?? "there is no disk to clone"),
      volumeReady(namespace, CLONED),
      make(KINDS.dataVolumes, clonedVolume(namespace)),
    );
    const obstacle = noMachine ?? (await migrationObstacle(client, namespace, options.signal).catch(explainApiError));
    await run.step(
      "migration",
      "the machine moves to another node",
      10 * MINUTE * patience,
      obstacle,
      migrated(namespace),
      make(KINDS.migrations, migration(namespace)),
    );
  } finally {
    await run.cleanUp();
  }
  return run.steps;
}

const CLEAN_UP_MS = 3 * MINUTE;
const INTERVAL_MS = 2_000;

class SmokeRun {
  readonly steps: SmokeStep[] = [];
  readonly #client: KubeClient;
  readonly #options: SmokeOptions;

  constructor(client: KubeClient, options: SmokeOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** @returns true if it went well */
  async step(
    id: SmokeStep["id"],
    title: string,
    timeoutMs: number,
    obstacle: string | undefined,
    check: Check,
    make?: () => Promise<void>,
    signal: AbortSignal | undefined = this.#options.signal,
  ): Promise<boolean> {
    if (obstacle !== undefined) return this.#report({ id, title, outcome: "skipped", durationMs: 0, found: obstacle });
    const { clock, onWait } = this.#options;
    const began = clock.now().getTime();
    const end = (outcome: SmokeStep["outcome"], found: string): boolean =>
      this.#report({ id, title, outcome, durationMs: clock.now().getTime() - began, found });
    try {
      await make?.();
    } catch (error) {
      signal?.throwIfAborted();
      return end("failed", explainApiError(error));
    }
    const result = await poll<{ readonly value?: string; readonly failed?: string }>(
      async () => {
        try {
          const found = await check(this.#client, signal);
          if ("failed" in found) return { done: true, value: found };
          return found.done ? { done: true, value: { value: found.value } } : found;
        } catch (error) {
          signal?.throwIfAborted();
          return { done: false, reason: explainApiError(error) };
        }
      },
      { intervalMs: INTERVAL_MS, timeoutMs, signal, clock, onWait: (reason, elapsedMs) => onWait?.(id, reason, elapsedMs) },
    );
    if (result.outcome === "timeout") return end("failed", `not within ${Math.round(timeoutMs / 1_000)} s: ${result.lastReason}`);
    return result.value.failed === undefined ? end("ok", result.value.value ?? "") : end("failed", result.value.failed);
  }

  /** Also when the run was interrupted, so without its signal. */
  async cleanUp(): Promise<void> {
    const { namespace } = this.#options;
    await this.step(
      "clean-up",
      "everything of the test is removed",
      CLEAN_UP_MS,
      undefined,
      gone(namespace),
      // The machine first: its finalizer needs the operators, not the namespace's end.
      async () => {
        await this.#client.remove(KINDS.virtualMachines, { namespace, name: VM });
        await this.#client.remove(KINDS.namespaces, { name: namespace });
      },
      AbortSignal.timeout(CLEAN_UP_MS + MINUTE),
    );
  }

  #report(step: SmokeStep): boolean {
    this.steps.push(step);
    this.#options.onStep?.(step);
    return step.outcome === "ok";
  }
}
