import { connectionUriProblem } from "../../config/index.ts";
import { InstallerError } from "../../errors/index.ts";
import type { ProviderConfig } from "../resource/resource.ts";
import { isUnknownAt, type Properties } from "../resource/values.ts";

export const DEFAULT_URI = "qemu:///system";

/**
 * What `configure` is given, in the provider's own type: a libvirt host, a vCenter, or nothing.
 * @throws InstallerError LIBVIRT_URI_REFUSED: an engine need not have asked `checkConfig` first
 */
export function configOf(properties: Properties): ProviderConfig {
  const problem = uriProblem(properties);
  if (problem !== undefined) throw new InstallerError("LIBVIRT_URI_REFUSED", `the provider's uri ${problem}`);
  const { uri, server, user, password } = properties;
  const isVCenter = typeof server === "string" && typeof user === "string" && typeof password === "string";
  return { uri: typeof uri === "string" && uri !== "" ? uri : DEFAULT_URI, ...(isVCenter ? { vcenter: { server, user, password } } : {}) };
}

/** What is wrong with `uri`; undefined for one that is right, absent or not known yet. */
export function uriProblem(properties: Properties): string | undefined {
  const { uri } = properties;
  if (uri === undefined || uri === "" || isUnknownAt(properties, ["uri"])) return undefined;
  return typeof uri === "string" ? connectionUriProblem(uri, process.env)?.message : `must be a libvirt connection URI such as ${DEFAULT_URI}`;
}
