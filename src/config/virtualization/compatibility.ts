/** Versions that were released together. */
export interface Release {
  /** hyperconverged-cluster-operator, the upstream operator of operators. */
  readonly hco: string;
  /** Minor version of OpenShift and OKD that the row is made for; OpenShift Virtualization has the same. */
  readonly openshift: string;
  /** Minor version of Kubernetes in that OpenShift: the newest of the three that KubeVirt's row supports. */
  readonly kubernetes: string;
  readonly kubevirt: string;
  readonly cdi: string;
  readonly networkAddons: string;
  readonly ssp: string;
  readonly hostPathProvisioner: string;
}

/**
 * The releases that this version knows, oldest first. Source: hack/config of hyperconverged-cluster-operator at each tag, and
 * com.redhat.openshift.versions of the community bundles.
 */
export const RELEASES: readonly Release[] = [
  release("1.15.2", "4.19", "1.32", "1.5.2", "1.62.0", "0.98.2", "0.23.1", "0.22.0"),
  release("1.16.0", "4.20", "1.33", "1.6.2", "1.63.1", "0.100.2", "0.24.1", "0.22.0"),
  release("1.17.3", "4.21", "1.34", "1.7.4", "1.64.0", "0.101.2", "0.24.1", "0.24.0"),
  release("1.18.1", "4.22", "1.35", "1.8.4", "1.65.0", "0.102.0", "0.25.0", "0.25.2"),
];

function release(
  ...[hco, openshift, kubernetes, kubevirt, cdi, networkAddons, ssp, hostPathProvisioner]: readonly [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
): Release {
  return { hco, openshift, kubernetes, kubevirt, cdi, networkAddons, ssp, hostPathProvisioner };
}

/** `1.18` of `v1.18.1`; undefined for what is no version. */
export const minorOf = (version: string): string | undefined => /^v?(\d+\.\d+)(?:\.|$)/.exec(version)?.[1];

/** The row whose version of a component has the same minor, or undefined if this version of virt-ipi knows none. */
export function releaseOf(component: keyof Release, version: string): Release | undefined {
  const minor = minorOf(version);
  return minor === undefined ? undefined : RELEASES.find((row) => minorOf(row[component]) === minor);
}

/** True if a KubeVirt row runs on a minor version of Kubernetes: the row's own and the two before it. */
export function supportsKubernetes(row: Release, kubernetes: string): boolean {
  const [newest, given] = [row.kubernetes, minorOf(kubernetes)].map((version) => Number(version?.split(".")[1] ?? Number.NaN));
  return newest !== undefined && given !== undefined && given <= newest && given >= newest - 2;
}
