import { kvm } from "./kvm/index.ts";
import type { Platform } from "./platform.ts";
import { vsphere } from "./vsphere/index.ts";

/** All platforms that virt-ipi creates machines on. A new platform is one line here, and one in `config/platforms/supported.ts`. */
export const SUPPORTED: readonly Platform[] = [kvm, vsphere];
