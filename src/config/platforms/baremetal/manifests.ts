import { fileNumber, machineLabels, machineObject, MACHINE_API_NAMESPACE, machineSetObject } from "../../openshift/machine-objects.ts";
import type { Contract } from "../../openshift/contract.ts";
import type { Pool } from "../../install-config.ts";
import type { PlatformAssetInput, PlatformManifest } from "../openshift-platform.ts";
import { hostManifests } from "./hosts.ts";
import type { BaremetalPlatformSpec } from "./spec.ts";

const FOLDER = "openshift/99_openshift-cluster-api_";

/** What the cluster's operators provision hosts with, and, where they manage machines, the hosts and Machines themselves. */
export function baremetalManifests(input: PlatformAssetInput): readonly PlatformManifest[] {
  const { machineAPI } = input.spec.platform as BaremetalPlatformSpec;
  return [provisioning(input), ...bmcCertificates(input), ...(machineAPI ? machineManifests(input) : [])];
}

/** How hosts are provisioned. Source: metal3.io/v1alpha1 Provisioning of openshift/cluster-baremetal-operator. */
function provisioning({ spec, contract }: PlatformAssetInput): PlatformManifest {
  const { settings } = spec.platform as BaremetalPlatformSpec;
  return {
    path: "openshift/99_baremetal-provisioning-config.yaml",
    isText: true,
    object: {
      apiVersion: "metal3.io/v1alpha1",
      kind: "Provisioning",
      metadata: { name: "provisioning-configuration" },
      spec: {
        provisioningInterface: settings.provisioningNetworkInterface ?? "",
        provisioningIP: settings.clusterProvisioningIP ?? "",
        provisioningNetworkCIDR: settings.provisioningNetworkCIDR ?? "",
        provisioningNetwork: settings.provisioningNetwork ?? "",
        provisioningDHCPRange: settings.provisioningDHCPRange ?? "",
        ...(contract.metal.gateway ? { provisioningNetworkGateway: settings.provisioningNetworkGateway ?? "" } : {}),
        // Empty: the image that the release brings.
        provisioningOSDownloadURL: settings.clusterOSImage ?? "",
        additionalNTPServers: settings.additionalNTPServers ?? [],
        watchAllNamespaces: false,
      },
    },
  };
}

/** Certificates that those of management controllers are checked with. */
function bmcCertificates({ spec }: PlatformAssetInput): readonly PlatformManifest[] {
  const { bmcVerifyCA = "" } = (spec.platform as BaremetalPlatformSpec).settings;
  if (bmcVerifyCA === "") return [];
  return [
    {
      path: "manifests/bmc-verify-ca-configmap.yaml",
      object: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "bmc-verify-ca", namespace: MACHINE_API_NAMESPACE },
        data: { "verify_ca.crt": bmcVerifyCA },
      },
    },
  ];
}

function machineManifests(input: PlatformAssetInput): readonly PlatformManifest[] {
  const { controlPlane, arbiter, compute } = input.openshift.config;
  return [
    ...hostManifests(input, "others"),
    ...machines(input, controlPlane),
    ...(arbiter === undefined ? [] : [...hostManifests(input, "arbiters"), ...machines(input, arbiter)]),
    ...compute.map((pool, index) => ({
      path: `${FOLDER}worker-machineset-${fileNumber(index, compute.length)}.yaml`,
      object: machineSetObject(input, pool.name, 0, pool.replicas, providerSpec(input, pool.name), machineLabels(input.identity.infraID, pool.name)),
    })),
  ];
}

const machines = (input: PlatformAssetInput, { name, replicas }: Pool): readonly PlatformManifest[] =>
  Array.from({ length: replicas }, (_, index) => ({
    path: `${FOLDER}${name}-machines-${fileNumber(index, replicas)}.yaml`,
    object: machineObject(input, name, index, providerSpec(input, name)),
  }));

const STREAM = "coreos.openshift.io/stream";

/** Hosts of another stream have its label; those that somebody adds later may have none. */
function hostSelector(stream: string | undefined, { metal, osImageStreams }: Contract): object {
  if (!metal.hostsWithoutStream) return { matchLabels: { [STREAM]: stream } };
  const others = osImageStreams.filter((each) => each !== stream);
  return others.length > 0 ? { matchExpressions: [{ key: STREAM, operator: "notin", values: others }] } : {};
}

/** Which hosts a machine may become, and how. Source: openshift/cluster-api-provider-baremetal, v1alpha1, by description. */
function providerSpec({ openshift, contract }: PlatformAssetInput, pool: string): object {
  return {
    apiVersion: "baremetal.cluster.k8s.io/v1alpha1",
    kind: "BareMetalMachineProviderSpec",
    customDeploy: { method: "install_coreos" },
    hostSelector: contract.metal.streams ? hostSelector(openshift.config.osImageStream, contract) : {},
    image: { checksum: "", url: "" },
    userData: { name: `${pool}-user-data-managed` },
  };
}
