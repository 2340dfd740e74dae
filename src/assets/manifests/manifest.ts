/** A Kubernetes object. Only what every object has is typed here; the builders type the rest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** One manifest file: its path inside the cluster folder, `manifests/<name>.yaml` or `openshift/<name>.yaml`, and its objects. */
export interface Manifest {
  readonly path: string;
  readonly objects: readonly KubernetesObject[];
}
