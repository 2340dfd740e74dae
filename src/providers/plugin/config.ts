import type { ProviderConfig } from "../resource/resource.ts";
import type { Properties } from "../resource/values.ts";

export const DEFAULT_URI = "qemu:///system";

/** What `configure` is given, in the provider's own type: a libvirt host, a vCenter, or nothing. */
export function configOf({ uri, server, user, password }: Properties): ProviderConfig {
  const isVCenter = typeof server === "string" && typeof user === "string" && typeof password === "string";
  return { uri: typeof uri === "string" && uri !== "" ? uri : DEFAULT_URI, ...(isVCenter ? { vcenter: { server, user, password } } : {}) };
}
