import { clusterFolder, openStack } from "../../src/stack/index.ts";
import { systemClock } from "../../src/util/index.ts";
import { TEST_PLUGIN, Thing } from "./stack-bench.ts";

/** A run to be killed: makes a quick thing and a slow one. Arguments: cluster folder, folder of the things, milliseconds. */
const [root = "", things = "", milliseconds = "0"] = process.argv.slice(2);
const driver = await openStack({
  folder: clusterFolder(root),
  clusterName: "test",
  reporter: { emit: () => undefined },
  clock: systemClock,
  signal: new AbortController().signal,
  env: process.env,
  pluginFolder: TEST_PLUGIN,
});
await driver.up(() => {
  const quick = new Thing({ name: "quick", folder: things });
  new Thing({ name: "slow", folder: things, milliseconds: Number(milliseconds) }, { dependsOn: [quick] });
  return Promise.resolve({});
});
