import { InstallerError } from "../../src/errors/index.ts";
import { titleOf, type Manifest } from "./manifest.ts";
import { because } from "./wait-for.ts";

/** Another look at the API; undefined if there is nothing. */
export type Look = (path: string) => Promise<unknown>;

/** Undefined when the object is ready, else why not yet. @throws InstallerError KUBE_NOT_READY if waiting longer is of no use */
export type Readiness = (live: Manifest, look: Look, updated: boolean) => string | undefined | Promise<string | undefined>;

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly loadBalancer?: { readonly ingress?: readonly unknown[] };
  readonly hard?: object;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
}

const statusOf = (live: Manifest): Status => (live["status"] ?? {}) as Status;
const specOf = (live: Manifest): Readonly<Record<string, unknown>> => (live["spec"] ?? {}) as Record<string, unknown>;
const conditionOf = (live: Manifest, type: string) =>
  statusOf(live).conditions?.find((condition) => condition.type === type && condition.status === "True");
const notSeen = (live: Manifest): string | undefined =>
  (statusOf(live).observedGeneration ?? 0) < (live.metadata.generation ?? 0) ? "its controller has not looked at it yet" : undefined;

function failed(live: Manifest, condition: { readonly reason?: string; readonly message?: string }): never {
  throw new InstallerError("KUBE_NOT_READY", `${titleOf(live)} has failed${because(condition)}`, { value: titleOf(live) });
}

function deployment(live: Manifest): string | undefined {
  const stuck = statusOf(live).conditions?.find(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded");
  if (stuck !== undefined && notSeen(live) === undefined) failed(live, stuck);
  return notSeen(live) ?? counted(live, "updatedReplicas", "updated") ?? counted(live, "availableReplicas", "available") ?? surplus(live);
}

/** Old replicas that have not ended yet. */
function surplus(live: Manifest): string | undefined {
  const { replicas = 0, updatedReplicas = 0 } = statusOf(live);
  return replicas > updatedReplicas ? `${replicas - updatedReplicas} old replicas have not ended yet` : undefined;
}

function counted(live: Manifest, field: "updatedReplicas" | "availableReplicas" | "readyReplicas", word: string): string | undefined {
  const wanted = Number(specOf(live)["replicas"] ?? 1);
  const found = statusOf(live)[field] ?? 0;
  return found < wanted ? `${found} of ${wanted} replicas are ${word}` : undefined;
}

function daemonSet(live: Manifest): string | undefined {
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = statusOf(live);
  const ready = Math.min(updatedNumberScheduled, numberAvailable);
  return notSeen(live) ?? (ready < desiredNumberScheduled ? `${ready} of ${desiredNumberScheduled} pods are available` : undefined);
}

function job(live: Manifest): string | undefined {
  const failure = conditionOf(live, "Failed");
  if (failure !== undefined) failed(live, failure);
  return conditionOf(live, "Complete") === undefined ? "it has not completed yet" : undefined;
}

function pod(live: Manifest): string | undefined {
  const { phase = "Pending", conditions = [] } = statusOf(live);
  if (phase === "Succeeded" || conditionOf(live, "Ready") !== undefined) return undefined;
  if (phase === "Failed") failed(live, statusOf(live));
  const blocking = conditions.find(({ type, status }) => status === "False" && type !== "ContainersReady" && type !== "Ready");
  return `it is ${phase}${blocking === undefined ? "" : because(blocking)}`;
}

/** The endpoints of a service that selects pods; a load balancer's address. */
async function service(live: Manifest, look: Look): Promise<string | undefined> {
  const { type, clusterIP, selector } = specOf(live);
  const balanced = (statusOf(live).loadBalancer?.ingress ?? []).length > 0;
  if (type === "LoadBalancer" && !balanced) return "its load balancer has no address yet";
  if (type === "ExternalName" || clusterIP === "None" || Object.keys((selector ?? {}) as object).length === 0) return undefined;
  const { name = "", namespace = "default" } = live.metadata;
  const query = new URLSearchParams({ labelSelector: `kubernetes.io/service-name=${name}` }).toString();
  const slices = (await look(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?${query}`)) as
    | { items: readonly { endpoints?: readonly { conditions?: { ready?: boolean } }[] | null }[] }
    | undefined;
  const ready = (slices?.items ?? []).some(({ endpoints }) => (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false));
  return ready ? undefined : "no pod that its selector names is ready";
}

/** A claim whose class waits for a pod is as ready as it gets without one. */
async function claim(live: Manifest, look: Look, updated: boolean): Promise<string | undefined> {
  const { phase = "Pending" } = statusOf(live);
  if (phase === "Bound") return undefined;
  const name = specOf(live)["storageClassName"];
  if (typeof name !== "string" || name === "") return `it is ${phase}: there is no storage class for it`;
  const found = (await look(`/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(name)}`)) as { volumeBindingMode?: string } | undefined;
  if (found === undefined) return `it is ${phase}: there is no storage class ${name}`;
  return found.volumeBindingMode === "WaitForFirstConsumer" && !updated ? undefined : `it is ${phase}`;
}

const volume: Readiness = (live) => {
  const { phase = "Pending" } = statusOf(live);
  return phase === "Available" || phase === "Bound" ? undefined : `it is ${phase}`;
};

const quota: Readiness = (live) => {
  const names = Object.keys((specOf(live)["hard"] ?? {}) as object);
  const counted = new Set(Object.keys(statusOf(live).hard ?? {}));
  const missing = names.filter((name) => !counted.has(name));
  return missing.length === 0 ? undefined : `${missing.join(", ")} not counted yet`;
};

const ingress: Readiness = (live) => ((statusOf(live).loadBalancer?.ingress ?? []).length > 0 ? undefined : "it has no address yet");

/** What `ready` means for the kinds that are waited for without being asked to; the same ones as the official provider's. */
const READINESS: Readonly<Record<string, Readiness>> = {
  "apps/v1 Deployment": deployment,
  "apps/v1 StatefulSet": (live) => notSeen(live) ?? counted(live, "updatedReplicas", "updated") ?? counted(live, "readyReplicas", "ready"),
  "apps/v1 DaemonSet": daemonSet,
  "batch/v1 Job": job,
  "v1 Pod": pod,
  "v1 Service": service,
  "v1 ReplicationController": (live) => notSeen(live) ?? counted(live, "availableReplicas", "available"),
  "v1 PersistentVolume": volume,
  "v1 PersistentVolumeClaim": claim,
  "v1 ResourceQuota": quota,
  "networking.k8s.io/v1 Ingress": ingress,
};

export const readinessOf = ({ apiVersion, kind }: Manifest): Readiness | undefined => READINESS[`${apiVersion} ${kind}`];
