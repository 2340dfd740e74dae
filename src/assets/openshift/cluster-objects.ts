import type { ClusterSpec } from "../../config/index.ts";
import type { Manifest } from "../manifests/index.ts";
import type { OpenShiftContext } from "./context.ts";
import { manifest, typed } from "./objects.ts";
import { computeReplicas } from "./topology.ts";

const CONFIG = "config.openshift.io/v1";

/** The DNS zone of the cluster; no zones of a cloud. */
export const dns = ({ spec, contract }: OpenShiftContext): Manifest =>
  manifest(
    "manifests/cluster-dns-02-config.yml",
    typed(contract, {
      apiVersion: CONFIG,
      kind: "DNS",
      metadata: { name: "cluster" },
      spec: { baseDomain: spec.clusterDomain, platform: { aws: null, type: "" } },
      status: {},
    }),
  );

export const ingress = ({ spec, contract, platform }: OpenShiftContext): Manifest =>
  manifest(
    "manifests/cluster-ingress-02-config.yml",
    typed(contract, {
      apiVersion: CONFIG,
      kind: "Ingress",
      metadata: { name: "cluster" },
      spec: { domain: `apps.${spec.clusterDomain}`, loadBalancer: { platform: { type: "" } } },
      status: {
        defaultPlacement: platform.ingressOnSingleNode === true && spec.pools.controlPlane.replicas === 1 ? "ControlPlane" : "Workers",
      },
    }),
  );

/** Without compute machines the control plane takes workloads: something must. */
export const scheduler = ({ spec, contract }: OpenShiftContext): Manifest =>
  manifest(
    "manifests/cluster-scheduler-02-config.yml",
    typed(contract, {
      apiVersion: CONFIG,
      kind: "Scheduler",
      metadata: { name: "cluster" },
      spec: { mastersSchedulable: computeReplicas(spec) === 0, policy: { name: "" }, profileCustomizations: { dynamicResourceAllocation: "" } },
      status: {},
    }),
  );

export const network = ({ spec, contract }: OpenShiftContext): Manifest =>
  manifest(
    "manifests/cluster-network-02-config.yml",
    typed(contract, {
      apiVersion: CONFIG,
      kind: "Network",
      metadata: { name: "cluster" },
      spec: {
        ...networks(spec),
        // No Service may take an address from outside, unless the cluster's owner allows it later.
        externalIP: { policy: {} },
        networkDiagnostics: {
          mode: "",
          sourcePlacement: { nodeSelector: null, tolerations: null },
          targetPlacement: { nodeSelector: null, tolerations: null },
        },
        networkType: spec.networking.networkType,
      },
      status: {},
    }),
  );

/** The network operator's own settings: only where the user has some. */
export function networkOperator({ spec, openshift, contract }: OpenShiftContext): readonly Manifest[] {
  const internalJoinSubnet = openshift.config.networking.ovnKubernetesConfig?.ipv4?.internalJoinSubnet;
  if (internalJoinSubnet === undefined) return [];
  return [
    manifest(
      "manifests/cluster-network-03-config.yml",
      typed(contract, {
        apiVersion: "operator.openshift.io/v1",
        kind: "Network",
        metadata: { name: "cluster" },
        spec: {
          ...networks(spec),
          defaultNetwork: { type: "OVNKubernetes", ovnKubernetesConfig: { egressIPConfig: {}, ipv4: { internalJoinSubnet } } },
          disableNetworkDiagnostics: false,
          managementState: "Managed",
          observedConfig: null,
          unsupportedConfigOverrides: null,
        },
        status: { readyReplicas: 0 },
      }),
    ),
  ];
}

const networks = ({ networking: { clusterNetwork, serviceNetwork } }: ClusterSpec) => ({
  clusterNetwork: clusterNetwork.map(({ cidr, hostPrefix }) => ({ cidr, ...(hostPrefix === 0 ? {} : { hostPrefix }) })),
  serviceNetwork,
});
