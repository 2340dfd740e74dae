import { destroyCluster, listOwned } from "../../installer/index.ts";
import { oneLine } from "../../util/index.ts";
import type { CommandModule } from "../command.ts";
import { installerOptions } from "../invocation.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const world = await invocation.world();
  if (invocation.options["dryRun"] !== true) {
    await destroyCluster(world, installerOptions(invocation));
    return undefined;
  }
  const { cluster, objects } = await listOwned(world);
  const lines =
    objects.length === 0
      ? [`Nothing of ${cluster.infraID} exists.`]
      : [
          `Would be removed of ${cluster.infraID}:`,
          ...objects.map(({ kind, name, id, problem }) => oneLine(`  ${kind.padEnd(12)} ${name}  ${problem ?? id}`)),
        ];
  world.reporter.emit({ type: "result", text: lines.join("\n"), data: { infraID: cluster.infraID, objects } });
  return undefined;
};
