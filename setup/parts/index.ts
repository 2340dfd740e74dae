import type { Part } from "../part.ts";
import { coredns } from "./coredns.ts";
import { debianPackages } from "./debian-packages.ts";
import { etcd, etcdctl } from "./etcd.ts";
import { go } from "./go.ts";
import { govc } from "./govc.ts";
import { kubernetes } from "./kubernetes.ts";
import { kubernetesPlugin } from "./kubernetes-plugin.ts";
import { languageHost } from "./language-host.ts";
import { machineApi } from "./machine-api.ts";
import { machineConfigServer } from "./machine-config-server.ts";
import { nodeImageOva } from "./node-image-ova.ts";
import { nodeImage } from "./node-image.ts";
import { pulumi } from "./pulumi.ts";
import { vspherePlugin } from "./vsphere-plugin.ts";

/** Everything that a user runs, besides Node and its packages, in the order of the table. */
export const PARTS: readonly Part[] = [
  debianPackages,
  go,
  pulumi,
  languageHost,
  kubernetesPlugin,
  etcd,
  etcdctl,
  kubernetes,
  coredns,
  machineConfigServer,
  nodeImage,
  govc,
  vspherePlugin,
  nodeImageOva,
  machineApi,
];

/** The platforms of which a cluster's host needs something more. */
export const PLATFORMS = ["kvm", "vsphere"] as const;

const ANY_PLATFORM: readonly Part[] = [pulumi, languageHost, kubernetesPlugin];
const BY_PLATFORM: Readonly<Record<(typeof PLATFORMS)[number], readonly Part[]>> = {
  kvm: [debianPackages, nodeImage],
  vsphere: [govc, vspherePlugin, nodeImageOva],
};

/** Ids of what a user's clusters on these platforms run on; what these parts need comes with them. */
export function partsFor(platforms: readonly string[]): readonly string[] {
  const chosen = PLATFORMS.filter((platform) => platforms.includes(platform)).flatMap((platform) => BY_PLATFORM[platform]);
  return [...ANY_PLATFORM, ...chosen].map(({ id }) => id);
}

/** Ids of what one cluster without virtualization runs on, made by the command line on KVM. */
export const DEMO_PARTS: readonly string[] = [debianPackages, pulumi, nodeImage].map(({ id }) => id);
