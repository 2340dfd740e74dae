import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import type { KubeControlPlane, KubeProgram } from "./kube-control-plane.ts";
import { until, untilServed, type Machine, type MachineNamespace } from "./machine-api.ts";
import { supplied } from "./supplied.ts";

export const CLUSTER = "test-abcde";
/** By which the operator knows the Machines of the control plane. */
export const LABELS = {
  "machine.openshift.io/cluster-api-cluster": CLUSTER,
  "machine.openshift.io/cluster-api-machine-role": "master",
  "machine.openshift.io/cluster-api-machine-type": "master",
};
const ROLE = { "node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/master": "" };
const OPERATOR = "/apis/config.openshift.io/v1/clusteroperators";
/** Three machines, one after the other. */
const SETTLED_MS = 600_000;

/** Lets a control plane know the object in which OpenShift's operator of control planes reports, and creates it. */
export async function createOperatorObject(kube: KubeControlPlane): Promise<void> {
  const definition = supplied("control-plane-machine-set-crds/clusteroperators.config.openshift.io.yaml");
  await kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", parse(await readFile(definition, "utf8")));
  await untilServed(kube, OPERATOR.slice(0, -"/clusteroperators".length), "clusteroperators");
  const metadata = { name: "control-plane-machine-set" };
  await kube.create(OPERATOR, { apiVersion: "config.openshift.io/v1", kind: "ClusterOperator", metadata, spec: {} });
}

/** The Machines of a control plane, whose kubelets are played, and the operator that replaces them. */
export class ControlPlaneMachines {
  /** Of Machines beside each other the most, and of ready ones the fewest, while it counts. */
  most = 0;
  fewestReady = Number.POSITIVE_INFINITY;
  counting = false;
  readonly #kube: KubeControlPlane;
  readonly #machines: MachineNamespace;
  readonly #ended = new AbortController();
  #operator: KubeProgram | undefined;

  constructor(kube: KubeControlPlane, machines: MachineNamespace) {
    this.#kube = kube;
    this.#machines = machines;
  }

  /** Of the set of the control plane, or of all. */
  setPath(name?: string): string {
    const all = `/apis/machine.openshift.io/v1/namespaces/${this.#machines.name}/controlplanemachinesets`;
    return name === undefined ? all : `${all}/${name}`;
  }

  /** Starts the operator, and plays the kubelets. @param kubeconfig path of the operator's */
  start(kubeconfig: string): void {
    const args = [`-kubeconfig=${kubeconfig}`, `-namespace=${this.#machines.name}`];
    this.#operator = this.#kube.run("operator", "control-plane-machine-set-operator", args);
    void this.#playKubelets().catch((error: unknown) => {
      if (!this.#ended.signal.aborted) throw error;
    });
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#operator?.stop();
  }

  async all(): Promise<readonly Machine[]> {
    return (JSON.parse((await this.#kube.request("GET", this.#machines.path("machines"))).body) as { items: readonly Machine[] }).items;
  }

  /** Waits until three Machines run, and each is as `is` says. @returns by their index */
  async settled(what: string, is: (machine: Machine) => boolean): Promise<readonly Machine[]> {
    return await until(
      `the control plane has ${what}`,
      async () => {
        const there = await this.all();
        return there.length === 3 && there.every((machine) => machine.status?.phase === "Running" && is(machine))
          ? there.toSorted((a, b) => indexOf(a.metadata.name) - indexOf(b.metadata.name))
          : undefined;
      },
      SETTLED_MS,
    );
  }

  async updatedReplicas(): Promise<number> {
    const { body } = await this.#kube.request("GET", this.setPath("cluster"));
    return (JSON.parse(body) as { status?: { updatedReplicas?: number } }).status?.updatedReplicas ?? 0;
  }

  /** Each Machine that is provisioned becomes a node of the control plane that is ready; and counts what there is. */
  async #playKubelets(): Promise<void> {
    const joined = new Set<string>();
    for (;;) {
      this.#ended.signal.throwIfAborted();
      const there = await this.all();
      const ready = there.filter(({ metadata, status }) => status?.phase === "Running" && metadata.deletionTimestamp === undefined).length;
      if (this.counting) [this.most, this.fewestReady] = [Math.max(this.most, there.length), Math.min(this.fewestReady, ready)];
      for (const machine of there)
        if (machine.status?.phase === "Provisioned" && !joined.has(machine.metadata.uid)) {
          await this.#machines.join(machine, { labels: ROLE });
          joined.add(machine.metadata.uid);
        }
      await delay(200, undefined, { signal: this.#ended.signal });
    }
  }
}

/** `2` of `test-abcde-master-x7k2p-2`. */
export const indexOf = (name: string): number => Number(name.split("-").at(-1));
