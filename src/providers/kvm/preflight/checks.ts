import type { Check } from "../../preflight/check.ts";
import { checkVirtualizationMemory } from "../../preflight/virtualization-memory.ts";
import type { CheckInput } from "./check.ts";
import { checkAddressRanges, checkVips } from "./addresses.ts";
import { checkBridge } from "./bridge.ts";
import { checkClock, checkImage, checkTools } from "./local.ts";
import { checkAcceleration, checkMemory, checkReachable, checkVersion } from "./host.ts";
import { checkNested } from "./nested.ts";
import { checkDisk, checkPool } from "./pool.ts";
import { checkProcessors } from "./processors.ts";
import { checkNames } from "./taken-names.ts";

const CONNECTED = ["tools", "libvirt-reachable"];

/** In the order that they are shown. */
export const CHECKS: readonly Check<CheckInput>[] = [
  { id: "tools", title: "virsh and qemu-img are installed", run: checkTools },
  { id: "libvirt-reachable", needs: ["tools"], title: "libvirt answers", run: checkReachable },
  { id: "libvirt-version", needs: CONNECTED, title: "libvirt and QEMU are new enough", run: checkVersion },
  { id: "acceleration", needs: CONNECTED, title: "the host can accelerate machines", run: checkAcceleration },
  { id: "nested-virtualization", needs: CONNECTED, title: "machines can run virtual machines themselves", run: checkNested },
  { id: "processors", needs: CONNECTED, title: "emulated machines do not wait for each other's processors", run: checkProcessors },
  { id: "memory", needs: CONNECTED, title: "there is memory for all machines at once, bootstrap included", run: checkMemory },
  { id: "virtualization-memory", title: "machines have memory for KubeVirt and a virtual machine", run: checkVirtualizationMemory },
  { id: "pool-readable", needs: CONNECTED, title: "QEMU can read the storage pool", run: checkPool },
  { id: "disk-space", needs: CONNECTED, title: "there is disk space for all machines", run: checkDisk },
  { id: "names-free", needs: CONNECTED, title: "no other domain, network or volume has the names of this cluster", run: checkNames },
  { id: "bridge", needs: CONNECTED, title: "the bridge that the machines attach to exists", run: checkBridge },
  { id: "address-ranges", needs: CONNECTED, title: "the machine network is not a network of the host", run: checkAddressRanges },
  { id: "vip-free", needs: CONNECTED, title: "the virtual addresses are free", run: checkVips },
  { id: "image-checksum", needs: CONNECTED, title: "the image can be read and is a qcow2 image", run: checkImage },
  { id: "clock", needs: CONNECTED, title: "the clock of the host is right", run: checkClock },
];
