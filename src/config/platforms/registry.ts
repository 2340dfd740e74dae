import type { InstallConfig } from "../install-config.ts";
import type { OpenShiftSpec } from "../openshift/openshift-spec.ts";
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

interface Rendered {
  readonly platform: { readonly name: string };
  readonly openshift?: Pick<OpenShiftSpec, "platform">;
}

/** A cluster as OpenShift's objects know it: on the platform that its assets are rendered as. */
export const asRendered = <T extends Rendered>(spec: T): T => ({ ...spec, platform: spec.openshift?.platform ?? spec.platform });

/** What assets of OpenShift have of a cluster's platform; undefined where they are rendered as another's and the spec does not say which. */
export function openshiftPlatformOf(spec: Rendered): OpenShiftPlatform | undefined {
  const openshift = platformConfigOf(asRendered(spec))?.openshift;
  return openshift === undefined || "as" in openshift ? undefined : openshift;
}

/** The platform's name in OpenShift's own install-config. */
export const openshiftNameOf = ({ name, openshift }: PlatformConfig): PlatformName => ("as" in openshift ? openshift.as : name);

/** The install-config that OpenShift's assets are rendered of, and its platform where that is another one. */
export function renderedConfig(config: InstallConfig, platform: PlatformConfig): Pick<OpenShiftSpec, "config" | "platform"> {
  const other = PLATFORMS.find(({ name }) => name === openshiftNameOf(platform));
  if (!("as" in platform.openshift) || other === undefined) return { config };
  const translated = platform.openshift.config(config);
  const complete = other.applyDefaults?.(translated) ?? translated;
  return { config: complete, platform: other.platformSpec(complete) };
}

/** A path as it is shown to the user. */
export const shownPath = (path: string): string => PLATFORMS.reduce((text, platform) => platform.shownPath?.(text) ?? text, path);
