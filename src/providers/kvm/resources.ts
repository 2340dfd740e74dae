import { anyResource, type AnyResource } from "../../pulumi/index.ts";
import { baseImage } from "./base-image.ts";
import { machine } from "./machine.ts";
import { network } from "./network.ts";
import { storagePool } from "./storage-pool.ts";
import { volume } from "./volume.ts";

/** What our plugin makes on a libvirt host, by type token. */
export const resources: Readonly<Record<string, AnyResource>> = {
  "virt-ipi:kvm:Network": anyResource(network),
  "virt-ipi:kvm:StoragePool": anyResource(storagePool),
  "virt-ipi:kvm:BaseImage": anyResource(baseImage),
  "virt-ipi:kvm:Volume": anyResource(volume),
  "virt-ipi:kvm:Machine": anyResource(machine),
};

export { checkConfig } from "./provider-config.ts";
