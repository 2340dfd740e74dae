import { z } from "zod";
import { choice, field, flag, integer, object, open, partlyKnown, text, texts } from "../fields/field.ts";

/**
 * Spec of HyperConverged hco.kubevirt.io/v1beta1, which HCO 1.15 to 1.18 (OpenShift 4.19 to 4.22) store or serve. Fields that are
 * not here are passed on. Source: kubevirt/hyperconverged-cluster-operator api/v1beta1/hyperconverged_types.go
 */
export const hyperConverged = partlyKnown(
  {
    infra: open("Where the operands' own pods run: nodePlacement."),
    workloads: open("Where virtual machines run: nodePlacement.", { rules: "Cannot be changed while there are machines." }),
    featureGates: field(z.record(z.string(), z.boolean()), "Feature gates by name."),
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
      { rules: "Both or none." },
    ),
    logVerbosityConfig: open("Verbosity of kubevirt and cdi."),
    tlsSecurityProfile: open("TLS settings of the operands."),
  },
  "Spec of the HyperConverged resource (hco.kubevirt.io/v1beta1). Unknown fields are passed on.",
  { rules: "OLM only. liveMigrationConfig, enableCommonBootImageImport and uninstallStrategy have keys of their own beside it." },
);
