import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { debianPackages } from "../setup/parts/debian-packages.ts";
import { kubernetesPlugin } from "../setup/parts/kubernetes-plugin.ts";
import { pulumi } from "../setup/parts/pulumi.ts";
import { sha256Of, writeFileAtomic } from "../src/util/index.ts";
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
 * @param folder of the cluster, into which the manifest is written
 */
export async function virtualizationSettings(cacheDir: string, folder: string): Promise<readonly Setting[]> {
  const manifest = join(folder, "kubevirt-operator.yaml");
  await mkdir(folder, { recursive: true });
  const release = await readFile(join(cacheDir, `bin/kubevirt-${kubevirt.version}/kubevirt-operator.yaml`), "utf8");
  await writeFileAtomic(manifest, forSlowMachines(release), 0o644);
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
            // One of each is enough for one control-plane machine, and creating 55 instance types takes an emulated one two minutes.
            // KubeVirt takes an emulated processor for a qemu64, of which it migrates no machine; all nodes have the same one.
            spec: {
              infra: { replicas: 1 },
              configuration: { cpuModel: "host-passthrough", commonInstancetypesDeployment: { enabled: false } },
            },
          },
        },
      },
    ],
  ];
}

/**
 * The release's manifest with one operator, which has time to start: on an emulated processor it takes a minute, and the release's liveness probe
 * ends it after 35 seconds, again and again.
 */
function forSlowMachines(release: string): string {
  const documents = parseAllDocuments(release);
  for (const document of documents) {
    if (document.get("kind") !== "Deployment") continue;
    document.setIn(["spec", "replicas"], 1);
    for (const probe of ["livenessProbe", "readinessProbe"])
      document.setIn(["spec", "template", "spec", "containers", 0, probe, "failureThreshold"], 60);
  }
  return documents.map(String).join("");
}
