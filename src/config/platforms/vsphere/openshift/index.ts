import type { OpenShiftPlatform, PlatformAssetInput, PlatformFile, PlatformManifest } from "../../openshift-platform.ts";
import type { VSpherePlatformSpec } from "../spec.ts";
import { cloudConfig } from "./cloud-config.ts";
import { credentials } from "./credentials.ts";
import { platformSpec, platformStatus } from "./infrastructure.ts";
import { KEPT_AS_GIVEN, keptPlatform, keptPool } from "./kept-config.ts";
import { machineManifests } from "./machines.ts";

/** The bootstrap machine's second disk and those after it: the first is that of its operating system. Source: names that udev gives below /dev/disk/by-path. */
const DISKS_BY_PATH = "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0";

/** What the assets of an OpenShift cluster on vSphere have that no other platform has. */
export const vsphereOpenshift: OpenShiftPlatform = {
  type: "VSphere",
  platformSpec,
  platformStatus,
  cloudConfig,
  manifests: (input) => [...credentials(input), ...bootImages(input), ...machineManifests(input)],
  keptConfig: keptPlatform,
  keptAsGiven: KEPT_AS_GIVEN,
  keptPool,
  bootstrapFiles,
  dualStackMachineConfigs: true,
  dataDiskDevice: (index) => `${DISKS_BY_PATH}:${index + 1}:0`,
};

/** Machines that the cluster adds later keep the user's own image: OpenShift would give them that of its release. */
function bootImages({ spec, contract }: PlatformAssetInput): readonly PlatformManifest[] {
  const { clusterOSImage, failureDomains } = spec.platform as VSpherePlatformSpec;
  const hasOwn = clusterOSImage !== undefined || failureDomains.some(({ topology }) => topology.template !== undefined);
  if (!hasOwn || !contract.inventory.keepsOwnBootImages) return [];
  return [
    {
      path: "manifests/90_cluster-mco-02-config.yaml",
      isText: true,
      object: {
        apiVersion: "operator.openshift.io/v1",
        kind: "MachineConfiguration",
        metadata: { name: "cluster" },
        spec: {
          logLevel: "Normal",
          operatorLogLevel: "Normal",
          managedBootImages: {
            machineManagers: [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode: "None" } }],
          },
        },
      },
    },
  ];
}

/** Names of the cluster are answered by the machine itself, where it has VIPs: nobody else may know them. */
function bootstrapFiles({ spec }: PlatformAssetInput): readonly PlatformFile[] {
  return [
    {
      path: "/etc/NetworkManager/dispatcher.d/30-local-dns-prepender",
      template: spec.vips.api.length > 0 ? "files/30-local-dns-prepender" : "files/30-no-local-dns",
    },
    { path: "/etc/NetworkManager/conf.d/99-vsphere.conf", template: "files/99-unmanaged-resolv.conf" },
  ];
}
