import type { Timeouts } from "../config/index.ts";
import type { Redactor, Reporter } from "../events/index.ts";
import type { Runner } from "../exec/index.ts";
import type { ClusterFolder, PreparedAssets, PreparedCluster, ReadCluster } from "../stack/index.ts";
import type { Clock, Entropy, Environment } from "../util/index.ts";
import type { ClusterUpdate } from "./cluster-update.ts";

/** The world as a command sees it. The cli makes the real one; tests make their own. */
export interface World {
  readonly folder: ClusterFolder;
  readonly reporter: Reporter;
  /** Called with each secret of the run. */
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly run: Runner;
  readonly env: Environment;
  /** Aborted with InstallerError INTERRUPTED. */
  readonly signal: AbortSignal;
  readonly version: string;
}

export interface Options {
  /** Ids of preflight checks to leave out. */
  readonly skip?: readonly string[];
  /** Milliseconds; they count instead of the install-config's. */
  readonly timeouts?: Partial<Timeouts>;
  readonly regenerate?: boolean;
  /** Assets of a machine that becomes a cluster by itself. */
  readonly inPlace?: boolean;
  /** Folder of the provider executable, for tests. */
  readonly pluginFolder?: string;
}

/** What the phases of one run share. Each phase finds what the ones before it made. */
export interface Context extends World {
  readonly options: Options;
  /** The install-config that `validate-config` read. */
  read?: ReadCluster;
  cluster?: PreparedCluster;
  /** What the assets were made from where no machines are. */
  assets?: PreparedAssets;
  /** URNs of the state at the start of the run. */
  existing?: readonly string[];
  update?: ClusterUpdate;
  /** Ends the machine controller that runs beside the installation, where the cluster creates machines itself. */
  stopMachineController?: () => Promise<void>;
}

/** The cluster that `prepare-assets` made. */
export function clusterOf(context: Context): PreparedCluster {
  if (context.cluster === undefined) throw new Error("prepare-assets comes before this phase");
  return context.cluster;
}
