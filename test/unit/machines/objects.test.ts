import { describe, expect, it } from "vitest";
import { isAutoscaled, planMachineSets } from "../../../src/config/index.ts";
import { namespace, setObjects, userDataSecret } from "../../../src/machines/program/objects.ts";
import { controllerRbac } from "../../../src/machines/program/rbac.ts";
import { machineSetSpec } from "../../../src/providers/kvm/actuator/machine-set-spec.ts";
import { IDENTITY, makeSpec } from "../assets/spec.ts";

const healthCheck = { nodeStartupTimeout: "20m", unhealthyTimeout: "5m", maxUnhealthy: "40%" };
const spec = makeSpec(1, 2);
const withSets = {
  ...spec,
  machineManagement: "MachineSets" as const,
  pools: { ...spec.pools, compute: spec.pools.compute.map((pool) => ({ ...pool, healthCheck })) },
};
const input = { identity: IDENTITY, sets: planMachineSets(withSets, IDENTITY), providerSpec: machineSetSpec };
const NAME = `${IDENTITY.infraID}-worker`;

describe("the objects of a MachineSet", () => {
  const objects = input.sets.flatMap((set) => [...setObjects(set, input)]);

  it("are the set and its health check", () => {
    expect(objects.map(([name]) => name)).toEqual([`MachineSet/${NAME}`, `MachineHealthCheck/${NAME}`]);
  });

  it("have what the Machine API's controllers ask for", () => {
    const own = { "machine.openshift.io/cluster-api-cluster": IDENTITY.infraID, "machine.openshift.io/cluster-api-machineset": NAME };
    const [pool] = spec.pools.compute;
    expect(objects[0]?.[1]).toEqual({
      apiVersion: "machine.openshift.io/v1beta1",
      kind: "MachineSet",
      metadata: { name: NAME, namespace: "openshift-machine-api", labels: { "machine.openshift.io/cluster-api-cluster": IDENTITY.infraID } },
      spec: {
        replicas: 2,
        selector: { matchLabels: own },
        template: {
          metadata: {
            labels: {
              ...own,
              "machine.openshift.io/cluster-api-machine-role": "worker",
              "machine.openshift.io/cluster-api-machine-type": "worker",
            },
          },
          spec: {
            providerSpec: {
              value: {
                apiVersion: "kvm.virt-ipi.io/v1alpha1",
                kind: "KVMMachineProviderSpec",
                cpus: pool?.cpus,
                memoryMB: pool?.memoryMB,
                osDisk: { diskSizeGB: pool?.diskSizeGB },
                userDataSecret: { name: "worker-user-data" },
              },
            },
          },
        },
      },
    });
    expect(objects[1]?.[1]).toMatchObject({
      kind: "MachineHealthCheck",
      spec: {
        selector: { matchLabels: { "machine.openshift.io/cluster-api-machineset": NAME } },
        unhealthyConditions: [
          { type: "Ready", status: "False", timeout: "5m" },
          { type: "Ready", status: "Unknown", timeout: "5m" },
        ],
        maxUnhealthy: "40%",
        nodeStartupTimeout: "20m",
      },
    });
  });

  it("say to each machine how long its node is drained", () => {
    const pools = { ...spec.pools, compute: spec.pools.compute.map((pool) => ({ ...pool, drainTimeout: "30m" })) };
    const [limited] = planMachineSets({ ...withSets, pools }, IDENTITY);
    expect(limited && setObjects(limited, input).get(`MachineSet/${NAME}`)).toMatchObject({
      spec: { template: { metadata: { annotations: { "virt-ipi.io/drain-timeout": "30m" } } } },
    });
  });

  it("say its bounds and what a machine offers, where the pool has an autoscaler", () => {
    const autoscaling = { minReplicas: 1, maxReplicas: 5 };
    const pools = { ...withSets.pools, compute: withSets.pools.compute.map((pool) => ({ ...pool, autoscaling })) };
    const scaledSpec = { ...withSets, pools };
    const [set] = planMachineSets(scaledSpec, IDENTITY);
    if (set === undefined) expect.fail("there is no set");
    const scaled = setObjects(set, input);
    expect(isAutoscaled(scaledSpec)).toBe(true);
    expect(scaled.get(`MachineSet/${NAME}`)?.metadata).toMatchObject({
      annotations: {
        "machine.openshift.io/vCPU": String(set.pool.cpus),
        "machine.openshift.io/memoryMb": String(set.pool.memoryMB),
        "machine.openshift.io/GPU": "0",
      },
    });
    expect(scaled.get(`MachineAutoscaler/${NAME}`)).toEqual({
      apiVersion: "autoscaling.openshift.io/v1beta1",
      kind: "MachineAutoscaler",
      metadata: { name: NAME, namespace: "openshift-machine-api" },
      spec: { ...autoscaling, scaleTargetRef: { apiVersion: "machine.openshift.io/v1beta1", kind: "MachineSet", name: NAME } },
    });
    // Without one nothing of it is there, and the controllers may do no more than they need.
    expect(isAutoscaled(withSets)).toBe(false);
    expect(namespace({ autoscaler: false }).metadata).not.toHaveProperty("annotations");
    const rules = (autoscaler: boolean): string => JSON.stringify(controllerRbac({ autoscaler }));
    expect(rules(false)).not.toContain("autoscaling.openshift.io");
    expect(rules(true)).toContain("machineautoscalers");
  });

  it("are none where the installer creates compute machines", () => {
    expect(planMachineSets(spec, IDENTITY)).toEqual([]);
  });
});

describe("the Secret of a pool", () => {
  it("has the text under the key that the controllers read", () => {
    expect(userDataSecret("worker", "{}")).toMatchObject({
      metadata: { name: "worker-user-data", namespace: "openshift-machine-api" },
      data: { userData: Buffer.from("{}").toString("base64") },
    });
  });
});
