import { baremetal } from "./baremetal/index.ts";
import { external } from "./external/index.ts";
import { kvm } from "./kvm/index.ts";
import { none } from "./none/index.ts";
import type { PlatformConfig } from "./platform-config.ts";
import { vsphere } from "./vsphere/index.ts";

/** All platforms that an install-config may name. A new platform is one line here, and one in `providers/supported.ts`. */
export const PLATFORMS: readonly PlatformConfig[] = [kvm, vsphere, baremetal, none, external];
