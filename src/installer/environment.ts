import { InstallerError } from "../errors/index.ts";
import { pulumiEnvironment, readCluster, stackOf } from "../stack/index.ts";
import type { World } from "./context.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Shell lines after which plain `pulumi` works on this cluster's state. Holds the name of the passphrase's file, never the passphrase. */
export async function environment(world: World): Promise<void> {
  const { folder, env, reporter } = world;
  const { spec } = await readCluster(folder);
  const record = await stackOf(folder, spec.name, env);
  if (record.stack === "") throw new InstallerError("USAGE", "PULUMI_STACK is empty");
  const variables = await pulumiEnvironment(folder, record, env);
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  reporter.emit({ type: "result", text: lines.join("\n"), data: variables });
}
