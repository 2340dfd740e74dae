import type { Distribution } from "../../config/index.ts";
import type { KindName } from "../observe/index.ts";
import type { ManifestPart } from "../program/names.ts";

export type Group = "OLM" | "HCO" | "KubeVirt" | "CDI" | "CNAO" | "SSP" | "HPP" | "Tekton" | "Nodes" | "Storage" | "Management";

/** A component that an installation should have. */
export interface Component {
  readonly group: Group;
  readonly kind: KindName;
  /** The first one that exists counts: manifests and bundles name some differently. */
  readonly names: readonly string[];
  /** Whose namespace it is in where there is no HyperConverged; absent: it only comes with HyperConverged. */
  readonly part?: ManifestPart;
  /** Lies in no namespace. */
  readonly clusterWide?: boolean;
  readonly only?: readonly Distribution[];
  /** Why it need not be there; when it is, it must be well. */
  readonly optional?: string;
  /** Where it is not there, though older versions had it. */
  readonly moved?: string;
}

const OPENSHIFT: readonly Distribution[] = ["openshift", "okd"];
const deployment = (group: Group, name: string, more: Partial<Component> = {}): Component => ({ group, kind: "deployments", names: [name], ...more });
const daemonSet = (group: Group, name: string, more: Partial<Component> = {}): Component => ({ group, kind: "daemonSets", names: [name], ...more });
const resource = (group: Group, kind: KindName, names: readonly string[], more: Partial<Component> = {}): Component => ({
  group,
  kind,
  names,
  ...more,
});

const KUBEVIRT = { part: "kubevirt" } as const;
const CDI = { part: "cdi" } as const;
const CNAO = { part: "networkAddons" } as const;
const HPP = { part: "hostPathProvisioner" } as const;
const GATED = "only with its feature gate";
const NO_POOLS = "only with pools under virtualization.storage";

/**
 * All components of the operators. Source: deployments and DaemonSets of HCO 1.15 to 1.18 and the tables of OpenShift's documentation
 * (virt-about-*-operator), corrected by what the operators really make.
 */
export const COMPONENTS: readonly Component[] = [
  { group: "HCO", kind: "deployments", names: ["hco-operator", "hyperconverged-cluster-operator"] },
  { group: "HCO", kind: "deployments", names: ["hco-webhook", "hyperconverged-cluster-webhook"] },
  deployment("HCO", "hyperconverged-cluster-cli-download", { only: OPENSHIFT }),
  resource("HCO", "hyperConvergeds", ["kubevirt-hyperconverged"]),
  deployment("HCO", "aaq-operator", { optional: "since HCO 1.12" }),
  deployment("HCO", "kubevirt-migration-operator", { optional: "since HCO 1.17" }),
  resource("HCO", "migControllers", ["migcontroller-kubevirt-hyperconverged"], { optional: "since HCO 1.17" }),
  deployment("HCO", "kubevirt-console-plugin", { only: OPENSHIFT, optional: "only with OpenShift's console" }),
  deployment("HCO", "kubevirt-apiserver-proxy", { only: OPENSHIFT, optional: "only with OpenShift's console" }),

  deployment("KubeVirt", "virt-operator", KUBEVIRT),
  resource("KubeVirt", "kubeVirts", ["kubevirt-kubevirt-hyperconverged", "kubevirt"], KUBEVIRT),
  deployment("KubeVirt", "virt-api", KUBEVIRT),
  deployment("KubeVirt", "virt-controller", KUBEVIRT),
  daemonSet("KubeVirt", "virt-handler", KUBEVIRT),
  deployment("KubeVirt", "virt-exportproxy", { ...KUBEVIRT, optional: GATED }),
  // Source: kubevirt 1.6, pkg/virt-operator/resource/generate/components
  deployment("KubeVirt", "virt-synchronization-controller", { ...KUBEVIRT, optional: GATED }),

  deployment("CDI", "cdi-operator", CDI),
  resource("CDI", "cdis", ["cdi-kubevirt-hyperconverged", "cdi"], { ...CDI, clusterWide: true }),
  deployment("CDI", "cdi-deployment", CDI),
  deployment("CDI", "cdi-apiserver", CDI),
  deployment("CDI", "cdi-uploadproxy", CDI),

  deployment("CNAO", "cluster-network-addons-operator", CNAO),
  resource("CNAO", "networkAddonsConfigs", ["cluster"], { ...CNAO, clusterWide: true }),
  deployment("CNAO", "kubemacpool-cert-manager", CNAO),
  deployment("CNAO", "kubemacpool-mac-controller-manager", CNAO),
  daemonSet("CNAO", "bridge-marker", CNAO),
  daemonSet("CNAO", "kube-cni-linux-bridge-plugin", CNAO),
  deployment("CNAO", "kubevirt-ipam-controller-manager", { ...CNAO, optional: "needs cert-manager on plain Kubernetes" }),
  daemonSet("CNAO", "multus", { ...CNAO, only: ["kubernetes"] }),

  deployment("SSP", "ssp-operator", { only: OPENSHIFT }),
  resource("SSP", "ssps", ["ssp-kubevirt-hyperconverged"], { only: OPENSHIFT }),
  deployment("SSP", "virt-template-validator", { only: OPENSHIFT }),

  deployment("HPP", "hostpath-provisioner-operator", HPP),
  resource("HPP", "hostPathProvisioners", ["hostpath-provisioner"], { ...HPP, clusterWide: true, optional: NO_POOLS }),
  daemonSet("HPP", "hostpath-provisioner-csi", { ...HPP, optional: NO_POOLS }),

  deployment("Tekton", "tekton-tasks-operator", {
    moved: "gone since HCO 1.10: its tasks came with SSP until 1.11, and are deployed apart from kubevirt-tekton-tasks now",
  }),
];

/** Names of the tasks, and where they are since SSP does not bring them any more (HCO 1.12, OpenShift 4.16). */
export const TEKTON_TASKS: readonly string[] = [
  "create-vm-from-template",
  "copy-template",
  "modify-vm-template",
  "modify-data-object",
  "cleanup-vm",
  "disk-virt-customize",
  "disk-virt-sysprep",
  "wait-for-vmi-status",
];
export const TEKTON_MOVED = "not part of the operators since HCO 1.12 (OpenShift 4.16); get it from kubevirt-tekton-tasks or Artifact Hub";
