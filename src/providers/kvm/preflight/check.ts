import type { KvmPlatformSpec } from "../../../config/platforms/kvm/index.ts";
import type { PlatformContext } from "../../platform.ts";
import type { Libvirt } from "../libvirt.ts";

export interface CheckInput extends PlatformContext {
  readonly platform: KvmPlatformSpec;
  readonly libvirt: Libvirt;
}
