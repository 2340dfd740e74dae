/**
 * The assets of a cluster: a map from a path inside the cluster folder to the file. Pure data; the installer writes it.
 * Paths: `manifests/*`, `openshift/*`, `bootstrap.ign`, `master.ign`, `worker.ign`, `auth/kubeconfig`,
 * `auth/kubeadmin-password`, `metadata.json`, `tls/*`.
 */
export interface AssetFile {
  readonly content: string;
  /** Permission bits. 0600 wherever a secret could be inside. */
  readonly mode: number;
}

export type AssetSet = ReadonlyMap<string, AssetFile>;
