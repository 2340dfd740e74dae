import { setTimeout as delay } from "node:timers/promises";
import type { KubeControlPlane } from "./kube-control-plane.ts";

/**
 * @plays kubelets and operators, with source Manifests
 * @contract deployments become available, and resources of operators ready
 * @because the day-2 program's own order and waits, in seconds
 * @real test/nightly/kubevirt.test.ts
 */

type Fields = Readonly<Record<string, unknown>>;

/** A definition whose objects keep all fields, as operators' own do where it matters here. */
export function definition(group: string, version: string, kind: string, scope: "Namespaced" | "Cluster"): Fields {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}

/**
 * What a release manifest of an operator holds.
 * @param pod fields of its pod's spec, over those of a pod that only an image registry could bring up
 */
export function operatorManifest(namespace: string, name: string, definitions: readonly Fields[], pod: Fields = {}): readonly Fields[] {
  const labels = { app: name };
  const rbac = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ...definitions,
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: [
        { apiGroups: ["kubevirt.io", "cdi.kubevirt.io"], resources: ["*"], verbs: ["*"] },
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "patch"] },
      ],
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: name, containers: [{ name: "operator", image: `quay.io/kubevirt/${name}:v1.8.4` }], ...pod },
        },
      },
    },
  ];
}

const OPERANDS = ["/apis/kubevirt.io/v1/kubevirts", "/apis/cdi.kubevirt.io/v1beta1/cdis"];
const INTERVAL_MS = 300;

interface Item {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly generation?: number };
  readonly status?: Fields;
}

/** Plays kubelets and operators: makes deployments available, and what the operators are asked for ready. */
export class Reactor {
  readonly #kube: KubeControlPlane;
  #running = false;
  #loop: Promise<void> = Promise.resolve();
  /** Name of a deployment whose pod cannot pull its image. */
  broken: string | undefined;

  constructor(kube: KubeControlPlane) {
    this.#kube = kube;
  }

  start(): void {
    this.#running = true;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  /** A node that virt-handler has marked. */
  async node(name: string, { kvm }: { readonly kvm: boolean }): Promise<void> {
    await this.#kube.request("DELETE", `/api/v1/nodes/${name}`);
    await this.#kube.create("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubevirt.io/schedulable": "true" } } });
    await this.#status(`/api/v1/nodes/${name}`, {
      allocatable: { "devices.kubevirt.io/kvm": kvm ? "1k" : "0" },
      conditions: [{ type: "Ready", status: "True" }],
    });
  }

  async #run(): Promise<void> {
    while (this.#running) {
      for (const { metadata } of await this.#list("/apis/apps/v1/deployments")) {
        const path = `/apis/apps/v1/namespaces/${metadata.namespace ?? ""}/deployments/${metadata.name}`;
        if (metadata.name === this.broken) await this.#brokenPod(metadata.namespace ?? "", metadata.name);
        else {
          const condition = { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "" };
          await this.#status(path, {
            observedGeneration: metadata.generation ?? 1,
            replicas: 1,
            readyReplicas: 1,
            availableReplicas: 1,
            conditions: [condition],
          });
        }
      }
      for (const list of OPERANDS)
        for (const { metadata } of await this.#list(list)) {
          const place = metadata.namespace === undefined ? list : list.replace(/\/(\w+)$/, `/namespaces/${metadata.namespace}/$1`);
          const conditions = [
            { type: "Available", status: "True" },
            { type: "Progressing", status: "False" },
            { type: "Degraded", status: "False" },
          ];
          await this.#status(`${place}/${metadata.name}`, { phase: "Deployed", conditions, observedVersion: "v1", targetVersion: "v1" });
        }
      await delay(INTERVAL_MS);
    }
  }

  async #brokenPod(namespace: string, name: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const image = `quay.io/kubevirt/${name}:v1.8.4`;
    const made = await this.#kube.request("POST", path, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${name}-x` },
      spec: { serviceAccountName: name, containers: [{ name: "operator", image }] },
    });
    if (made.status !== 201) return;
    const state = { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } };
    await this.#status(`${path}/${name}-x`, {
      phase: "Pending",
      containerStatuses: [{ name: "operator", image, imageID: "", ready: false, restartCount: 0, state }],
    });
  }

  async #list(path: string): Promise<readonly Item[]> {
    const { status, body } = await this.#kube.request("GET", path);
    return status === 200 ? (JSON.parse(body) as { items: readonly Item[] }).items : [];
  }

  async #status(path: string, status: Fields): Promise<void> {
    await this.#kube.request("PATCH", `${path}/status`, { status });
  }
}
