import type { KubeControlPlane, KubeProgram } from "../kube-control-plane.ts";
import { crashing } from "../kubevirt/kubelet.ts";
import type { KubeApi } from "../olm/kube-api.ts";
import { pathOf, type KubeObject } from "../olm/objects.ts";
import { UNPULLABLE, type Stage } from "../olm/stages.ts";
import { apiPortOf, startContainer, type Container } from "./container.ts";
import { environmentOf, filesOf, type Pod } from "./spec.ts";

/**
 * @plays kubelet and containers of the operators beside KubeVirt's
 * @contract each pod of a Deployment as one container with namespaces of its own: its arguments, environment, Secrets, ConfigMaps and the token of
 * its ServiceAccount; it is ready when it listens, and started again when it ends
 * @because on one machine without nodes, in minutes
 * @real no test here
 */

export interface Kubelet {
  reconcile(): Promise<void>;
  /** Containers that are ready. */
  running(): readonly Running[];
  programs(): ReadonlyMap<string, KubeProgram>;
  dispose(): Promise<void>;
}

export interface Running {
  readonly pod: Pod;
  readonly container: Container;
}

/** The path of what an image runs; undefined: its container does nothing, and is ready. */
export type Programs = (image: string) => string | undefined;

/** Only pods of Deployments have it. */
const HASH = "pod-template-hash";

/** Rules for all pods but those of Deployments of some namespaces, whose kubelet is another one. */
export function exceptPodsOf(namespaces: readonly string[], stages: readonly Stage[]): readonly Stage[] {
  if (namespaces.length === 0) return stages;
  const places = namespaces.map((name) => `.metadata.namespace == "${name}"`).join(" or ");
  const theirs = { key: `(${places}) and .metadata.labels["${HASH}"] != null | tostring`, operator: "NotIn", values: ["true"] } as const;
  return stages.map((stage) => (stage.name === "pod-ready" ? { ...stage, when: [...stage.when, theirs] } : stage));
}

const SERVICE_ACCOUNT = "/run/secrets/kubernetes.io/serviceaccount";

/**
 * Runs the pods of all Deployments of a namespace, each for itself.
 * @param programOf the path of what an image runs
 */
export function createKubelet(cluster: KubeControlPlane, api: KubeApi, namespace: string, programOf: Programs): Kubelet {
  const running = new Map<string, Running>();
  const crashes = new Map<string, { readonly times: number; readonly until: number }>();
  let started = 0;

  const report = (pod: Pod, status: object): Promise<unknown> =>
    api.patch(`${pathOf("", "v1", "pods", namespace, pod.metadata.name)}/status`, { status });
  const tokenOf = async (pod: Pod): Promise<string> => {
    const { name, uid } = pod.metadata;
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 7_200, boundObjectRef: { kind: "Pod", apiVersion: "v1", name, uid } },
    };
    const path = `${pathOf("", "v1", "serviceaccounts", namespace, pod.spec.serviceAccountName)}/token`;
    return (await api.create<KubeObject & { readonly status: { readonly token: string } }>(path, request)).status.token;
  };
  /** Undefined as long as something that it mounts is missing. */
  const start = async (name: string, pod: Pod, program: string): Promise<Container | undefined> => {
    const [container] = pod.spec.containers;
    const files = container === undefined ? undefined : await filesOf(api, pod, container);
    const env = container === undefined ? undefined : await environmentOf(api, pod, container);
    if (container === undefined || files === undefined || env === undefined) return undefined;
    started += 1;
    return startContainer(cluster, {
      name: `pods/${name}-${started}`,
      program,
      args: container.args ?? [],
      env: { ...env, KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(apiPortOf(cluster)) },
      files: {
        ...files,
        [`${SERVICE_ACCOUNT}/token`]: await tokenOf(pod),
        [`${SERVICE_ACCOUNT}/ca.crt`]: cluster.authority.cert,
        [`${SERVICE_ACCOUNT}/namespace`]: namespace,
      },
      ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
    });
  };
  /** It is started again at once, and from then on later each time. */
  const crashed = async (pod: Pod, { program }: Container): Promise<void> => {
    const times = (crashes.get(pod.metadata.name)?.times ?? 0) + 1;
    const seconds = times === 1 ? 0 : Math.min(10 * 2 ** (times - 2), 300);
    crashes.set(pod.metadata.name, { times, until: Date.now() + seconds * 1_000 });
    if (seconds > 0) await report(pod, crashing(pod, { exitCode: program.exitCode ?? 1, log: await program.log() }, times - 1, seconds));
  };
  const runPod = async (pod: Pod): Promise<void> => {
    const { name } = pod.metadata;
    const now = running.get(name);
    if (now !== undefined && !now.container.program.running) {
      running.delete(name);
      await now.container.stop();
      await crashed(pod, now.container);
    }
    if (Date.now() < (crashes.get(name)?.until ?? 0)) return;
    const program = programOf(pod.spec.containers[0]?.image ?? "");
    if (program !== undefined && !running.has(name)) {
      const container = await start(name, pod, program);
      if (container !== undefined) running.set(name, { pod, container });
    }
    const ready = program === undefined || running.get(name)?.container.ready === true;
    if (isReady(pod) !== ready || pod.status.phase === "Pending") await report(pod, runningStatus(pod, ready));
  };
  return {
    reconcile: async () => {
      const pods = (await api.list<Pod>(pathOf("", "v1", "pods", namespace))).filter(
        ({ metadata, spec }) =>
          metadata.deletionTimestamp === undefined &&
          spec.nodeName !== undefined &&
          metadata.labels?.[HASH] !== undefined &&
          !spec.containers.some(({ image }) => image.startsWith(UNPULLABLE)),
      );
      for (const [name, { container }] of running) {
        if (pods.some(({ metadata }) => metadata.name === name)) continue;
        running.delete(name);
        await container.stop();
      }
      for (const pod of pods) await runPod(pod);
    },
    running: () => [...running.values()].filter(({ container }) => container.ready),
    programs: () => new Map([...running].map(([name, { container }]) => [name, container.program])),
    dispose: async () => {
      for (const { container } of running.values()) await container.stop();
    },
  };
}

const isReady = ({ status }: Pod): boolean => (status.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");

/** What kubelet writes of a pod whose containers run. Nobody uses its address, but without one it is no endpoint of a Service. */
function runningStatus({ metadata, spec, status }: Pod, ready: boolean): object {
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const condition = (type: string, value: boolean): object => ({ type, status: value ? "True" : "False", lastTransitionTime: now });
  return {
    phase: "Running",
    startTime: now,
    podIPs: [{ ip: addressOf(metadata) }],
    podIP: addressOf(metadata),
    conditions: [
      ...(status.conditions ?? []).filter(({ type }) => type === "PodScheduled"),
      condition("Initialized", true),
      condition("Ready", ready),
      condition("ContainersReady", ready),
    ],
    containerStatuses: spec.containers.map(({ name, image }) => ({
      ...{ name, image, imageID: "", ready, started: true, restartCount: 0 },
      state: { running: { startedAt: now } },
    })),
  };
}

/** One that differs from pod to pod, most of the time. */
const addressOf = ({ uid = "" }: Pod["metadata"]): string => `10.252.${Number.parseInt(uid.slice(0, 2), 16)}.${Number.parseInt(uid.slice(2, 4), 16)}`;
