import type { InstallConfig } from "../install-config.ts";
import type { PlatformName } from "./keys.ts";
import type { OpenShiftPlatform } from "./openshift-platform.ts";
import type { PlatformConfig } from "./platform-config.ts";
import { PLATFORMS } from "./supported.ts";

/** Sorted. */
export const PLATFORM_NAMES: readonly PlatformName[] = PLATFORMS.map(({ name }) => name).toSorted();

/** Those whose machines virt-ipi creates. */
export const MACHINE_PLATFORMS: readonly PlatformName[] = PLATFORMS.filter(({ makesMachines }) => makesMachines).map(({ name }) => name);

/** The platforms that the file names; a valid one names exactly one. */
export function platformsOf(config: Pick<InstallConfig, "platform">): readonly PlatformConfig[] {
  return PLATFORMS.filter(({ name }) => config.platform?.[name] !== undefined);
}

/** The platform of a cluster. */
export function platformConfigOf({ platform }: { readonly platform: { readonly name: string } }): PlatformConfig | undefined {
  return PLATFORMS.find(({ name }) => name === platform.name);
}

/** What assets of OpenShift have of a cluster's platform; undefined where they are not rendered for it. */
export const openshiftPlatformOf = (spec: { readonly platform: { readonly name: string } }): OpenShiftPlatform | undefined =>
  platformConfigOf(spec)?.openshift;

/** A path as it is shown to the user. */
export const shownPath = (path: string): string => PLATFORMS.reduce((text, platform) => platform.shownPath?.(text) ?? text, path);
