import type { ClusterSpec, MachinePlan } from "../config/index.ts";
import { InstallerError } from "../errors/index.ts";
import type { AssetSet } from "./asset-set.ts";
import {
  IgnitionBuilder,
  ignitionText,
  parseIgnition,
  toResource,
  type FileInput,
  type IgnitionConfig,
  type IgnitionFile,
} from "./ignition/index.ts";
import type { MachineTokens } from "./machine-token.ts";
import { authorization, machineConfigUrl, poolOfConfigUrl, TOKEN_FILE, tokenFileText } from "./pointer-ignition.ts";
import { staticNetworkFiles } from "./static-network.ts";

type Machine = Pick<MachinePlan, "name" | "role" | "pool" | "macAddress" | "staticHost">;

/** What the machines' own configs are made from, beside the assets. A secret. */
export interface MachineStart {
  /** Absent where the machine-config server asks for no token. */
  readonly tokens?: MachineTokens;
  /** What the pointers point to, by pool. */
  readonly configs: ReadonlyMap<string, IgnitionConfig>;
}

export interface MachineIgnitionInput {
  readonly assets: AssetSet;
  readonly spec: ClusterSpec;
  readonly start: MachineStart;
  /** While it is, control-plane machines fetch their config; from then on nobody serves it. */
  readonly bootstrapping: boolean;
}

/**
 * The text that one machine is started with: `bootstrap.ign` or its pool's pointer, with the machine's name and token, and with its address
 * where the user decides it. What the asset already says of those files stays, so an edited pointer keeps its edits. A secret.
 * @throws InstallerError INTERNAL if the asset is missing, IGNITION_INVALID if it is not an Ignition config
 */
export function machineIgnition(input: MachineIgnitionInput, machine: Machine): string {
  const { assets, spec } = input;
  const path = machine.role === "bootstrap" ? "bootstrap.ign" : `${machine.pool}.ign`;
  const asset = assets.get(path);
  if (asset === undefined) throw new InstallerError("INTERNAL", `there is no ${path} for machine ${machine.name}`, { value: path });
  const config = ownConfig(input, machine, parseIgnition(path, asset.content));
  return ignitionText(withFiles(config, ownFiles(machine.name, staticNetworkFiles(spec, machine))));
}

/**
 * What a pool's machines are started with that the cluster asks for, but for what is each machine's own: the pool's pointer without a token, since
 * a Secret of the cluster must open nothing by itself.
 * @throws InstallerError INTERNAL if the asset is missing, IGNITION_INVALID if it is not an Ignition config
 */
export function poolUserData({ assets }: Pick<MachineIgnitionInput, "assets">, pool: string): string {
  const path = `${pool}.ign`;
  const asset = assets.get(path);
  if (asset === undefined) throw new InstallerError("INTERNAL", `there is no ${path} for pool ${pool}`, { value: path });
  const config = parseIgnition(path, asset.content);
  const merge = config.ignition.config?.merge?.map((resource) => {
    if (poolOfConfigUrl(resource.source) === undefined) return resource;
    const { httpHeaders: _, ...open } = resource;
    return open;
  });
  return ignitionText(merge === undefined ? config : { ...config, ignition: { ...config.ignition, config: { ...config.ignition.config, merge } } });
}

/** How machines that the cluster asks for are known to the machine-config server. */
export interface ComputeTokens {
  readonly tokens: MachineTokens;
  /** The pools whose configs they may open: those of compute machines. */
  readonly pools: ReadonlySet<string>;
  /** When the token ends; absent for never. */
  readonly expires?: Date;
}

/**
 * The text that a machine is started with which the cluster itself asks for: the pointer of its pool, as a Secret of the cluster has it, with the
 * machine's name, and with its own token where that asks this cluster's server for a compute pool's config. A secret.
 * @param auth absent where the server asks for no token
 * @throws InstallerError IGNITION_INVALID
 */
export function clusterMachineIgnition(userData: string, name: string, auth: ComputeTokens | undefined): string {
  const config = parseIgnition("userData", userData);
  try {
    return ignitionText(withFiles(auth === undefined ? config : withToken(config, name, auth), ownFiles(name)));
  } catch {
    // Whoever writes Secrets can write anything there, and what is thrown about it could quote it.
    throw new InstallerError("IGNITION_INVALID", "userData is not an Ignition config of version 3", { value: name });
  }
}

/**
 * The text that all machines of a pool are started with where the cluster cannot give each its own: the pool's pointer with a token of the pool, in
 * place of the one it has, which opens nothing but configs of compute machines. A secret.
 * @param pointer `<pool>.ign`
 * @throws InstallerError IGNITION_INVALID
 */
export const sharedMachineIgnition = (pool: string, pointer: string, auth: ComputeTokens & { readonly expires: Date }): string =>
  ignitionText(withToken(parseIgnition(`${pool}.ign`, pointer), undefined, auth));

/** @param machine undefined for a token of the whole pool */
function withToken(config: IgnitionConfig, machine: string | undefined, { tokens, pools, expires }: ComputeTokens): IgnitionConfig {
  const merge = config.ignition.config?.merge?.map((resource) => {
    const pool = poolOfConfigUrl(resource.source);
    if (pool === undefined || !pools.has(pool)) return resource;
    const header = authorization(tokens({ pool, ...(machine === undefined ? {} : { machine }), ...(expires === undefined ? {} : { expires }) }));
    const others = (resource.httpHeaders ?? []).filter((each) => each.name.toLowerCase() !== header.name.toLowerCase());
    return { ...resource, httpHeaders: [...others, header] };
  });
  return merge === undefined ? config : { ...config, ignition: { ...config.ignition, config: { ...config.ignition.config, merge } } };
}

/** What the config already says of a file stays. */
function withFiles(config: IgnitionConfig, files: readonly IgnitionFile[]): IgnitionConfig {
  const known = config.storage?.files ?? [];
  const taken = new Set([...known, ...(config.storage?.links ?? []), ...(config.storage?.directories ?? [])].map((node) => node.path));
  return { ...config, storage: { ...config.storage, files: [...known, ...files.filter((file) => !taken.has(file.path))] } };
}

/**
 * Its pool's pointer with the machine's token wherever that of the pool stands. After bootstrapping the pointer of a control-plane machine is
 * replaced by what it points to.
 */
function ownConfig({ spec, start, bootstrapping }: MachineIgnitionInput, machine: Machine, config: IgnitionConfig): IgnitionConfig {
  const { tokens, configs } = start;
  const { pool, name, role } = machine;
  if (role === "bootstrap" || tokens === undefined) return config;
  const [poolToken, token] = [tokens({ pool }), tokens({ pool, machine: name })];
  const whole = role === "control-plane" && !bootstrapping ? configs.get(pool) : undefined;
  const merge = config.ignition.config?.merge?.map((resource) => {
    if (whole !== undefined && resource.source === machineConfigUrl(spec, pool)) return toResource(ignitionText(whole));
    if (resource.httpHeaders === undefined) return resource;
    const { value } = authorization(poolToken);
    return { ...resource, httpHeaders: resource.httpHeaders.map((header) => (header.value === value ? authorization(token) : header)) };
  });
  const { source } = toResource(tokenFileText(poolToken));
  const files = config.storage?.files?.map((file) =>
    file.path === TOKEN_FILE && file.contents?.source === source ? { ...file, contents: toResource(tokenFileText(token)) } : file,
  );
  return {
    ...config,
    ...(merge === undefined ? {} : { ignition: { ...config.ignition, config: { ...config.ignition.config, merge } } }),
    ...(files === undefined ? {} : { storage: { ...config.storage, files } }),
  };
}

function ownFiles(name: string, more: readonly FileInput[] = []): readonly IgnitionFile[] {
  const hostname = { path: "/etc/hostname", contents: `${name}\n`, mode: 0o644 };
  return new IgnitionBuilder().file(hostname, ...more).build().storage?.files ?? [];
}
