import { InstallerError } from "../errors/index.ts";
import { foreignSettings, passphraseOf, pulumiEnvironment, readCluster, stackOf } from "../stack/index.ts";
import { PACKAGE_ROOT } from "../util/index.ts";
import { warnOnce } from "./config-warnings.ts";
import type { World } from "./context.ts";

/** The variables with which plain `pulumi` works on this cluster's state. Holds the name of the passphrase's file, never the passphrase. */
export async function environment(world: World): Promise<Readonly<Record<string, string>>> {
  const { folder, env, reporter } = world;
  const { spec } = await readCluster(folder, { env: world.env, onWarning: warnOnce(world) });
  const record = await stackOf(folder, spec.name, env);
  if (record.stack === "") throw new InstallerError("USAGE", "PULUMI_STACK is empty");
  const variables = await pulumiEnvironment(folder, record, env);
  const passphrase = (await passphraseOf(folder, { ...env, ...variables })) ?? "";
  const foreign = await foreignSettings(record.stack, passphrase, [folder.root, PACKAGE_ROOT]);
  if (foreign !== undefined)
    reporter.emit({
      type: "log",
      level: "warning",
      message: `${foreign} is of another cluster with this name: plain pulumi would find the passphrase wrong. Move it away, or set PULUMI_STACK to another name`,
    });
  return variables;
}
