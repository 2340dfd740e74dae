import { passphraseOf, prepareCluster, type PreparedCluster } from "../stack/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { Context, Options, World } from "./context.ts";

/** Makes or loads the cluster of the folder, as the options ask, and gives its secrets to the Redactor. @throws InstallerError of `prepareCluster` */
export async function prepare(
  { folder, clock, entropy, redactor, reporter, env, read }: World & Pick<Context, "read">,
  options: Options,
): Promise<PreparedCluster> {
  redactor.add(await passphraseOf(folder, env));
  const cluster = await prepareCluster({
    folder,
    env,
    clock,
    entropy,
    regenerate: options.regenerate,
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
    onSecret: (secret) => redactor.add(secret),
    onWarning: warnOnce({ reporter }),
    read,
  });
  for (const message of cluster.notes) reporter.emit({ type: "log", level: "info", message });
  return cluster;
}
