import { connect, createServer, type Server } from "node:net";
import { once } from "node:events";
import type { KubeControlPlane, KubeProgram } from "../kube-control-plane.ts";
import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type KubeObject } from "../olm/objects.ts";
import { UNPULLABLE } from "../olm/stages.ts";
import { crashing, ended, recovered, type Container, type Exit, type Pod } from "./kubelet.ts";
import { relay } from "../played-pods/relay.ts";
import { buildOf } from "./release.ts";

export const NAMESPACE = "kubevirt";
/** Where the programs listen that have no Service's address. */
const [OPERATOR, CONTROLLER] = ["127.41.0.1", "127.41.0.2"];

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

/** Deployments whose programs run. */
export const RUN: readonly string[] = Object.keys(PLACES);

interface Running {
  readonly template: string;
  readonly version: string;
  readonly program: KubeProgram;
  readonly host: string;
  readonly port: number;
}

export interface Processes {
  reconcile(): Promise<void>;
  /** How many Jobs were run. */
  readonly jobs: number;
  /** The release of a Deployment's program, as `v1.7.0`; undefined while none runs. */
  versionOf(deployment: string): string | undefined;
  programs(): ReadonlyMap<string, KubeProgram>;
  dispose(): Promise<void>;
}

/**
 * Runs what containers of KubeVirt's Deployments and Jobs say as processes of this machine, each with the rights of its ServiceAccount; in the place of
 * kubelet. kwok plays the pods themselves.
 */
export function createProcesses(cluster: KubeControlPlane, api: KubeApi): Processes {
  const running = new Map<string, Running>();
  const crashes = new Map<string, { readonly times: number; readonly until: number }>();
  const jobs = new Map<string, KubeProgram>();
  let webhook: Server | undefined;

  const podsOf = (name: string): Promise<readonly Pod[]> =>
    api.list<Pod>(`${pathOf("", "v1", "pods", NAMESPACE)}?labelSelector=kubevirt.io%3D${name}`);
  const start = async (
    name: string,
    { serviceAccountName, containers: [container] }: Pod["spec"],
    more: readonly string[],
    as: string,
  ): Promise<KubeProgram> => {
    const kubeconfig = await cluster.kubeconfigOf({
      commonName: `system:serviceaccount:${NAMESPACE}:${serviceAccountName}`,
      organizations: ["system:serviceaccounts", `system:serviceaccounts:${NAMESPACE}`],
    });
    const file = await cluster.file(`${serviceAccountName}.kubeconfig`, kubeconfig);
    const [program = "", ...command] = container?.command ?? [];
    // What the image holds.
    const path = `kubevirt-${buildOf(tagOf(container))}/${program}`;
    return cluster.run(as, path, [...command, ...(container?.args ?? []), `--kubeconfig=${file}`, ...more], environmentOf(name, container));
  };
  const placeOf = async (name: string): Promise<{ readonly flags: readonly string[]; readonly port: number; readonly host: string } | undefined> => {
    const { service, address = "", files } = PLACES[name] ?? { files: {} };
    const found = service === undefined ? undefined : await api.get<Service>(pathOf("", "v1", "services", NAMESPACE, service));
    const flags = [];
    for (const [flag, [secret, key]] of Object.entries(files)) {
      const data = (await api.get<KubeObject & { readonly data: Readonly<Record<string, string>> }>(pathOf("", "v1", "secrets", NAMESPACE, secret)))
        ?.data;
      if (data === undefined) return undefined;
      flags.push(`${flag}=${await cluster.file(`${secret}/${key}`, Buffer.from(data[key] ?? "", "base64").toString())}`);
    }
    if (service === undefined) return { flags: [...flags, `--listen=${address}`], host: address, port: 8443 };
    if (found === undefined) return undefined;
    const host = found.spec.clusterIP;
    return { flags: [...flags, `--listen=${host}`, "--port=443"], host, port: 443 };
  };
  const report = (pod: Pod, status: object): Promise<unknown> =>
    api.patch(`${pathOf("", "v1", "pods", NAMESPACE, pod.metadata.name)}/status`, { status });
  const exitOf = async (program: KubeProgram): Promise<Exit> => ({ exitCode: program.exitCode ?? 1, log: await program.log() });
  /** What a program that ended by itself means for its pods: kubelet starts it again at once, and from then on later each time. */
  const crashed = async (pods: readonly Pod[], template: string, program: KubeProgram): Promise<void> => {
    const times = (crashes.get(template)?.times ?? 0) + 1;
    const seconds = times === 1 ? 0 : Math.min(10 * 2 ** (times - 2), 300);
    crashes.set(template, { times, until: Date.now() + seconds * 1_000 });
    if (seconds === 0) return;
    const exit = await exitOf(program);
    for (const pod of pods) if (templateOf(pod) === template) await report(pod, crashing(pod, exit, times - 1, seconds));
  };
  /** One process for all replicas, as the newest of them says that does not wait for being started again. */
  const runDeployment = async (name: string): Promise<void> => {
    const pods = (await podsOf(name))
      .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === "Running")
      .toSorted((one, other) => one.metadata.creationTimestamp.localeCompare(other.metadata.creationTimestamp));
    const before = running.get(name);
    if (before !== undefined && !before.program.running) {
      running.delete(name);
      await crashed(pods, before.template, before.program);
    }
    const sound = pods.findLast((each) => (crashes.get(templateOf(each))?.times ?? 0) < 2);
    const pod = sound ?? pods.findLast((each) => (crashes.get(templateOf(each))?.until ?? 0) <= Date.now());
    const template = pod === undefined ? "" : templateOf(pod);
    const now = running.get(name);
    if (now !== undefined && now.template !== template) {
      running.delete(name);
      await now.program.stop();
    }
    if (pod === undefined) return;
    const runs = running.get(name);
    if (runs !== undefined) {
      if (!(await listens(runs))) return;
      const { times = 0 } = crashes.get(template) ?? {};
      for (const each of pods) if (templateOf(each) === template && !isReady(each)) await report(each, recovered(each, times));
      return;
    }
    const place = await placeOf(name);
    if (place === undefined) return;
    const program = await start(name, pod.spec, place.flags, name);
    running.set(name, { ...place, template, version: tagOf(pod.spec.containers[0]), program });
  };
  const runJobs = async (): Promise<void> => {
    for (const pod of await api.list<Pod>(`${pathOf("", "v1", "pods", NAMESPACE)}?labelSelector=batch.kubernetes.io/job-name`)) {
      const { metadata, spec, status } = pod;
      if (status.phase !== "Pending" || spec.nodeName === undefined || spec.containers.some(({ image }) => image.startsWith(UNPULLABLE))) continue;
      const program = jobs.get(metadata.name) ?? (await start(metadata.name, spec, [], metadata.name));
      jobs.set(metadata.name, program);
      if (!program.running) await report(pod, ended(pod, await exitOf(program)));
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
    webhook = createServer((socket) => relay(socket, { host: OPERATOR, port: 8444 }));
    webhook.listen(443, service.spec.clusterIP);
    await once(webhook, "listening");
  };
  return {
    reconcile: async () => {
      for (const name of RUN) await runDeployment(name);
      await runJobs();
      await runWebhook();
    },
    get jobs() {
      return jobs.size;
    },
    versionOf: (deployment) => running.get(deployment)?.version,
    programs: () => new Map([...[...running].map(([name, { program }]) => [name, program] as const), ...jobs]),
    dispose: async () => {
      webhook?.close();
      for (const { program } of running.values()) await program.stop();
      for (const program of jobs.values()) await program.stop();
    },
  };
}

/** The probe of its pod would go well. */
const listens = ({ host, port }: Running): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

const isReady = ({ status }: Pod): boolean => (status.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");

const templateOf = ({ spec: { containers } }: Pod): string =>
  JSON.stringify(containers.map(({ image, command, args, env }) => [image, command, args, env]));

const tagOf = (container: Container | undefined): string => container?.image.split(":").at(-1) ?? "";

function environmentOf(pod: string, container: Container | undefined): Readonly<Record<string, string>> {
  const fields: Readonly<Record<string, string>> = { "metadata.name": pod, "metadata.namespace": NAMESPACE };
  return Object.fromEntries(
    (container?.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? ""]),
  );
}
