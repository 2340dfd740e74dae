import { join } from "node:path";
import { debianPackages } from "../setup/parts/debian-packages.ts";
import { kubernetesPlugin } from "../setup/parts/kubernetes-plugin.ts";
import { pulumi } from "../setup/parts/pulumi.ts";
import { sha256Of } from "../src/util/index.ts";
import { BOOT_SECTOR_TEXT } from "./kubevirt-images/boot-sector.ts";
import { BOOT_SECTOR_IMAGE } from "./kubevirt-images/build.ts";
import { kubevirtNodeImage } from "./parts/kubevirt-images.ts";
import { kubevirt } from "./parts/kubevirt.ts";

/** Ids of what a cluster with KubeVirt's own programs runs on. */
export const VIRTUALIZATION_PARTS: readonly string[] = [debianPackages, pulumi, kubernetesPlugin, kubevirt, kubevirtNodeImage].map(({ id }) => id);

/** Options of `virt-ipi verify` for the guest that the images bring. */
export const VERIFY_VM: readonly string[] = ["--vm", "--image", BOOT_SECTOR_IMAGE, "--console", BOOT_SECTOR_TEXT];

/** In MiB: the operators run on the control plane, virt-handler and the machines on the compute machine. */
const MEMORY_MB = { controlPlane: 4096, compute: 3072 };

type Setting = readonly [path: readonly (string | number)[], value: unknown];

/**
 * What the smallest example becomes a cluster with KubeVirt by: paths of the install-config and their values.
 * @param cacheDir into which the parts were set up
 */
export async function virtualizationSettings(cacheDir: string): Promise<readonly Setting[]> {
  const manifest = join(cacheDir, `bin/kubevirt-${kubevirt.version}/kubevirt-operator.yaml`);
  return [
    [["controlPlane", "platform", "kvm", "memoryMB"], MEMORY_MB.controlPlane],
    [["compute", 0, "platform", "kvm", "memoryMB"], MEMORY_MB.compute],
    [["platform", "kvm", "clusterOSImage"], join(cacheDir, "images", `${kubevirtNodeImage.id}.qcow2`)],
    [
      ["virtualization"],
      {
        manifests: {
          kubevirt: {
            version: kubevirt.version.slice(1),
            files: [{ location: manifest, sha256: await sha256Of(manifest) }],
            // One of each is enough for one control-plane machine.
            spec: { infra: { replicas: 1 } },
          },
        },
      },
    ],
  ];
}
