import { type Case, DUPLICATE, FORBIDDEN, INVALID, kvm, none, REQUIRED, type Tree, UNSUPPORTED } from "./support.ts";

const SHA = "0123456789abcdef".repeat(4);
const HASH = "$2y$05$eW5hbm9vYmNyeXB0c2FsdOoN6GOQ7Hs0Q1bQmU0xqVx5yYp0cC1aS";
const FILE = { location: "/srv/operator.yaml", sha256: SHA };

const openshift = (): Tree => ({ ...none(), virtualization: { storage: { storageClass: "fast" } } });
const okd = (): Tree => ({ ...none(), distribution: "okd", virtualization: { storage: { storageClass: "fast" } } });
const plain = (): Tree => ({
  ...kvm(),
  virtualization: { manifests: { kubevirt: { version: "1.8.4", files: [FILE] }, cdi: { version: "v1.65.0", files: [FILE] } } },
});

const virt = (change: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(change).map(([key, value]) => [`virtualization.${key}`, value]));
const users = (htpasswd: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => virt({ users: { htpasswd, ...more } });
const pools = (...list: readonly object[]): Record<string, unknown> => virt({ storage: { hostPathProvisioner: { pools: list } } });
const V = "virtualization";
/** A field of HyperConverged, a value with a misspelt key, its path, and the name that is meant. */
const MISSPELT: readonly (readonly [field: string, value: object, path: string, meant: string])[] = [
  ["infra", { nodePlacment: {} }, "infra.nodePlacment", "nodePlacement"],
  ["workloads", { nodePlacement: { nodeSelectors: {} } }, "workloads.nodePlacement.nodeSelectors", "nodeSelector"],
  ["certConfig", { ca: { durations: "48h" } }, "certConfig.ca.durations", "duration"],
  ["resourceRequirements", { vmiCPUAllocationRatios: 5 }, "resourceRequirements.vmiCPUAllocationRatios", "vmiCPUAllocationRatio"],
  [
    "permittedHostDevices",
    { pciHostDevices: [{ pciDeviceSelectors: "10DE:1DB6" }] },
    "permittedHostDevices.pciHostDevices[0].pciDeviceSelectors",
    "pciDeviceSelector",
  ],
  ["mediatedDevicesConfiguration", { mediatedDevicesType: ["a"] }, "mediatedDevicesConfiguration.mediatedDevicesType", "mediatedDeviceTypes"],
  ["obsoleteCPUs", { cpuModel: ["486"] }, "obsoleteCPUs.cpuModel", "cpuModels"],
  ["ksmConfiguration", { nodeLabelSelector: { matchLabel: {} } }, "ksmConfiguration.nodeLabelSelector.matchLabel", "matchLabels"],
  ["storageImport", { insecureRegistry: [] }, "storageImport.insecureRegistry", "insecureRegistries"],
  ["filesystemOverhead", { storageClasses: {} }, "filesystemOverhead.storageClasses", "storageClass"],
  ["dataImportCronTemplates", [{ specs: {} }], "dataImportCronTemplates[0].specs", "spec"],
  ["networkBinding", { passt: { sidecarImages: "a" } }, "networkBinding.passt.sidecarImages", "sidecarImage"],
  ["applicationAwareConfig", { vmiCalcConfig: "VmiPodUsage" }, "applicationAwareConfig.vmiCalcConfig", "vmiCalcConfigName"],
  ["CommonInstancetypesDeployment", { enable: true }, "CommonInstancetypesDeployment.enable", "enabled"],
  ["liveUpdateConfiguration", { maxCpuSocket: 8 }, "liveUpdateConfiguration.maxCpuSocket", "maxCpuSockets"],
  ["logVerbosityConfig", { kubevirt: { virtHandlers: 3 } }, "logVerbosityConfig.kubevirt.virtHandlers", "virtHandler"],
  ["tlsSecurityProfile", { type: "Custom", custom: { cipher: [] } }, "tlsSecurityProfile.custom.cipher", "ciphers"],
];
const POOL = `${V}.storage.hostPathProvisioner.pools`;

export const VIRTUALIZATION: readonly Case[] = [
  ["virtualization on openshift", openshift, {}],
  ["virtualization on okd", okd, {}],
  ["virtualization on kubernetes", plain, {}],
  ["virtualization with everything decided by us", none, { virtualization: {} }],
  ["virtualization switched off, whatever else stands there", kvm, { virtualization: { enabled: false, channel: "!!", users: {} } }],
  ["an unknown key", openshift, virt({ chanel: "stable" }), [`${V}.chanel`, FORBIDDEN, '"channel"']],
  ["another source", openshift, virt({ source: "Helm" }), [`${V}.source`, UNSUPPORTED, '"Manifests"']],
  [
    "manifests on openshift",
    openshift,
    virt({ source: "Manifests", manifests: { kubevirt: { version: "1.8.4", files: [FILE] }, cdi: { version: "1.65.0", files: [FILE] } } }),
    [`${V}.source`, INVALID, "use OLM"],
  ],
  ["manifests beside OLM", openshift, virt({ manifests: {} }), [`${V}.manifests`, FORBIDDEN, "source Manifests"]],
  ["OLM on kubernetes", kvm, { virtualization: { source: "OLM" } }],
  [
    "keys of OLM beside manifests",
    plain,
    virt({ channel: "stable", namespace: "virt", bootSources: { enabled: false }, hyperConverged: {} }),
    [`${V}.channel`, FORBIDDEN, "source OLM"],
    [`${V}.namespace`, FORBIDDEN, "source OLM"],
    [`${V}.bootSources`, FORBIDDEN, "source OLM"],
    [`${V}.hyperConverged`, FORBIDDEN, "source OLM"],
  ],

  ["a version of the product", openshift, virt({ startingCSV: "kubevirt-hyperconverged-operator.v4.19.3" })],
  ["a version of the community", okd, virt({ startingCSV: "kubevirt-hyperconverged-operator.v1.17.3" })],
  ["the product's version on okd", okd, virt({ startingCSV: "kubevirt-hyperconverged-operator.v4.19.3" }), [`${V}.startingCSV`, INVALID, "1.y.z"]],
  [
    "the community's version on openshift",
    openshift,
    virt({ startingCSV: "kubevirt-hyperconverged-operator.v1.18.1" }),
    [`${V}.startingCSV`, INVALID, "4.y.z"],
  ],
  ["a bare version", okd, virt({ startingCSV: "v1.18.1" }), [`${V}.startingCSV`, INVALID, "of the form"]],
  ["a channel", okd, virt({ channel: "candidate-v1.20" })],
  ["a channel with spaces", okd, virt({ channel: "the stable" }), [`${V}.channel`, INVALID, "name of a channel"]],
  ["another approval", okd, virt({ approval: "auto" }), [`${V}.approval`, UNSUPPORTED, '"Manual"']],
  ["a namespace", okd, virt({ namespace: "virt" })],
  ["a namespace with dots", okd, virt({ namespace: "virt.x" }), [`${V}.namespace`, INVALID, "DNS-1123 label"]],
  ["a catalog of one's own", okd, virt({ catalogSource: { image: "mirror.example.com:5000/catalog:v1" } })],
  ["a catalog server", okd, virt({ catalogSource: { name: "mine", address: "10.0.0.9:50051" } })],
  ["a catalog server without port", okd, virt({ catalogSource: { address: "10.0.0.9" } }), [`${V}.catalogSource.address`, INVALID, "host:port"]],
  [
    "image and address",
    okd,
    virt({ catalogSource: { image: "r.example.com/c", address: "h:1" } }),
    [`${V}.catalogSource.address`, FORBIDDEN, "image"],
  ],
  ["a catalog image without registry", okd, virt({ catalogSource: { image: "catalog" } }), [`${V}.catalogSource.image`, INVALID, "registry"]],
  [
    "redhat-operators on okd",
    okd,
    virt({ catalogSource: { name: "redhat-operators" } }),
    [`${V}.catalogSource.name`, INVALID, "community-operators"],
  ],
  ["redhat-operators on openshift", openshift, virt({ catalogSource: { name: "redhat-operators" } })],
  ["a catalog's namespace with capitals", okd, virt({ catalogSource: { namespace: "OLM" } }), [`${V}.catalogSource.namespace`, INVALID, "DNS-1123"]],

  ["emulation", openshift, virt({ emulation: "On" })],
  ["emulation as a boolean", openshift, virt({ emulation: "true" }), [`${V}.emulation`, UNSUPPORTED, '"Auto"']],

  [
    "a HyperConverged spec",
    okd,
    virt({
      hyperConverged: {
        featureGates: { downwardMetrics: true },
        evictionStrategy: "None",
        networkBinding: { passt: { sidecarImage: "r.example.com/passt:1" } },
      },
    }),
  ],
  [
    "fields of HyperConverged that nobody reads",
    okd,
    virt({ hyperConverged: { somethingNew: { a: 1 }, networkBindings: {}, featureGates: { downwardMetric: true } } }),
    [`${V}.hyperConverged.somethingNew`, FORBIDDEN, "unknown key"],
    [`${V}.hyperConverged.networkBindings`, FORBIDDEN, 'did you mean "networkBinding"'],
    [`${V}.hyperConverged.featureGates.downwardMetric`, FORBIDDEN, 'did you mean "downwardMetrics"'],
  ],
  ...MISSPELT.map(([field, value, path, meant]): Case => [
    `a misspelt key in ${field} of HyperConverged`,
    okd,
    virt({ hyperConverged: { [field]: value } }),
    [`${V}.hyperConverged.${path}`, FORBIDDEN, `did you mean "${meant}"`],
  ]),
  [
    "fields of a later HyperConverged",
    okd,
    virt({ startingCSV: "kubevirt-hyperconverged-operator.v1.16.0", hyperConverged: { hypervisors: [], featureGates: { videoConfig: true } } }),
    [`${V}.hyperConverged.hypervisors`, FORBIDDEN, "HCO 1.18"],
    [`${V}.hyperConverged.featureGates.videoConfig`, FORBIDDEN, "HCO 1.17"],
  ],
  [
    "fields of the HyperConverged that is installed",
    okd,
    virt({ startingCSV: "kubevirt-hyperconverged-operator.v1.18.1", hyperConverged: { hypervisors: [], featureGates: { videoConfig: true } } }),
  ],
  [
    "a field of HyperConverged that does nothing",
    okd,
    virt({ hyperConverged: { tektonTasksNamespace: "x" } }),
    [`${V}.hyperConverged.tektonTasksNamespace`, FORBIDDEN, "ignores"],
  ],
  [
    "feature gates as a list",
    okd,
    virt({ hyperConverged: { featureGates: [{ name: "x" }] } }),
    [`${V}.hyperConverged.featureGates`, INVALID, "a mapping"],
  ],
  [
    "a gate that does nothing",
    okd,
    virt({ hyperConverged: { featureGates: { nonRoot: true } } }),
    [`${V}.hyperConverged.featureGates.nonRoot`, FORBIDDEN, "ignores"],
  ],
  ["a group of v1", okd, virt({ hyperConverged: { deployment: {} } }), [`${V}.hyperConverged.deployment`, FORBIDDEN, "v1beta1"]],
  [
    "what has a key of its own",
    okd,
    virt({ hyperConverged: { liveMigrationConfig: {}, enableCommonBootImageImport: false } }),
    [`${V}.hyperConverged.liveMigrationConfig`, FORBIDDEN, "virtualization.liveMigration"],
    [`${V}.hyperConverged.enableCommonBootImageImport`, FORBIDDEN, "bootSources.enabled"],
  ],
  [
    "another eviction strategy",
    okd,
    virt({ hyperConverged: { evictionStrategy: "Kill" } }),
    [`${V}.hyperConverged.evictionStrategy`, UNSUPPORTED, '"LiveMigrate"'],
  ],
  [
    "half a MAC range",
    okd,
    virt({ hyperConverged: { kubeMacPoolConfiguration: { rangeStart: "02:00:00:00:00:00" } } }),
    [`${V}.hyperConverged.kubeMacPoolConfiguration`, INVALID, "both"],
  ],
  [
    "less memory than there is",
    okd,
    virt({ hyperConverged: { higherWorkloadDensity: { memoryOvercommitPercentage: 9 } } }),
    [`${V}.hyperConverged.higherWorkloadDensity.memoryOvercommitPercentage`, INVALID, "at least 10"],
  ],

  ["a pool", okd, pools({ name: "local", path: "/var/hpp" })],
  ["two pools", okd, pools({ name: "a", path: "/var/a" }, { name: "b", path: "/var/b", storageClass: "fast" })],
  [
    "a pool outside /var on kubernetes",
    plain,
    { ...pools({ name: "a", path: "/srv/a" }), "virtualization.manifests.hostPathProvisioner": { version: "0.25.2", files: [FILE] } },
  ],
  ["a pool outside /var on okd", okd, pools({ name: "a", path: "/srv/a" }), [`${POOL}[0].path`, INVALID, "below /var"]],
  ["a pool on the root", okd, pools({ name: "a", path: "/" }), [`${POOL}[0].path`, INVALID, "below /"]],
  ["a pool that climbs", okd, pools({ name: "a", path: "/var/../etc" }), [`${POOL}[0].path`, INVALID, "without .."]],
  ["a pool without name and path", okd, pools({}), [`${POOL}[0].name`, REQUIRED, ""], [`${POOL}[0].path`, REQUIRED, ""]],
  ["no pool at all", okd, pools(), [POOL, REQUIRED, "at least one"]],
  [
    "two pools of one name and path",
    okd,
    pools({ name: "a", path: "/var/a" }, { name: "a", path: "/var/a" }),
    [`${POOL}[1].name`, DUPLICATE, ""],
    [`${POOL}[1].path`, DUPLICATE, ""],
  ],
  [
    "two pools of one class",
    okd,
    pools({ name: "a", path: "/var/a" }, { name: "b", path: "/var/b", storageClass: "hostpath-a" }),
    [`${POOL}[1].storageClass`, DUPLICATE, ""],
  ],
  ["a pool's name with dots", okd, pools({ name: "a.b", path: "/var/a" }), [`${POOL}[0].name`, INVALID, "DNS-1123"]],
  [
    "pools beside a StorageClass",
    okd,
    virt({ storage: { storageClass: "fast", hostPathProvisioner: { pools: [{ name: "a", path: "/var/a" }] } } }),
    [`${V}.storage.storageClass`, FORBIDDEN, "hostPathProvisioner"],
  ],
  [
    "pools from manifests without their operator",
    plain,
    pools({ name: "a", path: "/srv/a" }),
    [`${V}.manifests.hostPathProvisioner`, REQUIRED, "operator"],
  ],
  [
    "storage profiles",
    okd,
    virt({ storage: { storageProfiles: [{ name: "nfs", claimPropertySets: [{ accessModes: ["ReadWriteMany"], volumeMode: "Filesystem" }] }] } }),
  ],
  [
    "a storage profile without class",
    okd,
    virt({ storage: { storageProfiles: [{ cloneStrategy: "copy" }] } }),
    [`${V}.storage.storageProfiles[0].name`, REQUIRED, ""],
  ],
  [
    "a storage profile twice",
    okd,
    virt({ storage: { storageProfiles: [{ name: "a" }, { name: "a" }] } }),
    [`${V}.storage.storageProfiles[1].name`, DUPLICATE, ""],
  ],
  [
    "a storage profile without access mode",
    okd,
    virt({ storage: { storageProfiles: [{ name: "a", claimPropertySets: [{ volumeMode: "Block" }] }] } }),
    [`${V}.storage.storageProfiles[0].claimPropertySets[0].accessModes`, REQUIRED, ""],
  ],

  ["live migration", okd, virt({ liveMigration: { parallelMigrationsPerCluster: 3, bandwidthPerMigration: "64Mi", allowPostCopy: true } })],
  [
    "no migration at all",
    okd,
    virt({ liveMigration: { parallelMigrationsPerCluster: 0 } }),
    [`${V}.liveMigration.parallelMigrationsPerCluster`, INVALID, "at least 1"],
  ],
  [
    "a bandwidth in words",
    okd,
    virt({ liveMigration: { bandwidthPerMigration: "fast" } }),
    [`${V}.liveMigration.bandwidthPerMigration`, INVALID, "64Mi"],
  ],

  ["users", okd, users(`ada:${HASH}\nbob:${HASH}\n`, { clusterAdmins: ["ada"], roles: [{ user: "bob", namespace: "vms", role: "edit" }] })],
  ["users on kubernetes", plain, users(`ada:${HASH}`), [`${V}.users`, FORBIDDEN, "OAuth"]],
  ["no user", okd, users("# nobody\n"), [`${V}.users.htpasswd`, REQUIRED, "htpasswd -nbB"]],
  ["a user with an MD5 hash", okd, users("ada:$apr1$x$y"), [`${V}.users.htpasswd`, INVALID, "line 1"]],
  ["a user twice", okd, users(`ada:${HASH}\nada:${HASH}`), [`${V}.users.htpasswd`, INVALID, "second time"]],
  ["an admin who is no user", okd, users(`ada:${HASH}`, { clusterAdmins: ["eve"] }), [`${V}.users.clusterAdmins[0]`, INVALID, "no user of htpasswd"]],
  [
    "a role with nothing",
    okd,
    users(`ada:${HASH}`, { roles: [{}] }),
    [`${V}.users.roles[0].user`, REQUIRED, ""],
    [`${V}.users.roles[0].namespace`, REQUIRED, ""],
    [`${V}.users.roles[0].role`, REQUIRED, ""],
  ],
  [
    "another role",
    okd,
    users(`ada:${HASH}`, { roles: [{ user: "ada", namespace: "x", role: "root" }] }),
    [`${V}.users.roles[0].role`, UNSUPPORTED, '"view"'],
  ],

  ["pipelines on openshift", openshift, virt({ pipelines: { channel: "pipelines-1.18" } })],
  ["pipelines on okd", okd, virt({ pipelines: { files: [FILE] } })],
  ["pipelines on okd without manifests", okd, virt({ pipelines: {} }), [`${V}.pipelines.files`, REQUIRED, ""]],
  ["pipelines' manifests on openshift", openshift, virt({ pipelines: { files: [FILE] } }), [`${V}.pipelines.files`, FORBIDDEN, "OLM"]],
  ["pipelines' channel on okd", okd, virt({ pipelines: { channel: "latest", files: [FILE] } }), [`${V}.pipelines.channel`, FORBIDDEN, "openshift"]],
  ["pipelines switched off", okd, virt({ pipelines: { enabled: false } })],

  ["kubernetes without manifests", kvm, { virtualization: {} }, [`${V}.manifests.kubevirt`, REQUIRED, "version and manifests"]],
  ["KubeVirt alone", plain, virt({ "manifests.cdi": undefined })],
  [
    "StorageProfiles without CDI",
    plain,
    virt({ "manifests.cdi": undefined, storage: { storageProfiles: [{ name: "nfs", claimPropertySets: [{ accessModes: ["ReadWriteMany"] }] }] } }),
    [`${V}.manifests.cdi`, REQUIRED, "storageProfiles"],
  ],
  ["a manifest by URL", plain, virt({ "manifests.cdi.files": [{ ...FILE, location: "https://mirror.example.com/cdi.yaml" }] })],
  [
    "a manifest by ftp",
    plain,
    virt({ "manifests.cdi.files": [{ ...FILE, location: "ftp://x/cdi.yaml" }] }),
    [`${V}.manifests.cdi.files[0].location`, INVALID, "http(s)"],
  ],
  [
    "a manifest without checksum",
    plain,
    virt({ "manifests.cdi.files": [{ location: "/a" }] }),
    [`${V}.manifests.cdi.files[0].sha256`, REQUIRED, "sha256sum"],
  ],
  [
    "a manifest with half a checksum",
    plain,
    virt({ "manifests.cdi.files": [{ location: "/a", sha256: "abc" }] }),
    [`${V}.manifests.cdi.files[0].sha256`, INVALID, "64"],
  ],
  ["a component without files", plain, virt({ "manifests.cdi.files": [] }), [`${V}.manifests.cdi.files`, REQUIRED, "at least one"]],
  ["a component without version", plain, virt({ "manifests.cdi.version": undefined }), [`${V}.manifests.cdi.version`, REQUIRED, ""]],
  ["a component of the newest version", plain, virt({ "manifests.cdi.version": "latest" }), [`${V}.manifests.cdi.version`, INVALID, "1.8.4"]],
  ["a mirror", plain, virt({ "manifests.mirror": "https://mirror.example.com/github" })],
  ["a mirror that is no URL", plain, virt({ "manifests.mirror": "mirror" }), [`${V}.manifests.mirror`, INVALID, "http(s)"]],
  ["a timeout of the operators", plain, { "timeouts.operators": "1h" }],
  ["a timeout of the operators of days", plain, { "timeouts.operators": "48h" }, ["timeouts.operators", INVALID, "between 1m and 24h"]],
];
