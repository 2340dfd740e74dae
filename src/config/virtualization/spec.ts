import type {
  Distribution,
  HostPathPool,
  ManifestComponent,
  ManifestOperators,
  OlmOperators,
  PinnedFile,
  VirtualizationSpec,
  VirtualizationStorage,
} from "../cluster-spec.ts";
import type { InstallConfig, RawVirtualization } from "../install-config.ts";

/** What differs by distribution. Source: docs of OpenShift Virtualization, okd catalog sources, operatorhub.io's quickstart. */
const OLM = {
  openshift: {
    namespace: "openshift-cnv",
    packageName: "kubevirt-hyperconverged",
    catalogSource: { name: "redhat-operators", namespace: "openshift-marketplace" },
  },
  okd: {
    namespace: "kubevirt-hyperconverged",
    packageName: "community-kubevirt-hyperconverged",
    catalogSource: { name: "community-operators", namespace: "openshift-marketplace" },
  },
  kubernetes: {
    namespace: "kubevirt-hyperconverged",
    packageName: "community-kubevirt-hyperconverged",
    catalogSource: { name: "operatorhubio-catalog", namespace: "olm" },
  },
} as const satisfies Record<Distribution, Pick<OlmOperators, "namespace" | "packageName" | "catalogSource">>;

/** The section if virtual machines are wanted. */
export function wantedVirtualization({ virtualization }: Pick<InstallConfig, "virtualization">): RawVirtualization | undefined {
  return virtualization === undefined || virtualization.enabled === false ? undefined : virtualization;
}

export function sourceOf(raw: RawVirtualization, distribution: Distribution): "OLM" | "Manifests" {
  return raw.source ?? (distribution === "kubernetes" ? "Manifests" : "OLM");
}

/** The section with all that was left out decided. Only for a config that fulfils all rules. */
export function virtualizationSpec(config: InstallConfig): VirtualizationSpec | undefined {
  const raw = wantedVirtualization(config);
  if (raw === undefined) return undefined;
  const { distribution } = config;
  const { users, pipelines } = raw;
  return {
    operators: sourceOf(raw, distribution) === "OLM" ? olmOperators(raw, distribution) : manifestOperators(raw),
    emulation: raw.emulation ?? "Auto",
    uninstallStrategy: raw.uninstallStrategy ?? "BlockUninstallIfWorkloadsExist",
    storage: storageOf(raw),
    liveMigration: raw.liveMigration ?? {},
    ...(users === undefined
      ? {}
      : {
          users: {
            identityProvider: users.identityProvider ?? "htpasswd",
            htpasswd: users.htpasswd ?? "",
            clusterAdmins: users.clusterAdmins ?? [],
            roles: (users.roles ?? []).map(({ user = "", namespace = "", role = "view" }) => ({ user, namespace, role })),
          },
        }),
    ...(pipelines === undefined || pipelines.enabled === false
      ? {}
      : {
          pipelines:
            distribution === "openshift"
              ? { source: "OLM", channel: pipelines.channel ?? "latest" }
              : { source: "Manifests", files: pinned(pipelines.files, undefined) },
        }),
  };
}

function olmOperators(raw: RawVirtualization, distribution: Distribution): OlmOperators {
  const { packageName, ...defaults } = OLM[distribution];
  const { name, namespace: catalogNamespace, image, address } = raw.catalogSource ?? {};
  const namespace = raw.namespace ?? defaults.namespace;
  return {
    source: "OLM",
    namespace,
    packageName,
    // The community's version knows no install mode but AllNamespaces; Red Hat documents the own namespace for the product.
    ...(distribution === "openshift" ? { targetNamespaces: [namespace] } : {}),
    channel: raw.channel ?? "stable",
    ...(raw.startingCSV === undefined ? {} : { startingCSV: raw.startingCSV }),
    approval: raw.approval ?? (raw.startingCSV === undefined ? "Automatic" : "Manual"),
    catalogSource: {
      name: name ?? ((image ?? address) === undefined ? defaults.catalogSource.name : "virt-ipi"),
      namespace: catalogNamespace ?? defaults.catalogSource.namespace,
      ...(image === undefined ? {} : { image }),
      ...(address === undefined ? {} : { address }),
    },
    hyperConverged: raw.hyperConverged ?? {},
    bootSources: raw.bootSources?.enabled ?? true,
  };
}

function manifestOperators({ manifests }: RawVirtualization): ManifestOperators {
  const component = (part: NonNullable<RawVirtualization["manifests"]>["kubevirt"]): ManifestComponent => ({
    version: (part?.version ?? "").replace(/^v/, ""),
    files: pinned(part?.files, manifests?.mirror),
    spec: part?.spec ?? {},
  });
  return {
    source: "Manifests",
    kubevirt: component(manifests?.kubevirt),
    ...(manifests?.cdi === undefined ? {} : { cdi: component(manifests.cdi) }),
    ...(manifests?.networkAddons === undefined ? {} : { networkAddons: component(manifests.networkAddons) }),
    ...(manifests?.hostPathProvisioner === undefined ? {} : { hostPathProvisioner: component(manifests.hostPathProvisioner) }),
  };
}

type RawFiles = NonNullable<NonNullable<RawVirtualization["manifests"]>["kubevirt"]>["files"];

function pinned(files: RawFiles, mirror: string | undefined): readonly PinnedFile[] {
  return (files ?? []).map(({ location = "", sha256 = "" }) => ({
    location: mirror === undefined ? location : location.replace(/^https:\/\/github\.com\//, `${mirror.replace(/\/$/, "")}/`),
    sha256: sha256.toLowerCase(),
  }));
}

function storageOf({ storage }: RawVirtualization): VirtualizationStorage {
  const { hostPathProvisioner, storageClass, storageProfiles } = storage ?? {};
  return {
    pools: (hostPathProvisioner?.pools ?? []).map(({ name = "", path = "", storageClass: className, pvcTemplate }): HostPathPool => ({
      name,
      path,
      storageClass: className ?? `hostpath-${name}`,
      ...(pvcTemplate === undefined ? {} : { pvcTemplate }),
    })),
    ...(hostPathProvisioner?.nodeSelector === undefined ? {} : { nodeSelector: hostPathProvisioner.nodeSelector }),
    ...(storageClass === undefined ? {} : { storageClass }),
    profiles: (storageProfiles ?? []).map(({ name = "", ...spec }) => ({ name, spec })),
  };
}
