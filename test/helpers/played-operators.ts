import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { BUSYBOX_IMAGE } from "../../setup/node-image/context.ts";
import { definition, operatorManifest } from "./operator-manifest.ts";

/**
 * @plays the operators of KubeVirt and CDI in a cluster of guests
 * @contract the objects and names of their manifests, labels of nodes, and the status that the real ones write
 * @because their images cannot be pulled where tests run
 * @real test/nightly/kubevirt-vm.test.ts
 */

/**
 * KubeVirt and CDI for a cluster of real guests, whose images no machine here can pull: the manifests have the real ones' objects and
 * names, the pods run on real kubelets, and what runs in them is the node's own kubectl, which does what the real operators are
 * waited for: nodes are marked as schedulable, and KubeVirt's and CDI's status tells that all is deployed.
 */

/** Of KubeVirt and CDI alike. */
const VERSION = "1.8.4";

/** @param commands shell, run again and again in the pod with its own service account */
function played(commands: readonly string[]): Readonly<Record<string, unknown>> {
  const script = ["while :; do", ...commands.map((command) => `${command} || true`), "busybox sleep 20", "done"].join("\n");
  return {
    tolerations: [{ operator: "Exists" }],
    containers: [
      {
        name: "operator",
        image: BUSYBOX_IMAGE,
        imagePullPolicy: "Never",
        command: ["/bin/busybox", "sh", "-c", script],
        env: [{ name: "HOME", value: "/" }],
        volumeMounts: [{ name: "kubectl", mountPath: "/bin/kubectl", readOnly: true }],
      },
    ],
    volumes: [{ name: "kubectl", hostPath: { path: "/usr/bin/kubectl", type: "File" } }],
  };
}

const conditions = [
  { type: "Available", status: "True" },
  { type: "Progressing", status: "False" },
  { type: "Degraded", status: "False" },
];
const setStatus = (object: string, versions: object): string =>
  `kubectl patch ${object} --subresource=status --type=merge --patch '${JSON.stringify({ status: { phase: "Deployed", conditions, ...versions } })}'`;

const componentsOf = (version: string) => ({
  kubevirt: operatorManifest(
    "kubevirt",
    "virt-operator",
    [
      definition("kubevirt.io", "v1", "KubeVirt", "Namespaced"),
      definition("kubevirt.io", "v1", "VirtualMachine", "Namespaced"),
      definition("kubevirt.io", "v1", "VirtualMachineInstance", "Namespaced"),
    ],
    played([
      "kubectl label nodes --all --overwrite kubevirt.io/schedulable=true",
      setStatus("--namespace kubevirt kubevirts.kubevirt.io kubevirt", {
        observedKubeVirtVersion: `v${version}`,
        targetKubeVirtVersion: `v${version}`,
      }),
    ]),
  ),
  cdi: operatorManifest(
    "cdi",
    "cdi-operator",
    [definition("cdi.kubevirt.io", "v1beta1", "CDI", "Cluster"), definition("cdi.kubevirt.io", "v1beta1", "DataVolume", "Namespaced")],
    played([setStatus("cdis.cdi.kubevirt.io cdi", { observedVersion: `v${version}`, targetVersion: `v${version}` })]),
  ),
});

/** Writes the manifests into a folder. @returns `virtualization` of an install-config that deploys them */
export async function playedVirtualization(dir: string, version = VERSION): Promise<object> {
  const manifests: Record<string, object> = {};
  for (const [name, objects] of Object.entries(componentsOf(version))) {
    const text = objects.map((object) => stringify(object)).join("---\n");
    const location = join(dir, `${name}-${version}.yaml`);
    await writeFile(location, text);
    manifests[name] = { version, files: [{ location, sha256: createHash("sha256").update(text).digest("hex") }] };
  }
  return { source: "Manifests", manifests };
}
