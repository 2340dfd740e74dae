import type { InstallConfig } from "../install-config.ts";
import { baremetal } from "./baremetal/index.ts";
import { external } from "./external/index.ts";
import { kvm } from "./kvm/index.ts";
import { none } from "./none/index.ts";
import type { PlatformConfig } from "./platform-config.ts";
import { vsphere } from "./vsphere/index.ts";

const PLATFORMS: readonly PlatformConfig[] = [kvm, vsphere, baremetal, none, external];

/** The platforms that the file names; a valid one names exactly one. */
export function platformsOf(config: Pick<InstallConfig, "platform">): readonly PlatformConfig[] {
  return PLATFORMS.filter(({ name }) => config.platform?.[name] !== undefined);
}

/** A path as it is shown to the user. */
export const shownPath = (path: string): string => PLATFORMS.reduce((text, platform) => platform.shownPath?.(text) ?? text, path);
