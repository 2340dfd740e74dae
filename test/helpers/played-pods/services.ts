import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type KubeObject } from "../olm/objects.ts";
import type { Kubelet, Running } from "./kubelet.ts";

interface Service extends KubeObject {
  readonly spec: {
    readonly clusterIP: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly port: number; readonly targetPort: number | string }[];
  };
}

export interface Services {
  reconcile(): Promise<void>;
  dispose(): void;
}

/**
 * In the place of kube-proxy: listens on the addresses of a namespace's Services, for the containers behind them. Connections are refused while no such
 * container is ready.
 */
export function createServices(api: KubeApi, namespace: string, kubelet: Pick<Kubelet, "running">): Services {
  const servers = new Map<string, { readonly server: Server; readonly running: Running }>();
  return {
    reconcile: async () => {
      const wanted = new Map<string, { readonly host: string; readonly port: number; readonly target: number; readonly running: Running }>();
      for (const { spec } of await api.list<Service>(pathOf("", "v1", "services", namespace))) {
        const running = kubelet.running().find(({ pod }) => isSelected(spec.selector, pod.metadata.labels));
        if (running === undefined || spec.clusterIP === "None") continue;
        for (const { port, targetPort } of spec.ports) {
          const target = portOf(running, targetPort);
          if (target !== undefined) wanted.set(`${spec.clusterIP}:${port}`, { host: spec.clusterIP, port, target, running });
        }
      }
      for (const [address, { server, running }] of servers) {
        if (wanted.get(address)?.running === running) continue;
        servers.delete(address);
        server.close();
      }
      for (const [address, { host, port, target, running }] of wanted) {
        if (servers.has(address)) continue;
        const server = createServer((socket) => running.container.serve(socket, target)).listen(port, host);
        await once(server, "listening");
        servers.set(address, { server, running });
      }
    },
    dispose: () => {
      for (const { server } of servers.values()) server.close();
    },
  };
}

const isSelected = (selector: Readonly<Record<string, string>> = {}, labels: Readonly<Record<string, string>> = {}): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Undefined for a port on which its container does not say that it listens. */
function portOf({ pod }: Running, target: number | string): number | undefined {
  const ports = pod.spec.containers[0]?.ports ?? [];
  return ports.find(({ name, containerPort }) => target === name || target === containerPort)?.containerPort;
}
