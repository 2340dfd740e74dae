import type { V1CertificateSigningRequest, V1ConfigMap, V1Deployment, V1Node } from "@kubernetes/client-node";
import type { MachinePlan } from "../../../src/config/cluster-spec.ts";
import type { KubeClient } from "../../../src/kube/client.ts";
import type { Clock } from "../../../src/util/index.ts";

export function machine(name: string, role: MachinePlan["role"] = "control-plane", ipAddress?: string): MachinePlan {
  const size = { cpus: 2, memoryMB: 2048, diskSizeGB: 10 };
  return {
    name,
    role,
    index: 0,
    pool: role === "compute" ? "worker" : "master",
    ...size,
    macAddress: "52:54:00:00:00:01",
    ...(ipAddress === undefined ? {} : { ipAddress }),
  };
}

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
  /** Thrown by every call while set. */
  down: Error | undefined;
  approved: string[] = [];
  closed = 0;
  texts: Record<string, string> = {};
  readonly paths: string[] = [];

  client(): KubeClient {
    const answer = async <T>(value: () => T): Promise<T> => {
      if (this.down !== undefined) throw this.down;
      return value();
    };
    return {
      server: "https://192.168.126.5:6443",
      readyz: () => answer(() => undefined),
      nodes: () => answer(() => this.nodes),
      certificateSigningRequests: () => answer(() => this.csrs),
      approve: (csr) =>
        answer(() => {
          this.approved.push(csr.metadata?.name ?? "");
          csr.status = { conditions: [{ type: "Approved", status: "True" }] };
        }),
      configMap: () => answer(() => this.configMap),
      deployment: () => answer(() => this.deployment),
      serviceAccount: () => answer(() => (this.serviceAccount ? {} : undefined)),
      get: (path) =>
        answer(() => {
          this.paths.push(path);
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
