import { forbidden, invalid, type IssueDraft, required, stricter } from "./issue.ts";
import type { Positions } from "./positions.ts";
import { addressBits, parseCidr, withoutZeros } from "./network/address.ts";
import type { RawNetworking } from "./install-config.ts";
import type { Conversion } from "./platforms/conversion.ts";
import { platformsOf } from "./platforms/registry.ts";
import type { RawInstallConfig } from "./schema/shape.ts";

const VERSION = "v1";
const CONVERTIBLE: readonly string[] = [VERSION, "v1beta3", "v1beta4"];

/** The error that ends validation at once, for a file in a format that we do not know. */
export function checkApiVersion(apiVersion: string | undefined): IssueDraft | undefined {
  if (apiVersion === undefined || apiVersion === "") return required("apiVersion", "no version is given; write apiVersion: v1");
  return CONVERTIBLE.includes(apiVersion)
    ? undefined
    : invalid("apiVersion", apiVersion, `cannot convert from version ${apiVersion}; known versions: ${CONVERTIBLE.join(", ")}`);
}

export interface Converted {
  readonly config: RawInstallConfig;
  readonly errors: readonly IssueDraft[];
  readonly warnings: readonly IssueDraft[];
}

/** Deprecated keys to the ones of today, beside which they stay: the cluster keeps them too. Where both are given they must say the same. */
export function convertDeprecated(raw: RawInstallConfig, positions: Positions): Converted {
  const log: Conversion = { positions, errors: [], warnings: [] };
  const neutral: RawInstallConfig = { ...raw, apiVersion: VERSION };
  if (raw.networking !== undefined) neutral.networking = convertNetworking(raw.networking, log);
  const config = platformsOf(raw).reduce((value, platform) => platform.convert?.(value, log) ?? value, withoutOthers(neutral, log));
  if ((raw.imageContentSources ?? []).length > 0) log.warnings.push(forbidden("imageContentSources", "is deprecated; use imageDigestSources"));
  return { config, errors: log.errors, warnings: log.warnings };
}

/** The file without platforms that OpenShift's installer reads nothing of, since another stands beside them. */
function withoutOthers(config: RawInstallConfig, log: Conversion): RawInstallConfig {
  if (config.distribution === "kubernetes") return config;
  const given = platformsOf(config);
  const names = given.map(({ name }) => name);
  const unread = given.filter(({ yieldsTo = [] }) => yieldsTo.some((name) => names.includes(name))).map(({ name }) => name);
  if (unread.length === 0) return config;
  log.errors.push(stricter(invalid("platform", names, `must only specify a single type of platform; nothing is read of ${unread.join(" and ")}`)));
  const others = new Set<string>(unread);
  return { ...config, platform: Object.fromEntries(Object.entries(config.platform ?? {}).filter(([name]) => !others.has(name))) };
}

function convertNetworking(old: RawNetworking, log: Conversion): RawNetworking {
  const { positions } = log;
  const { machineCIDR, type, serviceCIDR, clusterNetworks, ...networking } = old;
  const isMoved = clusterNetworks !== undefined && networking.clusterNetwork === undefined;
  // OpenShift cannot read the file then, whether the key is used or not.
  // Those that are used are checked with the others.
  const pods = (networking.clusterNetwork === undefined ? [] : (clusterNetworks ?? [])).map(
    ({ cidr }, index) => [`clusterNetworks[${index}].cidr`, cidr] as const,
  );
  for (const [key, text] of [...Object.entries({ machineCIDR, serviceCIDR }), ...pods])
    if (text !== undefined && parseCidr(withoutZeros(text) ?? text) === undefined)
      log.errors.push(invalid(`networking.${key}`, text, "is not a CIDR"));
  const moved = <T>(from: string, to: string, oldValue: T | undefined, newValue: T | undefined, at = to): T | undefined => {
    if (oldValue === undefined) return newValue;
    log.warnings.push(forbidden(`networking.${from}`, `is deprecated; use ${to}`));
    if (newValue === undefined) positions.moved(`networking.${at}`, `networking.${from}`);
    else if (JSON.stringify(oldValue) !== JSON.stringify(newValue))
      log.errors.push(stricter(invalid(`networking.${from}`, oldValue, `${from} is deprecated and differs from ${to}; keep ${to} only`)));
    return newValue ?? oldValue;
  };
  const machineNetwork = moved(
    "machineCIDR",
    "machineNetwork",
    machineCIDR === undefined ? undefined : [{ cidr: machineCIDR }],
    networking.machineNetwork,
  );
  const serviceNetwork = moved("serviceCIDR", "serviceNetwork", serviceCIDR === undefined ? undefined : [serviceCIDR], networking.serviceNetwork);
  const networkType = moved("type", "networkType", type, networking.networkType);
  const clusterNetwork = moved<NonNullable<RawNetworking["clusterNetwork"]>>(
    "clusterNetworks",
    "clusterNetwork",
    clusterNetworks,
    networking.clusterNetwork,
  );
  const plain = (text: string, path: string): string => plainCidr(text, `networking.${path}`, log);
  const plainEntries = <T extends { readonly cidr?: string | undefined }>(entries: readonly T[], key: string): T[] =>
    entries.map((entry, index) => (entry.cidr === undefined ? entry : { ...entry, cidr: plain(entry.cidr, `${key}[${index}].cidr`) }));
  const podNetworks =
    clusterNetwork === undefined
      ? undefined
      : plainEntries(clusterNetwork, "clusterNetwork").map((entry, index) => convertHostSubnet(entry, index, log));
  return {
    ...old,
    ...(machineNetwork === undefined ? {} : { machineNetwork: plainEntries(machineNetwork, "machineNetwork") }),
    ...(serviceNetwork === undefined ? {} : { serviceNetwork: serviceNetwork.map((cidr, index) => plain(cidr, `serviceNetwork[${index}]`)) }),
    ...(networkType === undefined ? {} : { networkType: canonical(networkType) }),
    ...(podNetworks === undefined ? {} : { clusterNetwork: podNetworks, ...(isMoved ? { clusterNetworks: podNetworks } : {}) }),
  };
}

/** A CIDR as it would be without zeros before the length of its prefix. */
function plainCidr(text: string, path: string, log: Conversion): string {
  const plain = withoutZeros(text);
  if (plain !== undefined) log.errors.push(stricter(invalid(path, text, `is not a CIDR: write ${plain}`)));
  return plain ?? text;
}

/** Capitals do not matter in the names of OpenShift's own plugins. */
function canonical(networkType: string): string {
  return ["OVNKubernetes", "OpenShiftSDN"].find((name) => name.toLowerCase() === networkType.toLowerCase()) ?? networkType;
}

type ClusterNetworkEntry = NonNullable<RawNetworking["clusterNetwork"]>[number];

function convertHostSubnet({ hostSubnetLength, ...entry }: ClusterNetworkEntry, index: number, log: Conversion): ClusterNetworkEntry {
  if (hostSubnetLength === undefined) return entry;
  const path = `networking.clusterNetwork[${index}]`;
  log.warnings.push(forbidden(`${path}.hostSubnetLength`, "is deprecated; use hostPrefix"));
  const cidr = parseCidr(entry.cidr ?? "");
  if (cidr === undefined) return entry;
  const hostPrefix = addressBits(cidr.family) - hostSubnetLength;
  if (entry.hostPrefix !== undefined && entry.hostPrefix !== hostPrefix) {
    const message = `is deprecated and means hostPrefix ${hostPrefix}, which differs from the hostPrefix given`;
    log.errors.push(stricter(invalid(`${path}.hostSubnetLength`, hostSubnetLength, message)));
    return entry;
  }
  log.positions.moved(`${path}.hostPrefix`, `${path}.hostSubnetLength`);
  return { ...entry, hostSubnetLength, hostPrefix };
}
