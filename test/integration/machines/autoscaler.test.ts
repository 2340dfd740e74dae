import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planMachineSets } from "../../../src/config/index.ts";
import { clusterAutoscaler, machineAutoscaler, monitoringDefinitions } from "../../../src/machines/program/autoscaler.ts";
import { readDefinitions } from "../../../src/machines/program/definitions.ts";
import { namespace, setObjects } from "../../../src/machines/program/objects.ts";
import { AUTOSCALER_RULES, CLUSTER_RULES, NAMESPACE_RULES } from "../../../src/machines/program/rbac.ts";
import { startKubeControlPlane, type KubeControlPlane, type KubeProgram } from "../../helpers/kube-control-plane.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { AutoscaledSet } from "../../helpers/autoscaled-set.ts";
import { createDefinitions, MachineNamespace, startControllers, until } from "../../helpers/machine-api.ts";
import { type AccessRules, userWithRules } from "../../helpers/machine-api-access.ts";
import { createObject } from "../../helpers/create-object.ts";
import { PlayedActuator } from "../../helpers/played-actuator.ts";
import { PlayedAutoscaler } from "../../helpers/played-autoscaler.ts";
import { IDENTITY, makeSpec } from "../../unit/assets/spec.ts";

/** The controllers of the autoscaler's operator on a real API server, with the objects that an install-config gives. The autoscaler is played. */

const NAMESPACE = "openshift-machine-api";
const IMAGE = "registry.example.com/autoscaler:1";
const AUTOSCALERS = `/apis/autoscaling.openshift.io/v1beta1/namespaces/${NAMESPACE}/machineautoscalers`;
const CLUSTER_AUTOSCALERS = "/apis/autoscaling.openshift.io/v1/clusterautoscalers";
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/cluster-autoscaler-default`;
const OWNER = "autoscaling.openshift.io/machineautoscaler";
const GROUP = "machine.openshift.io/cluster-api-autoscaler-node-group";
const SET = `${IDENTITY.infraID}-worker`;

const ALL_RULES: AccessRules = {
  cluster: [...CLUSTER_RULES, ...AUTOSCALER_RULES.cluster],
  namespace: [...NAMESPACE_RULES, ...AUTOSCALER_RULES.namespace],
};

let kube: KubeControlPlane;
let folder: string;
let machines: MachineNamespace;
let actuator: PlayedActuator;
let autoscaler: PlayedAutoscaler;
let program: KubeProgram;

beforeAll(async () => {
  kube = await startKubeControlPlane({
    controllers: [...DELETING_CONTROLLERS, "deployment-controller", "replicaset-controller", "serviceaccount-token-controller"],
    scheduler: true,
    admissionPlugins: ["PodTolerationRestriction"],
  });
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-machines-"));
  await createDefinitions(kube);
  for (const definition of monitoringDefinitions()) await createObject(kube, definition);
  await createObject(kube, namespace({ autoscaler: true }));
  machines = MachineNamespace.of(kube, NAMESPACE);
  for (const object of (await readDefinitions(process.env, { autoscaler: true })).autoscalerAccess) await createObject(kube, object);
  actuator = await PlayedActuator.start();
  autoscaler = await PlayedAutoscaler.start(kube);
  program = await start("controllers", await userWithRules(kube, NAMESPACE, "controllers", ALL_RULES));
});

afterAll(async () => {
  await program?.stop();
  await actuator?.[Symbol.asyncDispose]();
  await kube?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const args = (): readonly string[] => [
  "--platform=actuator",
  `--actuator-socket=${actuator.socket}`,
  "--max-concurrent=4",
  "--autoscaler",
  `--autoscaler-image=${IMAGE}`,
];

const start = async (name: string, kubeconfig: string): Promise<KubeProgram> =>
  await startControllers(kube, name, {
    kubeconfig: await kube.file(`${name}.kubeconfig`, kubeconfig),
    namespace: NAMESPACE,
    statusSocket: join(folder, `${name}.sock`),
    args: args(),
  });

interface SetObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}
const annotationsOf = async (set: string): Promise<Readonly<Record<string, string>>> =>
  (JSON.parse((await kube.request("GET", machines.path("machinesets", set))).body) as SetObject).metadata.annotations ?? {};

/** The objects of a pool of one to three machines. */
const objects = (replicas: number, minReplicas: number, maxReplicas: number) => {
  const spec = makeSpec(1, replicas, { machineManagement: "MachineSets" });
  const compute = spec.pools.compute.map((pool) => ({ ...pool, autoscaling: { minReplicas, maxReplicas } }));
  const sets = planMachineSets({ ...spec, pools: { ...spec.pools, compute } }, IDENTITY);
  const input = { identity: IDENTITY, sets, providerSpec: () => ({ kind: "PlayedMachineProviderSpec" }) };
  return sets.flatMap((set) => [...setObjects(set, input as Parameters<typeof setObjects>[1]).values()]);
};

describe("a pool with bounds", () => {
  const scaledSet = (): AutoscaledSet =>
    new AutoscaledSet({
      name: SET,
      autoscaler,
      machines,
      virtualMachines: () => Promise.resolve([...actuator.instances.keys()]),
      phase: "Provisioned",
    });

  it("is a node group with its bounds and what its machines offer", async () => {
    for (const object of objects(0, 0, 3)) await createObject(kube, object);
    // Of 2 cores and 2048 MiB; memory is in bytes.
    await scaledSet().isGroup({ min: 0, max: 3, replicas: 0, capacity: { cpu: "2", memory: "2147483648" } });
    expect((await annotationsOf(SET))[OWNER]).toBe(`${NAMESPACE}/${SET}`);
  });

  it("gets machines from none to its most", async () => {
    await scaledSet().growsToItsMost(2);
    expect(actuator.instances.size).toBe(3);
  });

  it("loses the very machine that the autoscaler chose, down to its fewest", async () => {
    await machines.patch(`${AUTOSCALERS}/${SET}`, { spec: { minReplicas: 2 } });
    await autoscaler.nodeGroup(SET, ({ min }) => min === 2);
    await scaledSet().losesTheChosenOne();
  });

  it("keeps its bounds when a second object claims it", async () => {
    const other = { ...machineAutoscaler({ name: "other", autoscaling: { minReplicas: 5, maxReplicas: 9 } }) } as {
      spec: { scaleTargetRef: object };
    };
    await kube.create(AUTOSCALERS, { ...other, spec: { ...other.spec, scaleTargetRef: { ...other.spec.scaleTargetRef, name: SET } } });
    await until("an event tells of it", async () =>
      (await machines.events("other")).some(({ reason, message }) => reason === "FailedSetOwner" && message.includes("already owned")),
    );
    expect(await autoscaler.nodeGroup(SET)).toMatchObject({ min: 2, max: 3 });
    expect((await kube.request("DELETE", `${AUTOSCALERS}/other`)).status).toBe(200);
  });

  it("is none any more when its object points to another set, which is one then", async () => {
    await machines.createMachineSet("another", 0);
    await machines.patch(`${AUTOSCALERS}/${SET}`, { spec: { scaleTargetRef: { name: "another" } } });
    await autoscaler.nodeGroup("another");
    await until("the first is none", async () => !(await autoscaler.nodeGroups()).some(({ name }) => name === SET));
    expect(await annotationsOf(SET)).not.toHaveProperty([OWNER]);
  });

  it("is none any more without its object, and keeps its machines", async () => {
    expect((await kube.request("DELETE", `${AUTOSCALERS}/${SET}`)).status).toBe(200);
    await until("the object is gone", async () => (await kube.request("GET", `${AUTOSCALERS}/${SET}`)).status === 404);
    const left = await annotationsOf("another");
    expect([OWNER, `${GROUP}-min-size`, `${GROUP}-max-size`].filter((key) => key in left)).toEqual([]);
    expect(actuator.instances.size).toBe(2);
  });
});

interface Deployment {
  readonly metadata: { readonly ownerReferences?: readonly object[] };
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly image: string;
          readonly args: readonly string[];
          readonly env: readonly { name: string; value: string }[];
        }[];
      };
    };
  };
}
const deployment = async (): Promise<Deployment | undefined> => {
  const { status, body } = await kube.request("GET", DEPLOYMENT);
  return status === 404 ? undefined : (JSON.parse(body) as Deployment);
};

describe("the cluster's autoscaler", () => {
  it("is a Deployment with the account and the arguments of its object", async () => {
    await createObject(kube, clusterAutoscaler());
    const made = await until("there is a Deployment", deployment);
    expect(made.metadata.ownerReferences).toMatchObject([{ kind: "ClusterAutoscaler", name: "default", controller: true }]);
    expect(made.spec).toMatchObject({
      replicas: 1,
      template: { spec: { serviceAccountName: "cluster-autoscaler", containers: [{ image: IMAGE }] } },
    });
    const [container] = made.spec.template.spec.containers;
    expect(container?.args).toEqual(
      expect.arrayContaining([
        "--cloud-provider=clusterapi",
        `--namespace=${NAMESPACE}`,
        "--scale-down-enabled=true",
        "--balance-similar-node-groups=true",
      ]),
    );
    // The group in whose objects upstream's provider looks for MachineSets.
    expect(container?.env).toContainEqual({ name: "CAPI_GROUP", value: "machine.openshift.io" });
  });

  it("has a pod that runs on the control plane, which is not open to others", async () => {
    const role = "node-role.kubernetes.io/control-plane";
    const labels = { "kubernetes.io/os": "linux", "beta.kubernetes.io/os": "linux" };
    await kube.create("/api/v1/nodes", {
      metadata: { name: "cp-0", labels: { ...labels, [role]: "", "node-role.kubernetes.io/master": "" } },
      spec: { taints: [{ key: role, effect: "NoSchedule" }] },
    });
    await kube.create("/api/v1/nodes", { metadata: { name: "worker-0", labels } });
    for (const name of ["cp-0", "worker-0"]) {
      const [capacity, conditions] = [{ cpu: "4", memory: "8Gi", pods: "110" }, [{ type: "Ready", status: "True" }]];
      await machines.patch(`/api/v1/nodes/${name}/status`, { status: { capacity, allocatable: capacity, conditions } });
      await machines.patch(`/api/v1/nodes/${name}`, { spec: { taints: name === "cp-0" ? [{ key: role, effect: "NoSchedule" }] : null } });
    }
    await until("the pod has a node", async () => {
      const { body } = await kube.request("GET", `/api/v1/namespaces/${NAMESPACE}/pods`);
      return (JSON.parse(body) as { items: { spec: { nodeName?: string } }[] }).items.some(({ spec }) => spec.nodeName === "cp-0");
    });
  });

  it("follows its object", async () => {
    await machines.patch(`${CLUSTER_AUTOSCALERS}/default`, { spec: { resourceLimits: { maxNodesTotal: 24 } } });
    await until("the limit is there", async () => (await deployment())?.spec.template.spec.containers[0]?.args.includes("--max-nodes-total=24"));
  });

  it("is one: an object of another name has none", async () => {
    await kube.create(CLUSTER_AUTOSCALERS, { ...clusterAutoscaler(), metadata: { name: "second" } });
    await until("it was seen", async () => (await program.log()).includes("Not processing ClusterAutoscaler second"));
    const { items } = JSON.parse((await kube.request("GET", `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`)).body) as { items: unknown[] };
    expect(items).toHaveLength(1);
  });

  it("ends with its object", async () => {
    expect((await kube.request("DELETE", `${CLUSTER_AUTOSCALERS}/default`)).status).toBe(200);
    await until("the Deployment is gone", async () => (await deployment()) === undefined);
  });
});

/** What the program was refused: `update machinesets`. */
const refusals = async (of: KubeProgram): Promise<readonly string[]> =>
  [...(await of.log()).matchAll(/cannot (\w+) resource \\"([\w/]+)\\"/g)].map(([, verb, resource]) => `${verb} ${resource}`);

describe("the permissions", () => {
  it("were enough", async () => {
    expect(new Set(await refusals(program))).toEqual(new Set());
  });

  it("are all needed", async () => {
    await program.stop();
    let number = 0;
    for (const scope of ["cluster", "namespace"] as const)
      for (const rule of AUTOSCALER_RULES[scope]) {
        // What is done once is to be done again.
        await kube.request("DELETE", "/apis/config.openshift.io/v1/infrastructures/cluster");
        const name = `less-${number++}`;
        await machines.createMachineSet(name, 0);
        await kube.create(AUTOSCALERS, machineAutoscaler({ name, autoscaling: { minReplicas: 0, maxReplicas: 1 } }));
        const kubeconfig = await userWithRules(kube, NAMESPACE, name, { ...ALL_RULES, [scope]: ALL_RULES[scope].filter((each) => each !== rule) });
        const path = await kube.file(`${name}.kubeconfig`, kubeconfig);
        const own = [`--kubeconfig=${path}`, `--namespace=${NAMESPACE}`, `--status-socket=${join(folder, `${name}.sock`)}`];
        const without = kube.run(name, "machine-api-controllers", [...own, ...args()]);
        const refused = rule.resources.map((resource) => resource.split("/")[0] ?? "");
        await until(`nobody can do without ${JSON.stringify(rule)}`, async () =>
          (await refusals(without)).some((each) => refused.includes((each.split(" ")[1] ?? "").split("/")[0] ?? "")),
        );
        await without.stop();
      }
  });
});
