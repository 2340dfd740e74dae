import { type ErrorId, InstallerError } from "../errors/index.ts";
import type { Platform, PlatformAccess, PlatformMetadata, PlatformPlugin } from "./platform.ts";
import { SUPPORTED } from "./supported.ts";

/** By name. */
export const PLATFORMS: ReadonlyMap<string, Platform> = new Map(SUPPORTED.map((platform) => [platform.name, platform]));

/** Names of the platforms that machines can be made on. */
export const platformNames: readonly string[] = [...PLATFORMS.keys()];

/** The plugins of all platforms. */
export const platformPlugins = (): readonly PlatformPlugin[] => [...PLATFORMS.values()].flatMap(({ plugins = [] }) => plugins);

/** What a platform's scan calls the objects of a Pulumi resource. @param type its token, such as `virt-ipi:<platform>:Machine` */
export function kindOf(type: string): string {
  const own = [...PLATFORMS.values()].flatMap(({ kinds }) => kinds?.[type] ?? []);
  return own[0] ?? (type.split(":").at(-1) ?? "").toLowerCase();
}

/** A machine's console text, or undefined if there is none or the platform has no consoles. */
export async function readConsole(machine: string, metadata: PlatformMetadata, context: PlatformAccess): Promise<string | undefined> {
  return await PLATFORMS.get(metadata.platform)?.consoleOf?.(machine, metadata, context);
}

/** The error for a failure of a resource that a platform takes from another's provider; undefined for any other type. */
export function platformErrorId(type: string, message: string): ErrorId | undefined {
  for (const platform of PLATFORMS.values()) {
    const id = platform.errorId?.(type, message);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** @throws InstallerError PLATFORM_UNSUPPORTED */
export function platformFor(name: string): Platform {
  const platform = PLATFORMS.get(name);
  if (platform !== undefined) return platform;
  throw new InstallerError("PLATFORM_UNSUPPORTED", `virt-ipi creates no machines on platform "${name}"`, {
    value: name,
    advice: `Start machines of your own with what \`virt-ipi create ignition-configs\` writes. To have them created, use one of: ${platformNames.join(", ")}.`,
  });
}
