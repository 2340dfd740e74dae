import { type ErrorId, InstallerError } from "../errors/index.ts";
import { kvm } from "./kvm/index.ts";
import type { Platform } from "./platform.ts";
import { vsphere } from "./vsphere/index.ts";

/** All platforms that make machines. A new platform is one line here. */
export const PLATFORMS: ReadonlyMap<string, Platform> = new Map([kvm, vsphere].map((platform) => [platform.name, platform]));

/** Names of the platforms that machines can be made on. */
export const platformNames: readonly string[] = [...PLATFORMS.keys()];

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
  throw new InstallerError("PLATFORM_UNSUPPORTED", `virt-ipi makes no machines on platform "${name}"`, {
    value: name,
    advice: `Use one of: ${platformNames.join(", ")}.`,
  });
}
