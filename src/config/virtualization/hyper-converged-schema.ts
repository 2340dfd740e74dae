import { z } from "zod";
import { FIELD_SINCE, GATES } from "./hyper-converged-fields.ts";
import { choice, field, flag, integer, object, open, partlyKnown, text, texts } from "../fields/field.ts";

const since = (name: keyof typeof FIELD_SINCE): string => `From HCO ${FIELD_SINCE[name]} on.`;

/**
 * Spec of HyperConverged hco.kubevirt.io/v1beta1, which HCO 1.15 to 1.18 (OpenShift 4.19 to 4.22) store or serve. Its structure is open, since rules
 * refuse what is not here and say why. Source: kubevirt/hyperconverged-cluster-operator, api/v1beta1/hyperconverged_types.go at v1.18.1, by description.
 */
export const hyperConverged = partlyKnown(
  {
    infra: open("Where the operands' own pods run: nodePlacement."),
    workloads: open("Where virtual machines run: nodePlacement.", { rules: "Cannot be changed while there are machines." }),
    featureGates: field(z.record(z.string(), z.boolean()), "Feature gates by name.", {
      rules: `Known: ${Object.entries(GATES)
        .map(([name, from]) => (from === undefined ? name : `${name} (HCO ${from})`))
        .join(", ")}.`,
    }),
    evictionStrategy: choice(["None", "LiveMigrate", "LiveMigrateIfPossible", "External"], "What happens to machines when their node is drained.", {
      defaultText: "LiveMigrate; None with one worker",
    }),
    workloadUpdateStrategy: object(
      {
        workloadUpdateMethods: texts("How running machines get a new virt-launcher: LiveMigrate, Evict."),
        batchEvictionSize: integer("Machines at a time.", { default: 10 }),
        batchEvictionInterval: text("Time between two batches.", { default: "1m0s" }),
      },
      "How running machines are updated with the operators.",
    ),
    certConfig: open("Ages of the operands' certificates: ca and server, each with duration and renewBefore."),
    resourceRequirements: open("CPU and storage requests: vmiCPUAllocationRatio, storageWorkloads, autoCPULimitNamespaceLabelSelector."),
    virtualMachineOptions: object(
      {
        disableFreePageReporting: flag("No free page reporting.", { default: false }),
        disableSerialConsoleLog: flag("No log of serial consoles.", { default: false }),
      },
      "Defaults of all machines.",
    ),
    higherWorkloadDensity: object(
      { memoryOvercommitPercentage: integer("Memory of machines for each 100 of the node.", { default: 100, rules: "At least 10." }) },
      "More machines than memory.",
    ),
    deployVmConsoleProxy: flag("Deploy the proxy for VNC consoles.", { default: false }),
    defaultCPUModel: text("CPU model of machines that name none.", { defaultText: "host-model" }),
    permittedHostDevices: open("Devices of the nodes that machines may have."),
    scratchSpaceStorageClass: text("StorageClass of imports' scratch space."),
    vmStateStorageClass: text("StorageClass of TPM and EFI state.", { rules: "ReadWriteMany, or such machines cannot be migrated live." }),
    commonTemplatesNamespace: text("Namespace of the common templates.", { defaultText: "openshift" }),
    commonBootImageNamespace: text("Namespace of the boot images."),
    dataImportCronTemplates: field(z.array(z.record(z.string(), z.unknown())), "Your own boot images."),
    kubeMacPoolConfiguration: object(
      { rangeStart: text("First MAC address."), rangeEnd: text("Last MAC address.") },
      "MAC addresses that machines get.",
      { rules: `Both or none. ${since("kubeMacPoolConfiguration")}` },
    ),
    tuningPolicy: choice(["annotation", "highBurst"], "Limits of the operands' requests to the API."),
    mediatedDevicesConfiguration: open("Mediated devices that the nodes create: mediatedDeviceTypes, nodeMediatedDeviceTypes."),
    obsoleteCPUs: open("CPU models that no node offers: cpuModels."),
    defaultRuntimeClass: text("RuntimeClass of the machines' pods."),
    hypervisors: field(z.array(z.record(z.string(), z.unknown())), "The hypervisor of all machines: one, by name.", {
      rules: since("hypervisors"),
    }),
    ksmConfiguration: open("Nodes that merge equal memory pages: nodeLabelSelector."),
    storageImport: open("Imports of disks: insecureRegistries."),
    filesystemOverhead: open("What a filesystem takes of a volume: global, storageClass.", { defaultText: "0.055" }),
    vddkInitImage: text("Image with VMware's VDDK, for imports.", { rules: "Deprecated by HCO." }),
    localStorageClassName: text("StorageClass of boot images.", { rules: "Deprecated by HCO." }),
    kubeSecondaryDNSNameServerIP: text("Address of the name server for secondary networks.", { rules: "With the gate deployKubeSecondaryDNS." }),
    networkBinding: open("Network binding plugins by name."),
    applicationAwareConfig: open("Quota that knows of machines: vmiCalcConfigName, namespaceSelector, allowApplicationAwareClusterResourceQuota."),
    enableApplicationAwareQuota: flag("Deploy the quota that knows of machines.", { default: false }),
    instancetypeConfig: open("How instance types are referred to: referencePolicy."),
    CommonInstancetypesDeployment: open("Whether the common instance types are deployed: enabled."),
    liveUpdateConfiguration: open("How far machines can grow while they run: maxHotplugRatio, maxCpuSockets, maxGuest.", {
      rules: since("liveUpdateConfiguration"),
    }),
    changedBlockTrackingLabelSelectors: open("Machines whose changed blocks are tracked: namespaceLabelSelector, virtualMachineLabelSelector.", {
      rules: since("changedBlockTrackingLabelSelectors"),
    }),
    roleAggregationStrategy: choice(
      ["AggregateToDefault", "Manual"],
      "Whether KubeVirt's roles become part of the cluster's own admin, edit and view.",
      {
        default: "AggregateToDefault",
        rules: since("roleAggregationStrategy"),
      },
    ),
    logVerbosityConfig: open("Verbosity of kubevirt and cdi."),
    tlsSecurityProfile: open("TLS settings of the operands."),
  },
  "Spec of the HyperConverged resource (hco.kubevirt.io/v1beta1). Unknown fields are refused.",
  { rules: "OLM only. liveMigrationConfig, enableCommonBootImageImport and uninstallStrategy have keys of their own beside it." },
);
