import { InstallerError } from "../errors/index.ts";
import type { StackDriver, Step, UpdateResult } from "../stack/index.ts";

/** The points of one Pulumi update that phases end at, in their order. */
export type Milestone = "infrastructure" | "bootstrap" | "install" | "operators";

const BOOTSTRAP = "virt-ipi:cluster:BootstrapComplete";
const INSTALL = "virt-ipi:cluster:InstallComplete";

/**
 * One Pulumi update that several phases follow: it runs from start to end, and each phase waits for its milestone. The machines
 * are there when the wait for bootstrapping begins; that is over when its resource is done, and so is the installation; what is deployed
 * into the cluster ends with the update.
 */
export class ClusterUpdate {
  /** Whether this update has the bootstrap machine in its program. */
  readonly bootstrap: boolean;
  readonly #result: Promise<UpdateResult>;
  readonly #reached: Readonly<Record<Exclude<Milestone, "operators">, PromiseWithResolvers<void>>> = {
    infrastructure: Promise.withResolvers(),
    bootstrap: Promise.withResolvers(),
    install: Promise.withResolvers(),
  };
  readonly #limit: AbortController;

  /** @param limit aborts the update when a milestone is out of time */
  constructor(driver: Pick<StackDriver, "up">, program: () => Promise<Record<string, unknown>>, bootstrap: boolean, limit: AbortController) {
    this.bootstrap = bootstrap;
    this.#limit = limit;
    this.#result = driver.up(program, (step) => this.#onStep(step));
    this.#result.then(
      () => this.#all((milestone) => milestone.resolve()),
      (error: unknown) => this.#all((milestone) => milestone.reject(error)),
    );
    // Each failure is reported by the phase that waits for it; the milestones behind it are never looked at.
    this.#all(({ promise }) => void promise.catch(() => undefined));
  }

  /** Resolves when the milestone is reached. @throws InstallerError of the update, RESOURCE_TIMEOUT */
  async reach(milestone: Exclude<Milestone, "operators">, timeoutMs?: number): Promise<void> {
    const { promise } = this.#reached[milestone];
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(
            () =>
              this.#limit.abort(new InstallerError("RESOURCE_TIMEOUT", `the ${milestone} was not there within ${Math.round(timeoutMs / 1_000)} s`)),
            timeoutMs,
          );
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The whole update's end. */
  result(): Promise<UpdateResult> {
    return this.#result;
  }

  #onStep({ type, status }: Step): void {
    if (status === "failed") return;
    if (type === BOOTSTRAP || type === INSTALL) this.#reached.infrastructure.resolve();
    if ((type === BOOTSTRAP && status === "done") || type === INSTALL) this.#reached.bootstrap.resolve();
    if (type === INSTALL && status === "done") this.#reached.install.resolve();
  }

  #all(act: (milestone: PromiseWithResolvers<void>) => void): void {
    for (const milestone of Object.values(this.#reached)) act(milestone);
  }
}
