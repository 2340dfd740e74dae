import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import { startActuatorServer, type EndedCall } from "../../src/machines/index.ts";
import { systemClock } from "../../src/util/index.ts";
import { startKubeControlPlane, type KubeControlPlane, type KubeProgram } from "../../test/helpers/kube-control-plane.ts";
import { createDefinitions, getOverSocket, MachineNamespace, startControllers, until, type Machine } from "../../test/helpers/machine-api.ts";
import { countedActuator, ID, MAX_CREATES, NAMESPACE, PROVIDER_SPEC, type CountedActuator } from "./counted-actuator.ts";

const SETS = 20;
const LIMIT_MS = 60 * 60_000;
const LOOK_MS = 3_000;
const QUIET_MS = 5_000;
const STEADY_MS = 30_000;

export interface Usage {
  readonly memoryKiB: number;
  readonly requests: number;
}

/** A control plane, the controllers, and an actuator on a played libvirt, with 20 MachineSets. */
export class LoadSite implements AsyncDisposable {
  readonly #kube: KubeControlPlane;
  readonly #machines: MachineNamespace;
  readonly #folder: string;
  readonly #counted: CountedActuator;
  readonly #stop: () => Promise<void>;
  readonly #calls: EndedCall[];
  readonly #joined = new Set<string>();
  #controllers: KubeProgram | undefined;
  empty: Usage = { memoryKiB: 0, requests: 0 };

  private constructor(
    kube: KubeControlPlane,
    machines: MachineNamespace,
    folder: string,
    counted: CountedActuator,
    calls: EndedCall[],
    stop: () => Promise<void>,
  ) {
    this.#kube = kube;
    this.#machines = machines;
    this.#folder = folder;
    this.#counted = counted;
    this.#calls = calls;
    this.#stop = stop;
  }

  static async open(): Promise<LoadSite> {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    const kube = await startKubeControlPlane();
    const counted = await countedActuator();
    const calls: EndedCall[] = [];
    const server = await startActuatorServer({
      actuator: counted.actuator,
      socketPath: join(folder, "run", "a.sock"),
      maxCreates: MAX_CREATES,
      clock: systemClock,
      onCall: (call) => calls.push(call),
    });
    await createDefinitions(kube);
    const machines = await MachineNamespace.create(kube, NAMESPACE);
    const site = new LoadSite(kube, machines, folder, counted, calls, () => server.stop(0));
    await kube.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name: "s" }, stringData: { userData: "{}" } });
    for (let index = 0; index < SETS; index++) await site.#createSet(`${ID}-set-${index}`);
    await site.#startControllers();
    site.empty = await site.usage();
    return site;
  }

  get mostCreates(): number {
    return this.#counted.most();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kube.dispose();
    await this.#stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #createSet(name: string): Promise<void> {
    await this.#kube.create(this.#machines.path("machinesets"), {
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "MachineSet",
      metadata: { name },
      spec: {
        replicas: 0,
        selector: { matchLabels: { set: name } },
        template: {
          metadata: { labels: { set: name, "machine.openshift.io/cluster-api-cluster": ID } },
          spec: { providerSpec: { value: PROVIDER_SPEC } },
        },
      },
    });
  }

  async #startControllers(): Promise<void> {
    await this.#controllers?.stop();
    this.#controllers = await startControllers(this.#kube, "controllers", {
      kubeconfig: await this.#kube.file("controllers.kubeconfig", this.#kube.kubeconfig),
      namespace: NAMESPACE,
      statusSocket: this.#statusSocket,
      args: ["--platform=actuator", `--actuator-socket=${join(this.#folder, "run", "a.sock")}`, `--max-concurrent=${MAX_CREATES}`],
    });
  }

  get #statusSocket(): string {
    return join(this.#folder, "status.sock");
  }

  /** Until there are so many Machines, each of which has its machine and its node. */
  async scale(count: number): Promise<void> {
    for (let index = 0; index < SETS; index++) await this.#machines.scale(`${ID}-set-${index}`, count / SETS);
    const together = pLimit(16);
    await until(
      `there are ${count} Machines that run`,
      async () => {
        const machines = await this.#list();
        const made = machines.filter(({ metadata, status }) => status?.phase === "Provisioned" && !this.#joined.has(metadata.name));
        await Promise.all(
          made.map((machine) =>
            together(async () => {
              this.#joined.add(machine.metadata.name);
              await this.#machines.join(machine);
            }),
          ),
        );
        if (machines.filter(({ status }) => status?.phase === "Running").length === count) return true;
        // What looks costs the API as much as what is measured.
        await delay(LOOK_MS);
        return false;
      },
      LIMIT_MS,
    );
    await this.#quiet();
  }

  async #list(): Promise<readonly Machine[]> {
    const { body } = await this.#kube.request("GET", this.#machines.path("machines"));
    return (JSON.parse(body) as { items: readonly Machine[] }).items;
  }

  /** Until the actuator was asked nothing for a while. */
  async #quiet(): Promise<void> {
    for (let seen = -1; seen !== this.#calls.length; await delay(QUIET_MS)) seen = this.#calls.length;
  }

  /** The least that the heap has had for some seconds, as the garbage collector ran; and all requests so far. */
  async usage(): Promise<Usage> {
    let memoryKiB = Number.POSITIVE_INFINITY;
    let requests = 0;
    for (let look = 0; look < 30; look++, await delay(500)) {
      const { body } = await getOverSocket(this.#statusSocket, "/metrics");
      memoryKiB = Math.min(memoryKiB, sumOf(body, "go_memstats_heap_alloc_bytes") / 1024);
      requests = sumOf(body, "rest_client_requests_total");
    }
    return { memoryKiB, requests };
  }

  /**
   * Lets new controllers look at every Machine, and then stand for a while. @throws Error when the first changes more than `status.lastUpdated`, which
   * the node link controller writes once when it starts, or the second anything in etcd
   */
  async provesSteady(): Promise<void> {
    const before = await this.#objects();
    const asked = this.#calls.length;
    await this.#startControllers();
    const wanted = new Set((await this.#list()).map(({ metadata }) => `${NAMESPACE}/${metadata.name}`));
    await until(
      "each Machine was looked at again",
      () => {
        const seen = new Set(this.#calls.slice(asked).map(({ machine }) => machine));
        return Promise.resolve([...wanted].every((name) => seen.has(name)));
      },
      LIMIT_MS,
    );
    await this.#quiet();
    const started = await this.#objects();
    refuseChange(without(before), without(started));
    await delay(STEADY_MS);
    refuseChange(started, await this.#objects());
  }

  /** Everything that the controllers may write, with its resourceVersion. */
  async #objects(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const path of [
      this.#machines.path("machines"),
      this.#machines.path("machinesets"),
      this.#machines.path("machinehealthchecks"),
      "/api/v1/nodes",
      `/api/v1/namespaces/${NAMESPACE}/events`,
      `/api/v1/namespaces/${NAMESPACE}/secrets`,
      `/api/v1/namespaces/${NAMESPACE}/configmaps`,
    ]) {
      const { items } = JSON.parse((await this.#kube.request("GET", path)).body) as {
        items: readonly { metadata: { name: string } }[];
      };
      for (const item of items) found.set(`${path}/${item.metadata.name}`, JSON.stringify(item));
    }
    return found;
  }
}

function refuseChange(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((each) => before.get(each) !== after.get(each));
  const [first = ""] = changed;
  if (changed.length > 0)
    throw new Error(`${changed.length} objects changed though nothing was to do, such as ${first}: ${before.get(first)} is ${after.get(first)}`);
}

const STAMPS = new Set(["resourceVersion", "managedFields", "lastUpdated"]);

/** The same objects without what says when they were written. */
const without = (objects: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...objects].map(([path, text]) => [path, JSON.stringify(JSON.parse(text, (key, value: unknown) => (STAMPS.has(key) ? undefined : value)))]),
  );

/** The sum over all labels of a metric in Prometheus' text format. */
function sumOf(text: string, metric: string): number {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
