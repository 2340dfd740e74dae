import type { Distribution } from "./cluster-spec.ts";
import type { InstallConfig, Networks, Pool, RawNetworking, RawPool } from "./install-config.ts";
import { platformsOf } from "./platforms/registry.ts";
import type { RawInstallConfig } from "./schema/shape.ts";
import { filled, notEmpty } from "./optional.ts";

export const DEFAULT_TIMEOUTS = { infrastructure: "30m", bootstrap: "60m", install: "60m", operators: "45m" } as const;
const REPLICAS = 3;
const HOST_PREFIX = 23;

/** Fills in what the user left out. The same file always gets the same values. */
export function applyDefaults(raw: RawInstallConfig): InstallConfig {
  const distribution = raw.distribution ?? defaultDistribution(raw);
  const { arbiter, networking, controlPlane, compute, timeouts, ...rest } = raw;
  return {
    ...rest,
    distribution,
    additionalTrustBundlePolicy: raw.additionalTrustBundlePolicy ?? "Proxyonly",
    publish: raw.publish ?? "External",
    fips: raw.fips ?? false,
    featureSet: raw.featureSet ?? "",
    networking: defaultNetworks(networking ?? {}, raw, distribution),
    controlPlane: pool(controlPlane ?? {}, "master", REPLICAS),
    ...(arbiter === undefined ? {} : { arbiter: pool(arbiter, "arbiter", 0) }),
    compute: defaultCompute(compute ?? []),
    timeouts: {
      infrastructure: timeouts?.infrastructure ?? DEFAULT_TIMEOUTS.infrastructure,
      bootstrap: timeouts?.bootstrap ?? DEFAULT_TIMEOUTS.bootstrap,
      install: timeouts?.install ?? DEFAULT_TIMEOUTS.install,
      operators: timeouts?.operators ?? DEFAULT_TIMEOUTS.operators,
    },
  };
}

/** That of the platform where nothing points to OpenShift: no credentials for OpenShift's registries. */
function defaultDistribution(raw: RawInstallConfig): Distribution {
  const own = platformsOf(raw).flatMap(({ distributionWithoutPullSecret }) => distributionWithoutPullSecret ?? []);
  return (raw.pullSecret ?? "") === "" ? (own[0] ?? "openshift") : "openshift";
}

function pool(raw: RawPool, name: string, replicas: number): Pool {
  return {
    ...raw,
    name: notEmpty(raw.name) ?? name,
    replicas: raw.replicas ?? replicas,
    hyperthreading: raw.hyperthreading ?? "Enabled",
    architecture: raw.architecture ?? "amd64",
  };
}

/** There is always a `worker` pool; a pool without a name stays without, which the rules refuse. */
function defaultCompute(given: readonly RawPool[]): readonly Pool[] {
  const pools = given.map((one) => ({ ...pool(one, "", REPLICAS), name: one.name ?? "" }));
  return pools.some((one) => one.name === "worker") || pools.some((one) => one.name === "") ? pools : [...pools, pool({}, "worker", REPLICAS)];
}

function defaultNetworks(given: RawNetworking, raw: RawInstallConfig, distribution: Distribution): Networks {
  const own = platformsOf(raw).flatMap((platform) => platform.machineNetwork?.(raw) ?? []);
  return {
    ...given,
    networkType: notEmpty(given.networkType) ?? (distribution === "kubernetes" ? "Bridge" : "OVNKubernetes"),
    machineNetwork: filled(given.machineNetwork) ?? [{ cidr: own[0] ?? "10.0.0.0/16" }],
    serviceNetwork: filled(given.serviceNetwork) ?? ["172.30.0.0/16"],
    clusterNetwork: filled(given.clusterNetwork)?.map((entry) => ({
      ...entry,
      hostPrefix: entry.hostPrefix ?? (distribution === "kubernetes" ? defaultHostPrefix(entry.cidr) : 0),
    })) ?? [{ cidr: "10.128.0.0/14", hostPrefix: HOST_PREFIX }],
  };
}

/** OpenShift has a default only for the network that it chooses itself. */
const defaultHostPrefix = (cidr: string | undefined): number => (cidr?.includes(":") === true ? 64 : HOST_PREFIX);
