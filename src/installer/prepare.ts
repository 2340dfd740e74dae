import { passphraseOf, type PreparedAssets, type PrepareOptions } from "../stack/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Context, Options, World } from "./context.ts";

/**
 * Makes or loads the cluster of the folder, as the options ask, and gives its secrets to the Redactor.
 * @param make `prepareCluster`, or `prepareAssets` where the machines are the user's
 * @throws InstallerError of `make`, the signal's reason
 */
export async function prepare<T extends PreparedAssets>(
  { folder, clock, entropy, redactor, reporter, env, signal, read }: World & Pick<Context, "read">,
  options: Options,
  make: (options: PrepareOptions) => Promise<T>,
): Promise<T> {
  redactor.add(await passphraseOf(folder, env));
  const cluster = await make({
    folder,
    env,
    clock,
    entropy,
    signal,
    regenerate: options.regenerate,
    inPlace: options.inPlace,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    onSecret: (secret) => redactor.add(secret),
    onWarning: warnOnce({ reporter }),
    read,
  });
  for (const message of cluster.notes) reporter.emit({ type: "log", level: "info", message });
  return cluster;
}
