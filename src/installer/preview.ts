import { planMachineSets } from "../config/index.ts";
import { bootstrapIsComplete, clusterProgram, imageOf, prepareCluster } from "../stack/index.ts";
import type { Options, World } from "./context.ts";
import { withClusterLock } from "./lock.ts";
import { knownOf } from "./known-cluster.ts";
import { openSignedIn } from "./open-driver.ts";
import { prepare } from "./prepare.ts";
import { refuseUninstallable } from "./refuse-uninstallable.ts";

const SILENT = new Set(["same", "read", "refresh"]);

export interface Changes {
  /** How many steps of each operation. */
  readonly changes: Readonly<Record<string, number>>;
  readonly steps: readonly { readonly operation: string; readonly kind: string; readonly name: string }[];
  /** Machines that are no steps: the cluster itself creates them, once it has these MachineSets. */
  readonly createdByCluster: readonly { readonly machineSet: string; readonly machines: number }[];
}

/** What `create cluster` would do now, step by step. Writes the assets; touches nothing outside the cluster folder. */
export async function preview(given: World, options: Options): Promise<Changes> {
  return await withClusterLock(given, "preview", async (world) => {
    const { folder, env, signal } = world;
    const cluster = await prepare(world, options, prepareCluster);
    refuseUninstallable(cluster.spec);
    const driver = await openSignedIn({ ...world, options }, knownOf(cluster));
    const image = await imageOf(cluster, { env, signal });
    const bootstrap = !(await bootstrapIsComplete(folder));
    const steps: Changes["steps"][number][] = [];
    await driver.preview(
      async () => ({ ...(await clusterProgram({ cluster, mode: "full", image, bootstrap, env, signal })) }),
      ({ operation, type, name, status, real }) => {
        if (status === "started" && real && !SILENT.has(operation)) steps.push({ operation, kind: type, name });
      },
    );
    const total = Map.groupBy(steps, ({ operation }) => operation);
    const isCreated = (name: string): boolean => steps.some((step) => step.operation === "create" && step.name === `MachineSet/${name}`);
    return {
      changes: Object.fromEntries([...total].map(([operation, each]) => [operation, each.length])),
      steps,
      createdByCluster: planMachineSets(cluster.spec, cluster.identity).flatMap(({ name, replicas }) =>
        isCreated(name) ? [{ machineSet: name, machines: replicas }] : [],
      ),
    };
  });
}
