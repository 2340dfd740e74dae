import { createServer, connect, type Server } from "node:net";
import { once } from "node:events";
import type { KubeControlPlane, KubeProgram } from "../kube-control-plane.ts";
import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type KubeObject } from "../olm/objects.ts";

export const NAMESPACE = "kubevirt";
/** Where the programs listen that have no Service's address. */
const [OPERATOR, CONTROLLER] = ["127.41.0.1", "127.41.0.2"];

interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
}
interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly Container[];
  readonly nodeName?: string;
}
interface Pod extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly creationTimestamp: string };
  readonly spec: PodSpec;
  readonly status: { readonly phase: string };
}
interface Service extends KubeObject {
  readonly spec: { readonly clusterIP: string };
}

/** What a kubelet would give the container of a Deployment: an address, and files of Secrets. */
interface Place {
  /** The address of this Service is where it listens, port 443; without one, an address of its own. */
  readonly service?: string;
  readonly address?: string;
  /** Files of Secrets by the flag that takes them. */
  readonly files: Readonly<Record<string, readonly [secret: string, key: string]>>;
}

const PLACES: Readonly<Record<string, Place>> = {
  "virt-operator": { address: OPERATOR, files: {} },
  "virt-api": {
    service: "virt-api",
    files: {
      "--tls-cert-file": ["kubevirt-virt-api-certs", "tls.crt"],
      "--tls-key-file": ["kubevirt-virt-api-certs", "tls.key"],
      "--handler-cert-file": ["kubevirt-virt-handler-certs", "tls.crt"],
      "--handler-key-file": ["kubevirt-virt-handler-certs", "tls.key"],
    },
  },
  "virt-controller": {
    address: CONTROLLER,
    files: {
      "--prom-cert-file": ["kubevirt-controller-certs", "tls.crt"],
      "--prom-key-file": ["kubevirt-controller-certs", "tls.key"],
    },
  },
};

export interface Processes {
  reconcile(): Promise<void>;
  /** How many Jobs were run. */
  readonly jobs: number;
  programs(): ReadonlyMap<string, KubeProgram>;
  dispose(): Promise<void>;
}

/**
 * Runs what containers of KubeVirt's Deployments and Jobs say as processes of this machine, each with the rights of its ServiceAccount; in the place of
 * kubelet. kwok plays the pods themselves.
 */
export function createProcesses(cluster: KubeControlPlane, api: KubeApi): Processes {
  const running = new Map<string, { readonly template: string; readonly program: KubeProgram }>();
  const jobs = new Map<string, KubeProgram>();
  let webhook: Server | undefined;

  const podsOf = (name: string): Promise<readonly Pod[]> =>
    api.list<Pod>(`${pathOf("", "v1", "pods", NAMESPACE)}?labelSelector=kubevirt.io%3D${name}`);
  const start = async (
    name: string,
    { serviceAccountName, containers: [container] }: PodSpec,
    more: readonly string[],
    as: string,
  ): Promise<KubeProgram> => {
    const kubeconfig = await cluster.kubeconfigOf({
      commonName: `system:serviceaccount:${NAMESPACE}:${serviceAccountName}`,
      organizations: ["system:serviceaccounts", `system:serviceaccounts:${NAMESPACE}`],
    });
    const file = await cluster.file(`${serviceAccountName}.kubeconfig`, kubeconfig);
    const [program = "", ...command] = container?.command ?? [];
    // What the image holds, of this tag.
    const path = `kubevirt-${container?.image.split(":").at(-1) ?? ""}/${program}`;
    return cluster.run(as, path, [...command, ...(container?.args ?? []), `--kubeconfig=${file}`, ...more], environmentOf(name, container));
  };
  const placeOf = async (name: string): Promise<readonly string[] | undefined> => {
    const { service, address, files } = PLACES[name] ?? { files: {} };
    const found = service === undefined ? undefined : await api.get<Service>(pathOf("", "v1", "services", NAMESPACE, service));
    const flags = [];
    for (const [flag, [secret, key]] of Object.entries(files)) {
      const data = (await api.get<KubeObject & { readonly data: Readonly<Record<string, string>> }>(pathOf("", "v1", "secrets", NAMESPACE, secret)))
        ?.data;
      if (data === undefined) return undefined;
      flags.push(`${flag}=${await cluster.file(`${secret}/${key}`, Buffer.from(data[key] ?? "", "base64").toString())}`);
    }
    if (service === undefined) return [...flags, `--listen=${address ?? ""}`];
    return found === undefined ? undefined : [...flags, `--listen=${found.spec.clusterIP}`, "--port=443"];
  };
  /** One process for all replicas, as the newest of them that runs says. */
  const runDeployment = async (name: string): Promise<void> => {
    const pod = (await podsOf(name))
      .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === "Running")
      .toSorted((one, other) => one.metadata.creationTimestamp.localeCompare(other.metadata.creationTimestamp))
      .at(-1);
    const before = running.get(name);
    const template = JSON.stringify(pod?.spec.containers.map(({ image, command, args, env }) => [image, command, args, env]));
    if (before !== undefined && (pod === undefined || before.template !== template || !before.program.running)) {
      running.delete(name);
      await before.program.stop();
    }
    if (pod === undefined || running.has(name)) return;
    const place = await placeOf(name);
    if (place !== undefined) running.set(name, { template, program: await start(name, pod.spec, place, name) });
  };
  const runJobs = async (): Promise<void> => {
    const pods = await api.list<Pod>(`${pathOf("", "v1", "pods", NAMESPACE)}?labelSelector=batch.kubernetes.io/job-name`);
    for (const { metadata, spec, status } of pods) {
      if (status.phase !== "Pending" || spec.nodeName === undefined) continue;
      const program = jobs.get(metadata.name) ?? (await start(metadata.name, spec, [], metadata.name));
      jobs.set(metadata.name, program);
      if (program.running) continue;
      const failed = program.exitCode !== 0;
      await api.patch(`${pathOf("", "v1", "pods", NAMESPACE, metadata.name)}/status`, {
        status: {
          phase: failed ? "Failed" : "Succeeded",
          containerStatuses: spec.containers.map((container) => ({
            ...container,
            name: "install-strategy-upload",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode: program.exitCode ?? 1, reason: failed ? "Error" : "Completed" } },
          })),
        },
      });
    }
  };
  /** The Service of the operator's own webhooks, which leads to another port. */
  const runWebhook = async (): Promise<void> => {
    const service = await api.get<Service>(pathOf("", "v1", "services", NAMESPACE, "kubevirt-operator-webhook"));
    if (service === undefined) {
      webhook?.close();
      webhook = undefined;
      return;
    }
    if (webhook !== undefined) return;
    webhook = createServer((socket) => {
      const behind = connect(8444, OPERATOR);
      for (const [one, other] of [
        [socket, behind],
        [behind, socket],
      ] as const)
        one
          .on("error", () => other.destroy())
          .on("close", () => other.destroy())
          .pipe(other);
    });
    webhook.listen(443, service.spec.clusterIP);
    await once(webhook, "listening");
  };
  return {
    reconcile: async () => {
      for (const name of Object.keys(PLACES)) await runDeployment(name);
      await runJobs();
      await runWebhook();
    },
    get jobs() {
      return jobs.size;
    },
    programs: () => new Map([...[...running].map(([name, { program }]) => [name, program] as const), ...jobs]),
    dispose: async () => {
      webhook?.close();
      for (const { program } of running.values()) await program.stop();
      for (const program of jobs.values()) await program.stop();
    },
  };
}

function environmentOf(pod: string, container: Container | undefined): Readonly<Record<string, string>> {
  const fields: Readonly<Record<string, string>> = { "metadata.name": pod, "metadata.namespace": NAMESPACE };
  return Object.fromEntries(
    (container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? ""]),
  );
}
