import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLUSTER_RULES, NAMESPACE_RULES } from "../../src/machines/program/rbac.ts";
import type { RbacRule } from "../../src/providers/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../helpers/kubernetes-plugin.ts";
import { createDefinitions, MachineNamespace, PROVIDER_SPEC, until } from "../helpers/machine-api.ts";
import { userWithRules } from "../helpers/machine-api-access.ts";
import { PlayedActuator } from "../helpers/played-actuator.ts";

/**
 * The controllers without one rule of their permissions after the other, on a real API server. Those of the autoscaler's operator, of vSphere, and of what
 * is done beside the controllers have their own in test/integration/machines; test/unit/machines/rbac.test.ts knows that there is no other rule.
 */

const PODS = "/api/v1/namespaces/default/pods";
const LONG = 120_000;

let kube: KubeControlPlane;
let folder: string;

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: [...DELETING_CONTROLLERS] });
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-permissions-"));
  await createDefinitions(kube);
  const machines = MachineNamespace.of(kube, "default").path("machines");
  await until("Machines are served", async () => (await kube.request("GET", machines)).status === 200);
  await kube.create("/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
});

afterAll(async () => {
  await kube?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const RULES = [
  ...CLUSTER_RULES.map((rule) => ({ scope: "cluster" as const, rule })),
  ...NAMESPACE_RULES.map((rule) => ({ scope: "namespace" as const, rule })),
].map((each, index) => ({ ...each, title: `${each.rule.verbs.join(", ")} ${each.rule.resources.join(", ")}`, name: `less-${index}` }));

const ALL = { cluster: CLUSTER_RULES, namespace: NAMESPACE_RULES };

/** Pods on a node: one that is evicted, and one of a DaemonSet, which stays. */
async function createPods(node: string): Promise<void> {
  const labels = { app: node };
  const containers = [{ name: "main", image: "registry.example.com/app:1" }];
  const template = { metadata: { labels }, spec: { containers } };
  const set = (await kube.create("/apis/apps/v1/namespaces/default/daemonsets", {
    metadata: { name: node },
    spec: { selector: { matchLabels: labels }, template },
  })) as { metadata: { uid: string } };
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: node, uid: set.metadata.uid, controller: true };
  const spec = { nodeName: node, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers };
  await kube.create(PODS, { metadata: { name: `${node}-app` }, spec });
  await kube.create(PODS, { metadata: { name: `${node}-agent`, labels, ownerReferences: [owner] }, spec });
}

/** Does what is next for the machines of a set, from the first one to its removal, as far as the controllers come. */
class Life {
  readonly #machines: MachineNamespace;
  readonly #joined = new Set<string>();

  constructor(machines: MachineNamespace) {
    this.#machines = machines;
  }

  async begin(): Promise<void> {
    const secret = { metadata: { name: "user-data" }, stringData: { userData: "{}" } };
    await kube.create(`/api/v1/namespaces/${this.#machines.name}/secrets`, secret);
    const value = { ...PROVIDER_SPEC, userDataSecret: { name: "user-data" } };
    await this.#machines.createMachineSet(this.#machines.name, 1, { providerSpec: { value } });
  }

  async goOn(): Promise<void> {
    for (const machine of await this.#machines.machinesOf(this.#machines.name)) {
      const { name, deletionTimestamp } = machine.metadata;
      if (machine.status?.phase === "Provisioned" && !this.#joined.has(name)) {
        this.#joined.add(name);
        await this.#machines.join(machine);
        await createPods(name);
      } else if (machine.status?.phase === "Running" && deletionTimestamp === undefined) await this.#machines.delete(name);
    }
  }
}

/** `pods/eviction` of each request that was refused, as the program's log has it. */
const refusedIn = (log: string): readonly string[] => [...log.matchAll(/cannot \w+ resource \\"([\w/]+)\\"/g)].map(([, resource = ""]) => resource);

describe("a machine controller cannot do without the permission", () => {
  it.each(RULES)("$title", { timeout: LONG }, async ({ scope, rule, name }) => {
    const rules: readonly RbacRule[] = ALL[scope].filter((each) => each !== rule);
    expect(rules).toHaveLength(ALL[scope].length - 1);
    const machines = await MachineNamespace.create(kube, name);
    const kubeconfig = await kube.file(`${name}.kubeconfig`, await userWithRules(kube, name, name, { ...ALL, [scope]: rules }));
    await using actuator = await PlayedActuator.start();
    const program = kube.run(name, "machine-api-controllers", [
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${name}`,
      `--status-socket=${join(folder, `${name}.sock`)}`,
      "--platform=actuator",
      `--actuator-socket=${actuator.socket}`,
      "--leader-elect",
    ]);
    try {
      const life = new Life(machines);
      await life.begin();
      const end = Date.now() + LONG - 20_000;
      let refused: readonly string[] = [];
      while (!refused.some((resource) => rule.resources.includes(resource)) && Date.now() < end) {
        await life.goOn();
        await delay(200);
        refused = refusedIn(await program.log());
      }
      // This very rule, and nothing beside it.
      expect(refused).not.toEqual([]);
      expect(refused.filter((resource) => !rule.resources.includes(resource))).toEqual([]);
    } finally {
      await program.stop();
    }
  });
});
