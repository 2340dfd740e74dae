import type { V1CertificateSigningRequest, V1ConfigMap, V1Deployment, V1Node } from "@kubernetes/client-node";
import type { ClusterMachine } from "../../../src/cluster/index.ts";
import type { KubeClient, ObjectKind } from "../../../src/kube/index.ts";
import type { Clock } from "../../../src/util/index.ts";

export const machine = (name: string, role: ClusterMachine["role"] = "control-plane", address?: string): ClusterMachine => ({ name, role, address });

export function node(
  name: string,
  ready: boolean | undefined,
  addresses: readonly string[] = [],
  message = "container runtime network not ready",
): V1Node {
  const condition = {
    type: "Ready",
    status: ready === true ? "True" : "False",
    message: ready === true ? "kubelet is posting ready status" : message,
  };
  return {
    metadata: { name },
    status: { ...(ready === undefined ? {} : { conditions: [condition] }), addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
  };
}

/** A cluster in memory: change its fields, or make a call fail. */
export class FakeCluster {
  nodes: V1Node[] = [];
  csrs: V1CertificateSigningRequest[] = [];
  configMap: V1ConfigMap | undefined;
  deployment: V1Deployment | undefined;
  serviceAccount = false;
  /** OpenShift's. */
  version: object | undefined;
  operators: object[] = [];
  /** Thrown by every call while set. */
  down: Error | undefined;
  approved: string[] = [];
  closed = 0;
  texts: Record<string, string> = {};
  /** What the API server says instead of a kubelet's answer, by the node's name. */
  readonly kubelets = new Map<string, Error>();
  readonly paths: string[] = [];

  client(): KubeClient {
    const answer = async <T>(value: () => T): Promise<T> => {
      if (this.down !== undefined) throw this.down;
      return value();
    };
    const unexpected = (): Promise<never> => Promise.reject(new Error("nothing is written here"));
    const lists: Readonly<Record<string, () => unknown>> = {
      nodes: () => this.nodes,
      certificatesigningrequests: () => this.csrs,
      clusteroperators: () => this.operators,
    };
    const objects: Readonly<Record<string, () => unknown>> = {
      configmaps: () => this.configMap,
      deployments: () => this.deployment,
      clusterversions: () => this.version,
      serviceaccounts: () => (this.serviceAccount ? {} : undefined),
    };
    return {
      server: "https://192.168.126.5:6443",
      readyz: () => answer(() => undefined),
      list: <T>({ plural }: ObjectKind) => answer(() => lists[plural]?.() as readonly T[] | undefined),
      read: <T>({ plural }: ObjectKind) => answer(() => objects[plural]?.() as T | undefined),
      apply: unexpected,
      patch: unexpected,
      remove: unexpected,
      approve: (csr) =>
        answer(() => {
          this.approved.push(csr.metadata?.name ?? "");
          csr.status = { conditions: [{ type: "Approved", status: "True" }] };
        }),
      get: (path) =>
        answer(() => {
          this.paths.push(path);
          const [, asked] = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/healthz$/.exec(path) ?? [];
          if (asked !== undefined) {
            const failure = this.kubelets.get(asked);
            if (failure !== undefined) throw failure;
            return "ok";
          }
          const text = this.texts[path.split("?")[0] ?? ""];
          if (text === undefined) throw new Error(`no answer for ${path}`);
          return text;
        }),
      close: () => void this.closed++,
    };
  }
}

/** A clock that moves only by sleeping; `at` runs when its time has come. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #events: { at: number; run: () => void }[] = [];
  now(): Date {
    return new Date(this.#now);
  }
  at(milliseconds: number, run: () => void): void {
    this.#events.push({ at: milliseconds, run });
  }
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.#now += milliseconds;
    for (const event of this.#events.splice(0)) {
      if (event.at <= this.#now) event.run();
      else this.#events.push(event);
    }
    signal?.throwIfAborted();
  }
}
