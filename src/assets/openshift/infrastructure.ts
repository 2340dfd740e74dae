import type { Manifest } from "../manifests/index.ts";
import { API_PORT } from "../kubeconfig.ts";
import { CLOUD_CONFIG, CLOUD_CONFIG_KEY } from "./cloud-provider-config.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";
import { topologyOf } from "./topology.ts";

/** What the cluster runs on: names of the API, how many machines, and what the platform has of its own. */
export function infrastructure(context: OpenShiftContext): Manifest {
  const { spec, identity, openshift, contract, platform } = context;
  const topology = topologyOf(spec, openshift.config.arbiter?.replicas ?? 0);
  const { type } = platform;
  return manifest(
    "manifests/cluster-infrastructure-02-config.yml",
    typed(contract, {
      apiVersion: "config.openshift.io/v1",
      kind: "Infrastructure",
      metadata: { name: "cluster" },
      spec: {
        cloudConfig: platform.cloudConfig === undefined ? { name: "" } : { key: CLOUD_CONFIG_KEY, name: CLOUD_CONFIG },
        platformSpec: { type, ...platform.platformSpec?.(context) },
      },
      status: {
        apiServerInternalURI: `https://api-int.${spec.clusterDomain}:${API_PORT}`,
        apiServerURL: `https://api.${spec.clusterDomain}:${API_PORT}`,
        controlPlaneTopology: topology.controlPlane,
        cpuPartitioning: openshift.config.cpuPartitioningMode ?? "None",
        etcdDiscoveryDomain: "",
        infrastructureName: identity.infraID,
        infrastructureTopology: topology.infrastructure,
        platform: type,
        platformStatus: { type, ...platform.platformStatus?.(context) },
      },
    }),
  );
}
