import type { Part } from "../setup/part.ts";
import { coredns } from "./coredns.ts";
import { debianPackages } from "./debian-packages.ts";
import { etcd, etcdctl } from "./etcd.ts";
import { go } from "./go.ts";
import { ignitionValidate } from "./ignition-validate.ts";
import { kubernetes } from "./kubernetes.ts";
import { kubernetesPlugin } from "./kubernetes-plugin.ts";
import { kwok } from "./kwok.ts";
import { languageHost } from "./language-host.ts";
import { machineConfigServer } from "./machine-config-server.ts";
import { nodeImageOva } from "./node-image-ova.ts";
import { nodeImage } from "./node-image.ts";
import { olm, opm } from "./olm.ts";
import { pulumi } from "./pulumi.ts";
import { govc, vcsim } from "./vcsim.ts";
import { vspherePlugin } from "./vsphere-plugin.ts";

/** Everything that the project runs on, besides Node and its packages, in the order of the table. */
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
  ignitionValidate,
  olm,
  opm,
  kwok,
  nodeImage,
  govc,
  vcsim,
  vspherePlugin,
  nodeImageOva,
];
