import type { ClusterSpec, MachinePool } from "./cluster-spec.ts";
import { DEFAULT_TIMEOUTS } from "./defaults.ts";
import { parseDuration } from "../util/index.ts";
import { imageMirrors } from "./image-mirrors.ts";
import type { InstallConfig, Pool } from "./install-config.ts";
import { openshiftSpec } from "./openshift/to-openshift-spec.ts";
import { vipsOf, type PlatformConfig } from "./platforms/platform-config.ts";
import { platformsOf, renderedConfig } from "./platforms/registry.ts";
import { autoscalingOf } from "./machine-api/autoscaling.ts";
import { healthCheckOf } from "./machine-api/health-check.ts";
import { sshKeyLines } from "./rules/ssh-key.ts";
import { withShortNetworks } from "./short-networks.ts";
import { isTrustedByMachines } from "./trust-bundle.ts";
import { virtualizationSpec } from "./virtualization/spec.ts";
import { notEmpty, present } from "./optional.ts";

/** OpenShift's installer takes any name for these two pools, and gives them those of their roles. */
const withRoleNames = ({ controlPlane, arbiter, ...rest }: InstallConfig): InstallConfig => ({
  ...rest,
  controlPlane: { ...controlPlane, name: "master" },
  ...(arbiter === undefined ? {} : { arbiter: { ...arbiter, name: "arbiter" } }),
});

/** The contract with the rest of the program. Only for a config that fulfils all rules. */
export function toClusterSpec(given: InstallConfig): ClusterSpec | undefined {
  const config = withShortNetworks(withRoleNames(given));
  const [platform] = platformsOf(config);
  if (platform === undefined) return undefined;
  const name = config.metadata?.name ?? "";
  const baseDomain = (config.baseDomain ?? "").replace(/\.$/, "");
  const vips = platform.vips?.(config);
  const virtualization = virtualizationSpec(config);
  const mirrors = imageMirrors(config);
  const rendered = renderedConfig(config, platform);
  const { additionalNTPServers: ntpServers = [] } = config;
  return {
    name,
    baseDomain,
    clusterDomain: `${name}.${baseDomain}`,
    distribution: config.distribution,
    networking: {
      networkType: config.networking.networkType,
      machineNetwork: config.networking.machineNetwork.flatMap(({ cidr }) => cidr ?? []),
      clusterNetwork: config.networking.clusterNetwork.flatMap(({ cidr, hostPrefix }) =>
        cidr === undefined ? [] : [{ cidr, hostPrefix: hostPrefix ?? 0 }],
      ),
      serviceNetwork: config.networking.serviceNetwork,
    },
    vips: vipsOf(vips),
    loadBalancer: vips?.loadBalancer?.type ?? "OpenShiftManagedDefault",
    pools: {
      controlPlane: machinePool(config, platform, config.controlPlane, "control-plane"),
      compute: config.compute.map((pool) => machinePool(config, platform, pool, "compute")),
    },
    hosts: platform.staticHosts?.(config) ?? [],
    sshKeys: sshKeyLines(config.sshKey ?? ""),
    ...present("pullSecret", notEmpty(config.pullSecret)),
    ...present("additionalTrustBundle", notEmpty(config.additionalTrustBundle)),
    ...(isTrustedByMachines(config) ? present("machineTrustBundle", notEmpty(config.additionalTrustBundle)) : {}),
    ...(config.proxy === undefined
      ? {}
      : {
          proxy: {
            ...present("httpProxy", notEmpty(config.proxy.httpProxy)),
            ...present("httpsProxy", notEmpty(config.proxy.httpsProxy)),
            ...present("noProxy", notEmpty(config.proxy.noProxy)),
          },
        }),
    ...(ntpServers.length === 0 ? {} : { ntpServers }),
    ...(mirrors.length === 0 ? {} : { imageMirrors: mirrors }),
    platform: platform.platformSpec(config),
    timeouts: {
      infrastructure: milliseconds(config.timeouts.infrastructure, DEFAULT_TIMEOUTS.infrastructure),
      bootstrap: milliseconds(config.timeouts.bootstrap, DEFAULT_TIMEOUTS.bootstrap),
      install: milliseconds(config.timeouts.install, DEFAULT_TIMEOUTS.install),
      operators: milliseconds(config.timeouts.operators, DEFAULT_TIMEOUTS.operators),
    },
    ...(config.distribution === "kubernetes" ? {} : { openshift: { ...openshiftSpec(rendered.config), ...present("platform", rendered.platform) } }),
    ...(config.machineManagement === "MachineSets" ? { machineManagement: "MachineSets" as const } : {}),
    ...(virtualization === undefined ? {} : { virtualization }),
  };
}

function machinePool(config: InstallConfig, platform: PlatformConfig, pool: Pool, role: MachinePool["role"]): MachinePool {
  const threads = pool.hyperthreading === "Disabled" ? ({ hyperthreadingDisabled: true } as const) : {};
  return {
    name: pool.name,
    role,
    replicas: pool.replicas,
    ...threads,
    ...present("healthCheck", healthCheckOf(pool)),
    ...present("drainTimeout", pool.drainTimeout),
    ...present("autoscaling", autoscalingOf(pool)),
    ...platform.poolSize(config, pool),
  };
}

const milliseconds = (text: string, fallback: string): number => parseDuration(text) ?? parseDuration(fallback) ?? 0;
