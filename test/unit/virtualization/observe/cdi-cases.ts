import { condition } from "../../../helpers/virtualization.ts";
import type { CASES } from "./cases.ts";
import { all, managed, type Stage } from "./signs.ts";

/**
 * CDI as CDI 1.64's own operator shows it, which test/nightly/cdi.test.ts runs: most of its conditions have neither reason nor message. And network addons as
 * theirs shows them.
 */

const deployment = (name: string, ready: number, replicas = 1): Stage =>
  managed("deployments", name, { spec: { replicas: 1 }, status: { replicas, readyReplicas: ready, updatedReplicas: 1 } }, "cdi-operator");
const conditions = (available: string, progressing: readonly string[], degraded: readonly string[]): Stage =>
  all(
    (it) =>
      void it.change("cdis", "cdi-kubevirt-hyperconverged", {
        status: {
          conditions: [
            condition("Available", available),
            condition("Progressing", progressing[0] ?? "", ...progressing.slice(1)),
            condition("Degraded", degraded[0] ?? "", ...degraded.slice(1)),
          ],
        },
      }),
    deployment("cdi-deployment", 1),
  );

export const CDI_CASES: typeof CASES = [
  [
    "a CDI that is deployed",
    all(deployment("cdi-apiserver", 0), conditions("False", ["True", "DeployStarted", "Started Deployment"], ["False"])),
    "VIRT_COMPONENT_NOT_READY",
    /^Progressing, DeployStarted: Started Deployment; it waits for cdi-apiserver \(0 of 1 ready\)$/,
    /describe cdis\.cdi\.kubevirt\.io cdi-kubevirt-hyperconverged/,
  ],
  [
    "a CDI of which something is not ready any more",
    all(deployment("cdi-apiserver", 0), conditions("True", ["False"], ["True"])),
    "VIRT_COMPONENT_NOT_READY",
    /^Degraded; it waits for cdi-apiserver \(0 of 1 ready\)$/,
    /describe cdis/,
  ],
  [
    "a CDI that is updated",
    all(deployment("cdi-apiserver", 1, 2), conditions("True", ["True"], ["True", "UpgradeStarted", "Started upgrade to version v1.65.0"])),
    "VIRT_COMPONENT_NOT_READY",
    /^Progressing, UpgradeStarted: Started upgrade to version v1\.65\.0; it waits for cdi-apiserver \(1 of the old version still there\)$/,
    /describe cdis/,
  ],
  [
    // As the operator of network addons 0.97 says it.
    "network addons that are deployed",
    (it) =>
      void it.change("networkAddonsConfigs", "cluster", {
        status: {
          conditions: [
            condition("Available", "False", "Startup", "Configuration is in process"),
            condition("Progressing", "True", "Deploying", 'DaemonSet "cluster-network-addons/multus" is not available (awaiting 2 nodes)'),
            condition("Degraded", "False"),
          ],
        },
      }),
    "VIRT_COMPONENT_NOT_READY",
    /^Progressing, Deploying: DaemonSet "cluster-network-addons\/multus" is not available \(awaiting 2 nodes\)$/,
    /describe networkaddonsconfigs/,
  ],
  [
    "a DataVolume of a StorageClass that CDI does not know",
    (it) =>
      void it.put(
        "dataVolumes",
        "strange",
        { status: { conditions: [condition("Bound", "False", "ErrClaimNotValid", "no accessMode specified in StorageProfile strange")] } },
        "vms",
      ),
    "VIRT_STORAGE_PROFILE",
    /^no accessMode specified in StorageProfile strange$/,
    /claimPropertySets under virtualization\.storage\.storageProfiles/,
  ],
];
