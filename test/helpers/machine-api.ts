import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import type { KubeControlPlane, KubeProgram } from "./kube-control-plane.ts";
import { supplied } from "./supplied.ts";

/**
 * @plays kubelets of machines of the Machine API
 * @contract a Node with the address and providerID of its Machine, which is ready
 * @because machines of simulators have no system
 * @real test/nightly/machine-sets.test.ts
 */

/** What tests of the Machine API have in common: its definitions, its controllers, and its objects. */

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const MACHINE_API = "/apis/machine.openshift.io/v1beta1";

type Fields = Readonly<Record<string, unknown>>;

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Machine {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly object[];
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly providerID?: string; readonly providerSpec: { readonly value?: Fields } };
  readonly status?: {
    readonly phase?: string;
    readonly errorReason?: string;
    readonly errorMessage?: string;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly Condition[];
    readonly nodeRef?: { readonly name: string };
    readonly providerStatus?: { readonly instanceState?: string; readonly conditions?: readonly Condition[] } & Fields;
  };
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Creates the real definitions of set-up's part `machine-api`, and waits until the API serves them. */
export async function createDefinitions(kube: KubeControlPlane): Promise<void> {
  const folder = supplied("machine-api-crds");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  const definitions = await Promise.all(files.map(async (file) => parse(await readFile(join(folder, file), "utf8")) as Definition));
  for (const definition of definitions) await kube.create(CRDS, definition);
  for (const { spec } of definitions)
    for (const { name, served } of spec.versions) if (served) await untilServed(kube, `/apis/${spec.group}/${name}`, spec.names.plural);
}

/** Waits until there are objects of a kind, and until those who ask what there is are told. @param group as `/apis/example.com/v1` */
export async function untilServed(kube: KubeControlPlane, group: string, plural: string): Promise<void> {
  await until(`${group} has ${plural}`, async () => {
    const listed = await kube.request("GET", group);
    const { resources = [] } = listed.status === 200 ? (JSON.parse(listed.body) as { resources?: readonly { name: string }[] }) : {};
    return resources.some(({ name }) => name === plural) && (await kube.request("GET", `${group}/${plural}`)).status === 200;
  });
}

export interface ControllersOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly statusSocket: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the controllers, and waits until they are ready. @param name of the process among those of the control plane */
export async function startControllers(kube: KubeControlPlane, name: string, options: ControllersOptions): Promise<KubeProgram> {
  const { kubeconfig, namespace, statusSocket, args, env } = options;
  const all = [`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`, `--status-socket=${statusSocket}`, ...args];
  const program = kube.run(name, "machine-api-controllers", all, env);
  await until(`${name} is ready`, async () => {
    if (!program.running) throw new Error(`${name} has ended:\n${(await program.log()).slice(-3_000)}`);
    return (await getOverSocket(statusSocket, "/readyz").catch(() => undefined))?.status === 200;
  });
  return program;
}

/** HTTP GET over a unix socket. */
export function getOverSocket(socketPath: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, agent: false, timeout: 60_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${path}: no answer`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** By far longer than what is waited for takes: on a busy host of few processors ten times as long as elsewhere. */
const LIMIT_MS = 300_000;

/** Asks again and again. @throws Error that says what did not happen, and what was seen last */
export async function until<T>(what: string, look: () => Promise<T | undefined | false | null>, ms = LIMIT_MS): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (Date.now() > end) throw new Error(`it did not happen in ${ms / 1000} s that ${what}`);
    await delay(150);
  }
}

/** One namespace of Machines, and what is done to its objects. */
export class MachineNamespace {
  readonly kube: KubeControlPlane;
  readonly name: string;

  private constructor(kube: KubeControlPlane, name: string) {
    this.kube = kube;
    this.name = name;
  }

  /** One that is there already. */
  static of(kube: KubeControlPlane, name: string): MachineNamespace {
    return new MachineNamespace(kube, name);
  }

  static async create(kube: KubeControlPlane, name: string): Promise<MachineNamespace> {
    await kube.create("/api/v1/namespaces", { metadata: { name } });
    return new MachineNamespace(kube, name);
  }

  path(kind: "machines" | "machinesets" | "machinehealthchecks", name?: string): string {
    return `${MACHINE_API}/namespaces/${this.name}/${kind}${name === undefined ? "" : `/${name}`}`;
  }

  /** A Machine on its own. @param over its spec */
  async createMachine(name: string, over: Fields = {}, metadata: Fields = {}): Promise<void> {
    await this.kube.create(this.path("machines"), {
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "Machine",
      metadata: { name, labels: { "machine.openshift.io/cluster-api-cluster": "test-abcde" }, ...metadata },
      spec: { providerSpec: { value: PROVIDER_SPEC }, ...over },
    });
  }

  /** A MachineSet whose Machines have the label `set` with its name. @param over the spec of its Machines. @param more of their labels */
  async createMachineSet(name: string, replicas: number, over: Fields = {}, more: Fields = {}): Promise<void> {
    const own = { "machine.openshift.io/cluster-api-cluster": "test-abcde", "machine.openshift.io/cluster-api-machineset": name, set: name };
    const labels = { ...own, ...more };
    await this.kube.create(this.path("machinesets"), {
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "MachineSet",
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: { set: name } },
        template: { metadata: { labels }, spec: { providerSpec: { value: PROVIDER_SPEC }, ...over } },
      },
    });
  }

  async scale(name: string, replicas: number): Promise<void> {
    await this.patch(`${this.path("machinesets", name)}/scale`, { spec: { replicas } });
  }

  async get(name: string): Promise<Machine | undefined> {
    const { status, body } = await this.kube.request("GET", this.path("machines", name));
    if (status === 404) return undefined;
    return JSON.parse(body) as Machine;
  }

  /** The Machines of a MachineSet. */
  async machinesOf(set: string): Promise<readonly Machine[]> {
    const { body } = await this.kube.request("GET", `${this.path("machines")}?labelSelector=set%3D${set}`);
    return (JSON.parse(body) as { items: readonly Machine[] }).items;
  }

  async delete(name: string, kind: "machines" | "machinesets" = "machines"): Promise<void> {
    const { status, body } = await this.kube.request("DELETE", this.path(kind, name));
    if (status >= 300) throw new Error(`DELETE ${name}: ${status} ${body}`);
  }

  async patch(path: string, body: object): Promise<void> {
    const { status, body: said } = await this.kube.request("PATCH", path, body);
    if (status !== 200) throw new Error(`PATCH ${path}: ${status} ${said}`);
  }

  /** Lets the controllers look at a Machine now: without a change they do so every ten minutes. */
  async poke(name: string): Promise<void> {
    await this.patch(this.path("machines", name), { metadata: { annotations: { poked: String(performance.now()) } } });
  }

  async untilPhase(name: string, phase: string, ms?: number): Promise<Machine> {
    return await until(
      `the Machine ${name} is ${phase}`,
      async () => {
        const machine = await this.get(name);
        return machine?.status?.phase === phase ? machine : undefined;
      },
      ms,
    );
  }

  async untilGone(name: string, ms?: number): Promise<void> {
    await until(`the Machine ${name} is gone`, async () => (await this.get(name)) === undefined, ms);
  }

  async events(name: string): Promise<readonly { readonly type: string; readonly reason: string; readonly message: string }[]> {
    const { body } = await this.kube.request("GET", `/api/v1/namespaces/${this.name}/events?fieldSelector=involvedObject.name%3D${name}`);
    return (JSON.parse(body) as { items: readonly { type: string; reason: string; message: string }[] }).items;
  }

  /** Plays the kubelet of a Machine: a Node with its address and providerID, which is ready. @returns its name */
  async join(machine: Machine, over: { readonly labels?: Fields; readonly providerID?: boolean } = {}): Promise<string> {
    const { name } = machine.metadata;
    await this.kube.create("/api/v1/nodes", {
      metadata: { name, labels: over.labels ?? {} },
      spec: over.providerID === false ? {} : { providerID: machine.spec.providerID },
    });
    await this.setNode(name, "True", machine.status?.addresses);
    return name;
  }

  /** @param ready of the condition Ready; Unknown when nothing is heard of the node */
  async setNode(name: string, ready: "True" | "False" | "Unknown", addresses?: Required<Machine>["status"]["addresses"]): Promise<void> {
    const conditions = [{ type: "Ready", status: ready, lastTransitionTime: new Date().toISOString().replace(/\.\d+/, "") }];
    await this.patch(`/api/v1/nodes/${name}/status`, { status: { conditions, ...(addresses === undefined ? {} : { addresses }) } });
  }

  /** A Machine of which a Node is there, as the controllers left it then. */
  async running(name: string, over: Parameters<MachineNamespace["join"]>[1] = {}): Promise<Machine> {
    await this.join(await this.untilPhase(name, "Provisioned"), over);
    return await this.untilPhase(name, "Running");
  }
}

export const PROVIDER_SPEC = { apiVersion: "played.example.com/v1", kind: "PlayedMachineProviderSpec", cpus: 2 } as const;

export const conditionOf = (machine: Machine | undefined, type: string): Condition | undefined =>
  machine?.status?.conditions?.find((each) => each.type === type);
