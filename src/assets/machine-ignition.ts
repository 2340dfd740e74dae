import type { ClusterSpec, MachinePlan } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { AssetSet } from "./asset-set.ts";
import { IgnitionBuilder, ignitionText, type IgnitionConfig, type IgnitionFile } from "./ignition/index.ts";
import { staticNetworkFiles } from "./static-network.ts";

type Machine = Pick<MachinePlan, "name" | "role" | "pool" | "macAddress" | "staticHost">;

/**
 * The text that one machine is started with: `bootstrap.ign` or its pool's pointer, with the machine's name, and with its address where
 * the user decides it. What the asset already says of those files stays, so an edited pointer keeps its edits. A secret for bootstrap.
 * @throws InstallerError INTERNAL if the asset is missing, IGNITION_INVALID if it is not an Ignition config
 */
export function machineIgnition(assets: AssetSet, spec: Pick<ClusterSpec, "platform">, machine: Machine): string {
  const path = machine.role === "bootstrap" ? "bootstrap.ign" : `${machine.pool}.ign`;
  const asset = assets.get(path);
  if (asset === undefined) throw new InstallerError("INTERNAL", `there is no ${path} for machine ${machine.name}`, { value: path });
  const config = parseIgnition(path, asset.content);
  const known = config.storage?.files ?? [];
  const taken = new Set([...known, ...(config.storage?.links ?? []), ...(config.storage?.directories ?? [])].map((node) => node.path));
  const files = ownFiles(spec, machine).filter((file) => !taken.has(file.path));
  return ignitionText({ ...config, storage: { ...config.storage, files: [...known, ...files] } });
}

function ownFiles(spec: Pick<ClusterSpec, "platform">, machine: Machine): readonly IgnitionFile[] {
  const hostname = { path: "/etc/hostname", contents: `${machine.name}\n`, mode: 0o644 };
  return new IgnitionBuilder().file(hostname, ...staticNetworkFiles(spec, machine)).build().storage?.files ?? [];
}

/** @throws InstallerError IGNITION_INVALID; its message never quotes the text, which may hold keys */
function parseIgnition(path: string, text: string): IgnitionConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new InstallerError("IGNITION_INVALID", `${path} is not JSON`, { value: path });
  }
  const version = (config as Partial<IgnitionConfig> | null)?.ignition?.version as string | undefined;
  if (typeof version !== "string" || !version.startsWith("3."))
    throw new InstallerError("IGNITION_INVALID", `${path} is not an Ignition config of version 3`, { value: version ?? path });
  return config as IgnitionConfig;
}
