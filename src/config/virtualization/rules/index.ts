import type { InstallConfig, RawVirtualization } from "../../install-config.ts";
import { forbidden, invalid, type IssueDraft } from "../../issue.ts";
import { minorOf, releaseOf, type Release } from "../compatibility.ts";
import { sourceOf, wantedVirtualization } from "../spec.ts";
import { subdomainProblem } from "../../network/dns-names.ts";
import { hyperConvergedRules } from "./hyper-converged.ts";
import { manifestRules, pinnedRules } from "./manifests.ts";
import { label } from "./names.ts";
import { storageRules } from "./storage.ts";
import { userRules } from "./users.ts";

const AT = "virtualization";
const CSV = /^kubevirt-hyperconverged-operator\.v(\d+)\.(\d+)\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** Keys that only one source knows: a key that does nothing is an error. */
const OLM_ONLY = ["channel", "startingCSV", "approval", "catalogSource", "namespace", "hyperConverged", "bootSources"] as const;

export function virtualizationRules(config: InstallConfig): readonly IssueDraft[] {
  const raw = wantedVirtualization(config);
  if (raw === undefined) return [];
  return [
    ...sourceRules(config, raw),
    ...olmRules(config, raw),
    ...manifestRules(config, raw),
    ...hyperConvergedRules(raw, hcoOf(raw)),
    ...storageRules(config, raw),
    ...migrationRules(raw),
    ...userRules(config, raw),
    ...pipelineRules(config, raw),
  ];
}

/** What works, but hardly as one thinks. */
export function virtualizationWarnings(config: InstallConfig): readonly IssueDraft[] {
  const raw = wantedVirtualization(config);
  if (raw === undefined) return [];
  const warnings: IssueDraft[] = [];
  const { distribution } = config;
  const olm = sourceOf(raw, distribution) === "OLM";
  if (raw.emulation === "On" && distribution === "openshift")
    warnings.push(forbidden(`${AT}.emulation`, "machines in software emulation are not supported by OpenShift Virtualization"));
  if (raw.startingCSV !== undefined && raw.approval === "Automatic")
    warnings.push(forbidden(`${AT}.approval`, "with Automatic, OLM upgrades past startingCSV at once"));
  if (olm && distribution === "kubernetes") warnings.push(forbidden(`${AT}.source`, "distribution kubernetes brings no OLM; deploy it first"));
  if (olm && raw.bootSources?.enabled !== false && raw.storage === undefined)
    warnings.push(
      forbidden(`${AT}.storage`, "is not given, so the cluster itself must have a default StorageClass, or boot images cannot be imported"),
    );
  return [...warnings, ...versionWarnings(raw)];
}

function sourceRules({ distribution }: InstallConfig, raw: RawVirtualization): readonly IssueDraft[] {
  const source = sourceOf(raw, distribution);
  if (source === "Manifests" && distribution !== "kubernetes")
    return [invalid(`${AT}.source`, source, `OLM brings and upgrades the operators on ${distribution}; use OLM`)];
  if (source === "OLM") return raw.manifests === undefined ? [] : [forbidden(`${AT}.manifests`, "can only be given with source Manifests")];
  return OLM_ONLY.filter((key) => raw[key] !== undefined).map((key) => forbidden(`${AT}.${key}`, "can only be given with source OLM"));
}

function olmRules({ distribution }: InstallConfig, raw: RawVirtualization): readonly IssueDraft[] {
  const issues: IssueDraft[] = [];
  const { startingCSV, namespace, channel, catalogSource } = raw;
  const major = startingCSV === undefined ? undefined : CSV.exec(startingCSV)?.[1];
  const wanted = distribution === "openshift" ? "4" : "1";
  if (startingCSV !== undefined && major === undefined)
    issues.push(invalid(`${AT}.startingCSV`, startingCSV, "must be of the form kubevirt-hyperconverged-operator.v1.18.1"));
  else if (major !== undefined && major !== wanted)
    issues.push(
      invalid(
        `${AT}.startingCSV`,
        startingCSV,
        `versions of ${distribution === "openshift" ? "OpenShift Virtualization" : "the community"} are ${wanted}.y.z`,
      ),
    );
  if (channel !== undefined && !/^[a-z0-9][a-z0-9._-]*$/i.test(channel))
    issues.push(invalid(`${AT}.channel`, channel, "is not the name of a channel"));
  issues.push(...label(`${AT}.namespace`, namespace), ...label(`${AT}.catalogSource.namespace`, catalogSource?.namespace));
  const name = catalogSource?.name;
  if (name !== undefined && subdomainProblem(name) !== undefined)
    issues.push(invalid(`${AT}.catalogSource.name`, name, subdomainProblem(name) ?? ""));
  if (distribution === "okd" && name === "redhat-operators")
    issues.push(invalid(`${AT}.catalogSource.name`, name, "OKD has no redhat-operators; community-operators holds the package"));
  const { image, address } = catalogSource ?? {};
  if (image !== undefined && address !== undefined) issues.push(forbidden(`${AT}.catalogSource.address`, "cannot be given together with image"));
  if (image !== undefined && !/^\S+\/\S+$/.test(image))
    issues.push(invalid(`${AT}.catalogSource.image`, image, "must be an image with its registry"));
  if (address !== undefined && !/^[^\s/:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(address))
    issues.push(invalid(`${AT}.catalogSource.address`, address, "must be host:port"));
  return issues;
}

function migrationRules({ liveMigration = {} }: RawVirtualization): readonly IssueDraft[] {
  const at = `${AT}.liveMigration`;
  const counts = ["parallelMigrationsPerCluster", "parallelOutboundMigrationsPerNode", "completionTimeoutPerGiB", "progressTimeout"] as const;
  const low = counts.filter((key) => (liveMigration[key] ?? 1) < 1).map((key) => invalid(`${at}.${key}`, liveMigration[key], "must be at least 1"));
  const { bandwidthPerMigration } = liveMigration;
  const quantity = bandwidthPerMigration === undefined || /^\d+(?:\.\d+)?(?:[kMGTPE]i?|m)?$/.test(bandwidthPerMigration);
  return [...low, ...(quantity ? [] : [invalid(`${at}.bandwidthPerMigration`, bandwidthPerMigration, "must be a quantity, such as 64Mi")])];
}

function pipelineRules({ distribution }: InstallConfig, { pipelines }: RawVirtualization): readonly IssueDraft[] {
  if (pipelines === undefined || pipelines.enabled === false) return [];
  const at = `${AT}.pipelines`;
  if (distribution === "openshift")
    return pipelines.files === undefined ? [] : [forbidden(`${at}.files`, "OLM deploys OpenShift Pipelines; only okd and kubernetes take manifests")];
  return [
    ...(pipelines.channel === undefined ? [] : [forbidden(`${at}.channel`, "is of OpenShift Pipelines, which only openshift has")]),
    ...pinnedRules(`${at}.files`, pipelines.files),
  ];
}

/** The release that a CSV's name is of; undefined where it is none that this version knows. */
function releaseOfCsv(startingCSV: string | undefined): Release | undefined {
  const [, major, minor] = CSV.exec(startingCSV ?? "") ?? [];
  return major === undefined ? undefined : releaseOf(major === "4" ? "openshift" : "hco", `${major}.${minor}.0`);
}

const hcoOf = ({ startingCSV }: RawVirtualization): string | undefined => minorOf(releaseOfCsv(startingCSV)?.hco ?? "");

/** Versions that were never released together, or that this version knows nothing of. */
function versionWarnings({ startingCSV, manifests }: RawVirtualization): readonly IssueDraft[] {
  const warnings: IssueDraft[] = [];
  if (CSV.test(startingCSV ?? "") && releaseOfCsv(startingCSV) === undefined)
    warnings.push(invalid(`${AT}.startingCSV`, startingCSV, "is a version that this virt-ipi does not know"));
  const kubevirt = manifests?.kubevirt?.version;
  if (kubevirt === undefined) return warnings;
  const row = releaseOf("kubevirt", kubevirt);
  if (row === undefined) return [...warnings, invalid(`${AT}.manifests.kubevirt.version`, kubevirt, "is a version that this virt-ipi does not know")];
  for (const name of ["cdi", "networkAddons", "hostPathProvisioner"] as const) {
    const version = manifests?.[name]?.version;
    if (version !== undefined && minorOf(version) !== minorOf(row[name]))
      warnings.push(invalid(`${AT}.manifests.${name}.version`, version, `was not released with KubeVirt ${kubevirt}, but ${minorOf(row[name])}`));
  }
  return warnings;
}
