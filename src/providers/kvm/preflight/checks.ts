import type { Check } from "./check.ts";
import { checkAddressRanges, checkVips } from "./addresses.ts";
import { checkClock, checkImage, checkTools } from "./local.ts";
import { checkAcceleration, checkMemory, checkReachable, checkVersion } from "./host.ts";
import { checkNested } from "./nested.ts";
import { checkDisk, checkPool } from "./pool.ts";
import { checkNames } from "./taken-names.ts";

/** In the order that they are run and shown. */
export const CHECKS: readonly Check[] = [
  { id: "tools", title: "virsh and qemu-img are installed", run: checkTools },
  { id: "libvirt-reachable", title: "libvirt answers", run: checkReachable },
  { id: "libvirt-version", title: "libvirt and QEMU are new enough", run: checkVersion },
  { id: "acceleration", title: "the host can accelerate machines", run: checkAcceleration },
  { id: "nested-virtualization", title: "machines can run virtual machines themselves", run: checkNested },
  { id: "memory", title: "there is memory for all machines at once, bootstrap included", run: checkMemory },
  { id: "pool-readable", title: "QEMU can read the storage pool", run: checkPool },
  { id: "disk-space", title: "there is disk space for all machines", run: checkDisk },
  { id: "names-free", title: "no foreign domain, network or volume has our names", run: checkNames },
  { id: "address-ranges", title: "the machine network is no network of the host", run: checkAddressRanges },
  { id: "vip-free", title: "nobody has the virtual addresses", run: checkVips },
  { id: "image-checksum", title: "the image can be read and is a qcow2 image", run: checkImage },
  { id: "clock", title: "the clock of the host is right", run: checkClock },
];
