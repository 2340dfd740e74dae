import type { GroupVersionKind, KubeObject } from "./objects.ts";

/** One version of an operator. */
export interface Bundle {
  /** The name of its ClusterServiceVersion. */
  readonly name: string;
  readonly version: string;
  readonly replaces?: string;
  readonly provides: readonly GroupVersionKind[];
  /** Its manifests. They go into the catalog itself, so that nothing has to be pulled and unpacked. */
  readonly objects: readonly KubeObject[];
  /** Instead of `objects`: an image, which OLM unpacks by a Job. */
  readonly image?: string;
}

export interface CatalogPackage {
  readonly name: string;
  readonly defaultChannel: string;
  /** Bundles by channel; each replaces the one before it. */
  readonly channels: Readonly<Record<string, readonly Bundle[]>>;
}

/**
 * A file-based catalog: a stream of JSON objects, as `opm serve` reads it.
 * Source: https://olm.operatorframework.io/docs/reference/file-based-catalogs
 */
export function renderCatalog(packages: readonly CatalogPackage[]): string {
  return packages
    .flatMap((pkg) => [packageBlob(pkg), ...channelBlobs(pkg), ...bundlesOf(pkg).map((bundle) => bundleBlob(pkg, bundle))])
    .map((blob) => `${JSON.stringify(blob)}\n`)
    .join("");
}

const packageBlob = ({ name, defaultChannel }: CatalogPackage): object => ({ schema: "olm.package", name, defaultChannel });

const channelBlobs = (pkg: CatalogPackage): object[] =>
  Object.entries(pkg.channels).map(([name, bundles]) => ({
    schema: "olm.channel",
    package: pkg.name,
    name,
    entries: bundles.map((bundle) => ({ name: bundle.name, ...(bundle.replaces === undefined ? {} : { replaces: bundle.replaces }) })),
  }));

function bundleBlob(pkg: CatalogPackage, bundle: Bundle): object {
  return {
    schema: "olm.bundle",
    package: pkg.name,
    name: bundle.name,
    image: bundle.image ?? "",
    properties: [
      { type: "olm.package", value: { packageName: pkg.name, version: bundle.version } },
      ...bundle.provides.map((value) => ({ type: "olm.gvk", value })),
      ...bundle.objects.map((object) => ({
        type: "olm.bundle.object",
        value: { data: Buffer.from(JSON.stringify(object)).toString("base64") },
      })),
    ],
  };
}

/** Each bundle once, also when several channels have it. */
const bundlesOf = (pkg: CatalogPackage): Bundle[] => [
  ...new Map(
    Object.values(pkg.channels)
      .flat()
      .map((bundle) => [bundle.name, bundle]),
  ).values(),
];
