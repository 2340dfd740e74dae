import { CLUSTER_RESOURCES } from "../cluster/resources/index.ts";
import { MACHINE_RESOURCES } from "../machines/resources/index.ts";
import { PLATFORMS, type PlatformResources } from "../providers/index.ts";
import type { AnyResource, ConfigFailure, Properties } from "../pulumi/index.ts";
import { VIRTUALIZATION_RESOURCES } from "../virtualization/resources/index.ts";
import type { Environment } from "../util/index.ts";

const PARTS: readonly PlatformResources[] = [
  ...(await Promise.all([...PLATFORMS.values()].map(async ({ resources }) => (await resources?.()) ?? { resources: {} }))),
  { resources: CLUSTER_RESOURCES },
  { resources: MACHINE_RESOURCES },
  { resources: VIRTUALIZATION_RESOURCES },
];

/** Everything that our plugin can make, by type token. A new capability is one line above. */
export const RESOURCES: ReadonlyMap<string, AnyResource> = new Map(PARTS.flatMap(({ resources }) => Object.entries(resources)));

/** What is wrong with the settings of an instance of our provider, whatever it is for. */
export const checkConfig = (config: Properties, env: Environment): readonly ConfigFailure[] =>
  PARTS.flatMap((part) => part.checkConfig?.(config, env) ?? []);
