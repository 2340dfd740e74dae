import { CA, ED25519, PULL_SECRET, type Tree } from "./verdicts/support.ts";

/**
 * Valid files for distribution kubernetes, that hold together every key that has an effect there, with another value than the default. Where a
 * key only counts without another one, it has a file of its own.
 */
const SHA = "ab".repeat(32);
const size = (cpus: number, more: object = {}): Tree => ({ cpus, memoryMB: cpus * 2048, osDisk: { diskSizeGB: 10 * cpus }, ...more });
const base = (platform: Tree, change: Tree = {}): Tree => ({
  apiVersion: "v1",
  baseDomain: "example.com",
  metadata: { name: "full" },
  distribution: "kubernetes",
  controlPlane: { name: "master", replicas: 1 },
  compute: [{ name: "worker", replicas: 2 }],
  pullSecret: PULL_SECRET,
  platform,
  ...change,
});
const device = (number: number): Tree => ({
  ipAddrs: [`10.20.0.${number}/24`],
  gateway: "10.20.0.1",
  nameservers: ["10.20.0.2"],
});
const MACHINES_4 = { networking: { machineNetwork: [{ cidr: "10.20.0.0/24" }] } };
const BRIDGE = { network: { bridge: "br0" }, apiVIPs: ["10.20.0.5"], ingressVIPs: ["10.20.0.6"] };

export const KVM: Tree = base(
  {
    kvm: {
      uri: "qemu+ssh://me@host/system",
      storagePool: { name: "pool" },
      ...BRIDGE,
      clusterOSImage: "/srv/image.qcow2",
      allowRestart: true,
      bootstrap: size(3),
      hosts: [
        { role: "control-plane", macAddress: "52:54:00:20:00:10", networkDevice: device(10) },
        { role: "compute", macAddress: "52:54:00:20:00:20", networkDevice: device(20) },
      ],
    },
  },
  {
    controlPlane: { name: "master", replicas: 1, hyperthreading: "Disabled", platform: { kvm: size(4) } },
    compute: [{ name: "worker", replicas: 1, hyperthreading: "Disabled", platform: { kvm: size(5) } }],
    networking: {
      machineNetwork: [{ cidr: "10.20.0.0/24" }],
      clusterNetwork: [{ cidr: "10.132.0.0/14", hostPrefix: 24 }],
      serviceNetwork: ["172.31.0.0/16"],
    },
    sshKey: ED25519,
    proxy: { httpProxy: "http://proxy.example.com", httpsProxy: "https://proxy.example.com", noProxy: "example.org" },
    additionalNTPServers: ["10.20.0.1"],
    imageDigestSources: [{ source: "quay.io", mirrors: ["mirror.example.com/quay"], sourcePolicy: "NeverContactSource" }],
    timeouts: { infrastructure: "31m", bootstrap: "61m", install: "62m", operators: "46m" },
  },
);

const OTHERS: readonly Tree[] = [
  base(
    { kvm: { storagePool: { path: "/srv/pool" }, defaultMachinePlatform: size(3) } },
    {
      networking: { machineCIDR: "10.21.0.0/24", serviceCIDR: "172.31.0.0/16", clusterNetworks: [{ cidr: "10.132.0.0/14", hostPrefix: 24 }] },
      additionalTrustBundle: CA,
      additionalTrustBundlePolicy: "Always",
      imageContentSources: [{ source: "quay.io/a", mirrors: ["mirror.example.com/a"] }],
    },
  ),
  base({ kvm: { ...BRIDGE, loadBalancer: { type: "UserManaged" } } }, MACHINES_4),
  base({ kvm: {} }, { networking: { clusterNetwork: [{ cidr: "10.132.0.0/14", hostSubnetLength: 7 }] } }),
  base({ kvm: {} }, { networking: { clusterNetworks: [{ cidr: "10.132.0.0/14", hostSubnetLength: 7 }] } }),
];

const topology = (change: Tree): Tree => ({
  datacenter: "dc",
  computeCluster: "/dc/host/c",
  networks: ["VM Network"],
  datastore: "/dc/datastore/d",
  ...change,
});
const vcenters = [{ server: "vc.example.com", port: 8443, user: "admin", password: "s3cret", datacenters: ["dc"] }];
const domain = (name: string, change: Tree, more: Tree = {}): Tree => ({
  name,
  region: "r",
  zone: `z-${name}`,
  server: "vc.example.com",
  topology: topology(change),
  ...more,
});
const VIPS = { apiVIPs: ["10.20.0.5"], ingressVIPs: ["10.20.0.6"] };
const dataDisks = [{ name: "data", sizeGiB: 10, provisioningMode: "Thick" }];

export const VSPHERE: readonly Tree[] = [
  base(
    {
      vsphere: {
        vcenters,
        failureDomains: [
          domain(
            "one",
            {
              resourcePool: "/dc/host/c/Resources/p",
              folder: "/dc/vm/f",
              tagIDs: ["urn:vmomi:InventoryServiceTag:5736bf56-49f5-4667-b38c-b97e09dc9578:GLOBAL"],
              hostGroup: "rack",
            },
            { regionType: "ComputeCluster", zoneType: "HostGroup" },
          ),
          domain("two", { computeCluster: "/dc/host/d", datastore: "/dc/datastore/e" }),
        ],
        ...VIPS,
        clusterOSImage: "/srv/image.ova",
        diskType: "thin",
        hosts: [
          { role: "bootstrap", failureDomain: "one", networkDevice: device(9) },
          { role: "control-plane", networkDevice: device(10) },
          { role: "compute", networkDevice: device(20) },
        ],
      },
    },
    {
      controlPlane: {
        name: "master",
        replicas: 1,
        platform: { vsphere: size(6, { coresPerSocket: 2, dataDisks, zones: ["two"] }) },
      },
      compute: [{ name: "worker", replicas: 1, platform: { vsphere: size(8, { coresPerSocket: 2, dataDisks, zones: ["two"] }) } }],
      ...MACHINES_4,
    },
  ),
  base(
    {
      vsphere: {
        vcenters,
        failureDomains: [domain("one", { template: "/dc/vm/t" }), domain("two", { template: "/dc/vm/t", computeCluster: "/dc/host/d" })],
        ...VIPS,
        loadBalancer: { type: "UserManaged" },
        defaultMachinePlatform: size(6, { coresPerSocket: 2, dataDisks, zones: ["two"] }),
      },
    },
    MACHINES_4,
  ),
  base(
    {
      vsphere: {
        vCenter: "vc.example.com",
        username: "admin",
        password: "s3cret",
        datacenter: "dc",
        defaultDatastore: "ds",
        cluster: "c",
        resourcePool: "/dc/host/c/Resources/p",
        folder: "/dc/vm/f",
        network: "VM Network",
        apiVIP: "10.20.0.5",
        ingressVIP: "10.20.0.6",
      },
    },
    MACHINES_4,
  ),
];

const component = (spec: object = { a: 1 }): Tree => ({
  version: "1.8.4",
  files: [{ location: "https://github.com/kubevirt/kubevirt/releases/download/v1.8.4/all.yaml", sha256: SHA }],
  spec,
});
const storage = {
  hostPathProvisioner: {
    pools: [{ name: "a", path: "/var/a", storageClass: "slow", pvcTemplate: { a: 1 } }],
    nodeSelector: { a: "b" },
  },
  storageProfiles: [
    {
      name: "slow",
      claimPropertySets: [{ accessModes: ["ReadWriteOnce"], volumeMode: "Block" }],
      cloneStrategy: "csi-clone",
      snapshotClass: "snap",
      dataImportCronSourceFormat: "snapshot",
    },
  ],
};

const SELECTOR = { matchLabels: { a: "b" }, matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] };
const NODE_PLACEMENT = {
  nodeSelector: { a: "b" },
  affinity: { podAntiAffinity: {} },
  tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoExecute", tolerationSeconds: 60 }],
};

const VIRTUALIZATION: readonly Tree[] = [
  {
    source: "Manifests",
    manifests: {
      mirror: "https://mirror.example.com",
      kubevirt: component(),
      cdi: component(),
      networkAddons: component(),
      hostPathProvisioner: component(),
    },
    emulation: "On",
    uninstallStrategy: "RemoveWorkloads",
    storage,
    liveMigration: {
      parallelMigrationsPerCluster: 3,
      parallelOutboundMigrationsPerNode: 3,
      bandwidthPerMigration: "64Mi",
      completionTimeoutPerGiB: 99,
      progressTimeout: 99,
      allowAutoConverge: true,
      allowPostCopy: true,
      network: "a/b",
    },
    pipelines: { files: [{ location: "/srv/tekton.yaml", sha256: SHA }] },
  },
  {
    source: "OLM",
    channel: "candidate",
    startingCSV: "kubevirt-hyperconverged-operator.v1.18.1",
    approval: "Automatic",
    catalogSource: { name: "own", namespace: "catalogs", image: "registry.example.com/index:1" },
    namespace: "virt",
    hyperConverged: {
      infra: { nodePlacement: NODE_PLACEMENT },
      workloads: { nodePlacement: NODE_PLACEMENT },
      featureGates: { videoConfig: false },
      evictionStrategy: "None",
      workloadUpdateStrategy: { workloadUpdateMethods: ["Evict"], batchEvictionSize: 3, batchEvictionInterval: "2m" },
      certConfig: { ca: { duration: "96h", renewBefore: "12h" }, server: { duration: "48h", renewBefore: "6h" } },
      resourceRequirements: {
        vmiCPUAllocationRatio: 5,
        storageWorkloads: { limits: { cpu: "1" } },
        autoCPULimitNamespaceLabelSelector: SELECTOR,
      },
      virtualMachineOptions: { disableFreePageReporting: true, disableSerialConsoleLog: true },
      higherWorkloadDensity: { memoryOvercommitPercentage: 120 },
      deployVmConsoleProxy: true,
      defaultCPUModel: "Haswell",
      permittedHostDevices: {
        pciHostDevices: [{ pciDeviceSelector: "10DE:1DB6", resourceName: "nvidia.com/V100", externalResourceProvider: true, disabled: true }],
        usbHostDevices: [
          { selectors: [{ vendor: "46f4", product: "0001" }], resourceName: "kubevirt.io/usb", externalResourceProvider: true, disabled: true },
        ],
        mediatedDevices: [{ mdevNameSelector: "GRID T4-1Q", resourceName: "nvidia.com/T4", externalResourceProvider: true, disabled: true }],
      },
      scratchSpaceStorageClass: "a",
      vmStateStorageClass: "b",
      commonTemplatesNamespace: "c",
      commonBootImageNamespace: "d",
      dataImportCronTemplates: [{ metadata: { name: "own" }, spec: { schedule: "0 0 * * *" } }],
      kubeMacPoolConfiguration: { rangeStart: "02:00:00:00:00:00", rangeEnd: "02:00:00:00:00:ff" },
      logVerbosityConfig: {
        kubevirt: {
          virtAPI: 3,
          virtController: 3,
          virtHandler: 3,
          virtLauncher: 3,
          virtOperator: 3,
          virtSynchronizationController: 3,
          nodeVerbosity: { "worker-0": 5 },
        },
        cdi: 3,
      },
      tlsSecurityProfile: {
        type: "Custom",
        old: {},
        intermediate: {},
        modern: {},
        custom: { ciphers: ["ECDHE-RSA-AES128-GCM-SHA256"], minTLSVersion: "VersionTLS12" },
      },
      tuningPolicy: "highBurst",
      mediatedDevicesConfiguration: {
        mediatedDeviceTypes: ["nvidia-231"],
        nodeMediatedDeviceTypes: [{ nodeSelector: { gpu: "t4" }, mediatedDeviceTypes: ["nvidia-232"] }],
      },
      obsoleteCPUs: { cpuModels: ["486"] },
      defaultRuntimeClass: "kata",
      hypervisors: [{ name: "kvm" }],
      ksmConfiguration: { nodeLabelSelector: SELECTOR },
      storageImport: { insecureRegistries: ["registry.example.com:5000"] },
      filesystemOverhead: { global: "0.1", storageClass: { fast: "0.2" } },
      vddkInitImage: "registry.example.com/vddk:8",
      localStorageClassName: "local",
      kubeSecondaryDNSNameServerIP: "10.0.0.53",
      networkBinding: { passt: { sidecarImage: "registry.example.com/passt:1" } },
      applicationAwareConfig: {
        vmiCalcConfigName: "VmiPodUsage",
        namespaceSelector: SELECTOR,
        allowApplicationAwareClusterResourceQuota: true,
      },
      enableApplicationAwareQuota: true,
      instancetypeConfig: { referencePolicy: "expand" },
      CommonInstancetypesDeployment: { enabled: false },
      liveUpdateConfiguration: { maxHotplugRatio: 2, maxCpuSockets: 8, maxGuest: "8Gi" },
      changedBlockTrackingLabelSelectors: { namespaceLabelSelector: SELECTOR, virtualMachineLabelSelector: SELECTOR },
      roleAggregationStrategy: "Manual",
    },
    storage: { storageClass: "fast" },
    bootSources: { enabled: false },
    pipelines: { enabled: false },
  },
  { source: "OLM", catalogSource: { address: "10.0.0.9:50051" }, storage: { storageClass: "fast" } },
  { enabled: false },
];

const MACHINE_SETS: Tree = {
  machineManagement: "MachineSets",
  compute: [
    {
      name: "worker",
      replicas: 2,
      healthCheck: { nodeStartupTimeout: "30m", unhealthyTimeout: "10m", maxUnhealthy: "1" },
      drainTimeout: "30m",
      autoscaling: { minReplicas: 1, maxReplicas: 4 },
    },
  ],
};

/** By the platform that they are on. */
export const FULL_CONFIGS: Readonly<Record<string, readonly Tree[]>> = {
  kvm: [
    KVM,
    ...OTHERS,
    base({ kvm: { ...BRIDGE, storagePool: { name: "pool" }, machineHosts: ["qemu+ssh://me@other/system"] } }, { ...MACHINE_SETS, ...MACHINES_4 }),
    ...VIRTUALIZATION.map((virtualization) => base({ kvm: {} }, { virtualization })),
  ],
  vsphere: [
    ...VSPHERE,
    base({ vsphere: { vcenters, failureDomains: [domain("one", { template: "/dc/vm/t" })], ...VIPS } }, { ...MACHINES_4, ...MACHINE_SETS }),
  ],
};
