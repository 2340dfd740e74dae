import type { KubeControlPlane } from "./kube-control-plane.ts";
import type { TestPair } from "./pki.ts";
import { until } from "./machine-api.ts";

/**
 * @plays the cluster's autoscaler
 * @contract what it reads and writes of MachineSets and Machines: bounds, capacity, the mark before a deletion
 * @because it is published as a container image only
 * @real no test here
 */

const NAMESPACE = "openshift-machine-api";
const MACHINES = `/apis/machine.openshift.io/v1beta1/namespaces/${NAMESPACE}`;
const NODE_GROUP = "machine.openshift.io/cluster-api-autoscaler-node-group";
const CAPACITY = "capacity.cluster-autoscaler.kubernetes.io";
const DELETE = "machine.openshift.io/delete-machine";

interface Read {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly replicas?: number };
}

/** What the autoscaler knows of a MachineSet. */
export interface NodeGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly replicas: number;
  /** Of a machine that is not there yet: cores and bytes; undefined where it cannot be told. */
  readonly capacity: { readonly cpu: string; readonly memory: string } | undefined;
}

/**
 * Plays the cluster's autoscaler, whose program is not published as a Go module: it reads and writes what the program does, with that account's
 * permissions, and decides nothing. It takes MachineSets with both annotations of their bounds for node groups; it adds machines by the
 * subresource `scale`, and removes one by marking its Machine and then lowering `scale`; both only within the bounds.
 * Source: github.com/kubernetes/autoscaler, cluster-autoscaler/cloudprovider/clusterapi/README.md
 */
export class PlayedAutoscaler {
  readonly #kube: KubeControlPlane;
  readonly #user: TestPair;

  private constructor(kube: KubeControlPlane, user: TestPair) {
    this.#kube = kube;
    this.#user = user;
  }

  static async start(kube: KubeControlPlane): Promise<PlayedAutoscaler> {
    return new PlayedAutoscaler(kube, await kube.issue({ commonName: `system:serviceaccount:${NAMESPACE}:cluster-autoscaler` }));
  }

  async nodeGroups(): Promise<readonly NodeGroup[]> {
    const { items } = await this.#ask<{ readonly items: readonly Read[] }>("GET", `${MACHINES}/machinesets`);
    return items.flatMap(({ metadata: { name, annotations = {} }, spec }) => {
      const [min, max] = [annotations[`${NODE_GROUP}-min-size`], annotations[`${NODE_GROUP}-max-size`]];
      if (min === undefined || max === undefined) return [];
      const [cpu, memory] = [annotations[`${CAPACITY}/cpu`], annotations[`${CAPACITY}/memory`]];
      const capacity = cpu === undefined || memory === undefined ? undefined : { cpu, memory };
      return [{ name, min: Number(min), max: Number(max), replicas: spec.replicas ?? 1, capacity }];
    });
  }

  /** The node group of a MachineSet, as soon as it is one and `is` says so. */
  async nodeGroup(name: string, is: (group: NodeGroup) => boolean = () => true): Promise<NodeGroup> {
    return await until(`${name} is a node group`, async () => (await this.nodeGroups()).find((group) => group.name === name && is(group)));
  }

  /** Adds as many machines as the bounds allow. @returns how many it added */
  async increase(name: string, by: number): Promise<number> {
    const { replicas, max, capacity } = await this.nodeGroup(name);
    if (replicas === 0 && capacity === undefined) throw new Error(`what a machine of ${name} would offer is not known`);
    const added = Math.max(0, Math.min(by, max - replicas));
    if (added > 0) await this.#scale(name, replicas + added);
    return added;
  }

  /**
   * Removes one Machine, unless the set has its fewest.
   * @param marked waited for between the mark and the number, of which the MachineSet controller learns apart @returns whether it did
   */
  async remove(set: string, machine: string, marked: () => Promise<void>): Promise<boolean> {
    const { replicas, min } = await this.nodeGroup(set);
    if (replicas <= min) return false;
    const path = `${MACHINES}/machines/${machine}`;
    const found = await this.#ask<Read & { metadata: object }>("GET", path);
    const annotations = { ...found.metadata.annotations, [DELETE]: new Date().toISOString() };
    await this.#ask("PUT", path, { ...found, metadata: { ...found.metadata, annotations } });
    await marked();
    await this.#scale(set, replicas - 1);
    return true;
  }

  async #scale(name: string, replicas: number): Promise<void> {
    const path = `${MACHINES}/machinesets/${name}/scale`;
    const scale = await this.#ask<{ readonly spec: object }>("GET", path);
    await this.#ask("PUT", path, { ...scale, spec: { ...scale.spec, replicas } });
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#kube.request(method, path, body, this.#user);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  }
}
