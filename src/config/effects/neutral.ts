import {
  byDistribution,
  effective,
  type EffectTable,
  everywhere,
  ignored,
  type KeyEffects,
  only,
  openshiftOnly,
  refused,
  type PlatformTraits,
} from "../fields/effect.ts";

const MACHINES = everywhere(effective("machines"));
const ON_HARDWARE = { have: ({ isHardware }: PlatformTraits) => isHardware === true, reason: "is for hardware with a management controller" };
const NO_CLOUD = "is for clouds, which no platform here is";
const RULED = { hasOwnRule: true } as const;
const HAS_MACHINE_SETS: Pick<KeyEffects, "platforms" | "hasOwnRule"> = {
  platforms: {
    have: ({ hasMachineSets }) => hasMachineSets === true,
    reason: "needs a platform whose machines virt-ipi's machine controller creates",
  },
  ...RULED,
};
const OF_MACHINE_SETS: KeyEffects = { ...byDistribution(effective("cluster"), refused("is for distribution kubernetes")), ...HAS_MACHINE_SETS };
const POD_NETWORK: KeyEffects = {
  ...byDistribution(only("is not the pod network of distribution kubernetes", "Bridge"), effective("cluster")),
  ...RULED,
};

/** What a key of a pool does, by the name of the pool. */
function poolEffects(path: string, name: string): EffectTable {
  const control = path === "controlPlane";
  return {
    [`${path}.name`]: { ...everywhere(only("names a pool that this version does not know", name)), ...RULED },
    [`${path}.platform`]: everywhere(effective("infrastructure")),
    [`${path}.hyperthreading`]: MACHINES,
    [`${path}.architecture`]: { ...byDistribution(only("is not that of the node image", "amd64"), effective("machines")), ...RULED },
    [`${path}.management`]: openshiftOnly("cluster"),
    [`${path}.diskSetup`]: {
      ...openshiftOnly("machines"),
      platforms: { have: ({ dataDisks }) => dataDisks !== undefined, reason: "needs a platform whose machines have data disks" },
    },
    [`${path}.fencing`]: control
      ? { ...openshiftOnly("cluster"), platforms: ON_HARDWARE }
      : { ...everywhere(refused("is only possible for the control plane")), ...RULED },
  };
}

/** What each key does that no platform brings. The validator and the reference read it; a key without an entry fails a test. */
export const NEUTRAL_EFFECTS: EffectTable = {
  apiVersion: everywhere(effective("installer")),
  kind: { ...everywhere(only("says what the file is", "InstallConfig")), ...RULED },
  metadata: MACHINES,
  "metadata.annotations": everywhere(ignored("is not used, as in OpenShift")),
  "metadata.labels": everywhere(ignored("is not used, as in OpenShift")),
  "metadata.namespace": everywhere(ignored("is not used, as in OpenShift")),
  "metadata.creationTimestamp": { ...everywhere(only("has no meaning in a file; OpenShift writes it empty", null)), ...RULED },
  baseDomain: MACHINES,
  distribution: MACHINES,
  release: openshiftOnly("machines"),
  platform: everywhere(effective("infrastructure")),
  controlPlane: everywhere(effective("infrastructure")),
  ...poolEffects("controlPlane", "master"),
  arbiter: { ...openshiftOnly("infrastructure"), platforms: ON_HARDWARE },
  compute: everywhere(effective("infrastructure")),
  ...poolEffects("compute[]", "worker"),
  networking: MACHINES,
  "networking.networkType": POD_NETWORK,
  "networking.type": POD_NETWORK,
  "networking.clusterNetworkMTU": { ...everywhere(refused("can be set on AWS only")), ...RULED },
  "networking.ovnKubernetesConfig": byDistribution(refused("is of OVNKubernetes, which distribution kubernetes does not have"), effective("cluster")),
  pullSecret: MACHINES,
  sshKey: MACHINES,
  additionalTrustBundle: MACHINES,
  additionalTrustBundlePolicy: MACHINES,
  proxy: MACHINES,
  additionalNTPServers: byDistribution(
    effective("machines"),
    refused("is for distribution kubernetes; give the machines a chrony.conf by a MachineConfig"),
  ),
  imageDigestSources: MACHINES,
  imageContentSources: MACHINES,
  publish: { ...everywhere(only(NO_CLOUD, "External")), ...RULED },
  operatorPublishingStrategy: { ...everywhere(refused(NO_CLOUD)), ...RULED },
  fips: openshiftOnly("machines", false),
  cpuPartitioningMode: openshiftOnly("cluster", "None"),
  credentialsMode: { ...everywhere(refused(NO_CLOUD)), ...RULED },
  bootstrapInPlace: openshiftOnly("machines"),
  capabilities: openshiftOnly("cluster"),
  featureSet: openshiftOnly("cluster", ""),
  featureGates: openshiftOnly("cluster"),
  osImageStream: openshiftOnly("machines"),
  pki: openshiftOnly("machines"),
  timeouts: everywhere(effective("installer")),
  virtualization: everywhere(effective("cluster")),
  "virtualization.users": {
    ...byDistribution(refused("is a feature of OpenShift and OKD: upstream Kubernetes has no OAuth server"), effective("cluster")),
    ...RULED,
  },
  "virtualization.pipelines.channel": pipelinesChannel(),
  "virtualization.pipelines.files": pipelinesFiles(),
  "virtualization.source": everywhere(effective("cluster")),
  "virtualization.manifests": { ...byDistribution(effective("cluster"), refused("can only be given with source Manifests")), ...RULED },
  machineManagement: {
    ...byDistribution(effective("cluster"), only("is what the distribution's own operators decide", "Static")),
    ...HAS_MACHINE_SETS,
  },
  "controlPlane.machineSet": {
    ...byDistribution(
      refused("needs a cluster that moves members of etcd from one machine to another, which distribution kubernetes does not"),
      effective("cluster"),
    ),
    platforms: {
      have: ({ hasControlPlaneMachineSet }) => hasControlPlaneMachineSet === true,
      reason: "needs a platform whose control-plane machines OpenShift replaces",
    },
  },
  "compute[].healthCheck": OF_MACHINE_SETS,
  "compute[].drainTimeout": OF_MACHINE_SETS,
  "compute[].autoscaling": OF_MACHINE_SETS,
};

/** OpenShift Pipelines are a product of OLM's catalog; elsewhere Tekton's own manifests are deployed. */
function pipelinesChannel(): KeyEffects {
  const elsewhere = refused("is of OpenShift Pipelines, which only openshift has");
  return { effects: { kubernetes: elsewhere, openshift: effective("cluster"), okd: elsewhere }, ...RULED };
}

function pipelinesFiles(): KeyEffects {
  const tekton = effective("cluster");
  return {
    effects: { kubernetes: tekton, openshift: refused("OLM deploys OpenShift Pipelines; only okd and kubernetes take manifests"), okd: tekton },
    ...RULED,
  };
}
