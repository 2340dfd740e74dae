import { z } from "zod";
import { FIELD_SINCE, GATES, isLate } from "./hyper-converged-fields.ts";
import { certificates, hostDevice, mediatedDeviceTypes, nodePlacement, selector } from "./hyper-converged-shapes.ts";
import { choice, field, flag, integer, list, named, object, open, partlyKnown, text, texts } from "../fields/field.ts";

const since = (name: keyof typeof FIELD_SINCE): string => `From HCO ${FIELD_SINCE[name]} on.`;

const KUBEVIRT_PROGRAMS = ["virtAPI", "virtController", "virtHandler", "virtLauncher", "virtOperator", "virtSynchronizationController"];

/**
 * Spec of HyperConverged hco.kubevirt.io/v1beta1, which HCO 1.15 to 1.18 (OpenShift 4.19 to 4.22) store or serve. Its structure is open, since rules
 * refuse what is not here and say why. Source: kubevirt/hyperconverged-cluster-operator, api/v1beta1/hyperconverged_types.go at v1.18.1, by description.
 */
export const hyperConverged = partlyKnown(
  {
    infra: object({ nodePlacement }, "Where the operands' own pods run."),
    workloads: object({ nodePlacement }, "Where virtual machines run.", { rules: "Cannot be changed while there are machines." }),
    featureGates: field(z.record(z.string(), z.boolean()), "Feature gates by name.", {
      rules: `Known: ${Object.entries(GATES)
        .map(([name, from]) => (isLate(from) ? `${name} (HCO ${from})` : name))
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
    certConfig: object(
      { ca: certificates("the authority", "48h", "24h"), server: certificates("servers", "24h", "12h") },
      "Ages of the operands' certificates.",
    ),
    resourceRequirements: object(
      {
        vmiCPUAllocationRatio: integer("Virtual processors for each requested one.", { default: 10 }),
        storageWorkloads: open("Requests and limits of pods that import and upload disks."),
        autoCPULimitNamespaceLabelSelector: selector("Namespaces whose machines get a limit of processors."),
      },
      "What machines and imports request.",
    ),
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
    permittedHostDevices: object(
      {
        pciHostDevices: list({ pciDeviceSelector: text("Vendor and device, such as 10DE:1DB6."), ...hostDevice }, "PCI devices."),
        usbHostDevices: list(
          {
            selectors: list({ vendor: text("Vendor's number."), product: text("Product's number.") }, "USB devices that go together."),
            ...hostDevice,
          },
          "USB devices.",
        ),
        mediatedDevices: list({ mdevNameSelector: text("Name of the type, such as GRID T4-1Q."), ...hostDevice }, "Mediated devices."),
      },
      "Devices of the nodes that machines may have.",
    ),
    scratchSpaceStorageClass: text("StorageClass of imports' scratch space."),
    vmStateStorageClass: text("StorageClass of TPM and EFI state.", { rules: "ReadWriteMany, or such machines cannot be migrated live." }),
    commonTemplatesNamespace: text("Namespace of the common templates.", { defaultText: "openshift" }),
    commonBootImageNamespace: text("Namespace of the boot images."),
    dataImportCronTemplates: list(
      { metadata: open("Name, and annotations of the template."), spec: open("Spec of a DataImportCron.") },
      "Your own boot images, and changes of the common ones by their name.",
    ),
    kubeMacPoolConfiguration: object(
      { rangeStart: text("First MAC address."), rangeEnd: text("Last MAC address.") },
      "MAC addresses that machines get.",
      { rules: `Both or none. ${since("kubeMacPoolConfiguration")}` },
    ),
    tuningPolicy: choice(["annotation", "highBurst"], "Limits of the operands' requests to the API."),
    mediatedDevicesConfiguration: object(
      {
        ...mediatedDeviceTypes,
        nodeMediatedDeviceTypes: list(
          { nodeSelector: field(z.record(z.string(), z.string()), "Labels of the nodes."), ...mediatedDeviceTypes },
          "Types of some nodes, in the place of the others.",
        ),
      },
      "Mediated devices that the nodes create.",
    ),
    obsoleteCPUs: object({ cpuModels: texts("Names of the models.") }, "CPU models that no node offers."),
    defaultRuntimeClass: text("RuntimeClass of the machines' pods."),
    hypervisors: list({ name: text("Its name, as KubeVirt has it.") }, "The hypervisor of all machines.", {
      rules: `At most one. ${since("hypervisors")}`,
    }),
    ksmConfiguration: object({ nodeLabelSelector: selector("The nodes; an empty selector: all.") }, "Nodes that merge equal memory pages."),
    storageImport: object({ insecureRegistries: texts("Registries without TLS, as host:port.") }, "Imports of disks."),
    filesystemOverhead: object(
      {
        global: text("Share for all classes.", { default: "0.055" }),
        storageClass: field(z.record(z.string(), z.string()), "Share by name of the StorageClass."),
      },
      "What a filesystem takes of a volume.",
    ),
    vddkInitImage: text("Image with VMware's VDDK, for imports.", { rules: "Deprecated by HCO." }),
    localStorageClassName: text("StorageClass of boot images.", { rules: "Deprecated by HCO." }),
    kubeSecondaryDNSNameServerIP: text("Address of the name server for secondary networks.", { rules: "With the gate deployKubeSecondaryDNS." }),
    networkBinding: named(
      {
        sidecarImage: text("Image beside the machine."),
        networkAttachmentDefinition: text("Its NetworkAttachmentDefinition, as namespace/name."),
        domainAttachmentType: text("How the machine is attached: tap or managedTap."),
        migration: object({ method: text("How it is migrated: link-refresh.") }, "Migration of its interfaces."),
        downwardAPI: text("What it is given of the pod: device-info."),
        computeResourceOverhead: open("Requests and limits of the sidecar."),
      },
      "Network binding plugins by name.",
    ),
    applicationAwareConfig: object(
      {
        vmiCalcConfigName: choice(
          ["VmiPodUsage", "VirtualResources", "DedicatedVirtualResources", "IgnoreVmiCalculator", "GuestEffectiveResources"],
          "How a machine is counted.",
          { default: "DedicatedVirtualResources" },
        ),
        namespaceSelector: selector("Namespaces whose pods are counted."),
        allowApplicationAwareClusterResourceQuota: flag("Quota over several namespaces.", { default: false }),
      },
      "Quota that knows of machines.",
    ),
    enableApplicationAwareQuota: flag("Deploy the quota that knows of machines.", { default: false }),
    instancetypeConfig: object(
      { referencePolicy: choice(["reference", "expand", "expandAll"], "Whether a machine keeps the reference.", { default: "reference" }) },
      "How instance types are referred to.",
    ),
    CommonInstancetypesDeployment: object({ enabled: flag("Whether they are deployed.", { default: true }) }, "The common instance types."),
    liveUpdateConfiguration: object(
      {
        maxHotplugRatio: integer("Times of its processors and memory that a machine can get.", { default: 4 }),
        maxCpuSockets: integer("Sockets that a machine can have."),
        maxGuest: text("Memory that a machine can have, as a quantity."),
      },
      "How far machines can grow while they run.",
      { rules: since("liveUpdateConfiguration") },
    ),
    changedBlockTrackingLabelSelectors: object(
      {
        namespaceLabelSelector: selector("All machines in these namespaces."),
        virtualMachineLabelSelector: selector("These machines."),
      },
      "Machines whose changed blocks are tracked.",
      { rules: since("changedBlockTrackingLabelSelectors") },
    ),
    roleAggregationStrategy: choice(
      ["AggregateToDefault", "Manual"],
      "Whether KubeVirt's roles become part of the cluster's own admin, edit and view.",
      {
        default: "AggregateToDefault",
        rules: since("roleAggregationStrategy"),
      },
    ),
    logVerbosityConfig: object(
      {
        kubevirt: object(
          {
            ...Object.fromEntries(KUBEVIRT_PROGRAMS.map((name) => [name, integer(`Of ${name}.`)])),
            nodeVerbosity: field(z.record(z.string(), z.int()), "Of virt-handler, by node."),
          },
          "Of KubeVirt's programs.",
        ),
        cdi: integer("Of CDI's programs."),
      },
      "Verbosity of logs.",
    ),
    tlsSecurityProfile: object(
      {
        type: choice(["Old", "Intermediate", "Modern", "Custom"], "Name of the profile.", { required: true }),
        old: open("Empty; with type Old."),
        intermediate: open("Empty; with type Intermediate."),
        modern: open("Empty; with type Modern."),
        custom: object(
          {
            ciphers: texts("Names of OpenSSL's ciphers."),
            minTLSVersion: choice(["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"], "The oldest version."),
          },
          "With type Custom.",
        ),
      },
      "TLS settings of the operands.",
    ),
  },
  "Spec of the HyperConverged resource (hco.kubevirt.io/v1beta1). Unknown fields are refused.",
  { rules: "OLM only. liveMigrationConfig, enableCommonBootImageImport and uninstallStrategy have keys of their own beside it." },
);
