import { InstallerError } from "../../src/errors/index.ts";
import { openTransport } from "../../src/kube/client.ts";
import { progressOf, type LogSink } from "../../src/pulumi/resource/progress.ts";
import type { Clock } from "../../src/util/index.ts";
import type { Along } from "./apply.ts";
import { Cluster, type Limits } from "./cluster.ts";
import type { Settings } from "./settings.ts";

const CONNECTIONS = 16;

/** One configured instance of the provider: its settings, its cluster, and whom it tells. */
export class Session {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly #limits: Limits;
  readonly #cancelled: AbortSignal;
  readonly #sink: LogSink;
  #cluster: Promise<Cluster> | undefined;

  constructor(
    settings: Settings,
    options: { readonly clock: Clock; readonly limits: Limits; readonly cancelled: AbortSignal; readonly sink: LogSink },
  ) {
    this.settings = settings;
    this.clock = options.clock;
    this.#limits = options.limits;
    this.#cancelled = options.cancelled;
    this.#sink = options.sink;
  }

  /** Connects when it is first needed. @throws InstallerError KUBECONFIG_INVALID */
  cluster(): Promise<Cluster> {
    this.#cluster ??= openTransport({
      kubeconfig: this.settings.kubeconfig,
      context: this.settings.context,
      connections: CONNECTIONS,
    }).then(({ transport, server }) => new Cluster(transport, server.origin, this.clock, this.#limits));
    return this.#cluster;
  }

  /** What goes with the requests of one operation. A preview asks once, and takes no answer for one. */
  along(urn: string, preview: boolean): Along {
    const progress = progressOf(urn, this.#sink, this.clock);
    const warned = new Set<string>();
    return {
      signal: this.#cancelled,
      patient: !preview,
      onWait: (reason) => progress.status(reason),
      onWarning: (warning) => {
        // Each request of an update may bring the same one; a preview's update follows at once and says it itself.
        if (!preview && !warned.has(warning)) progress.warn(warning);
        warned.add(warning);
      },
    };
  }

  warn(urn: string, message: string): void {
    this.#sink(urn, "warning", message, false);
  }

  async close(): Promise<void> {
    (await this.#cluster?.catch(() => undefined))?.close();
  }
}

export const notConfigured = (): InstallerError => new InstallerError("INTERNAL", "the provider was asked before it was configured");
