import { expect, it } from "vitest";
import { conditionOf, PROVIDER_SPEC, until } from "../../../helpers/machine-api.ts";
import { quiet } from "../../../helpers/quiet.ts";
import type { Rig } from "./rig.ts";

const FINALIZER = "machine.machine.openshift.io";

/** From a Machine to what runs, and what becomes of a Machine for which none can. */
export function creation(rig: () => Rig): void {
  it("goes through the phases, and puts what the actuator tells into the Machine", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("phases");
    const provisioned = await machines.untilPhase("phases", "Provisioned");
    const instance = actuator.instances.get("phases");
    expect(provisioned).toMatchObject({
      metadata: {
        annotations: { "machine.openshift.io/instance-state": "Running" },
        labels: {
          "machine.openshift.io/instance-type": "2cpu-4096MiB",
          "machine.openshift.io/region": "here",
          "machine.openshift.io/zone": "rack-1",
        },
        finalizers: [FINALIZER],
      },
      spec: { providerID: instance?.providerID },
      status: {
        addresses: [{ type: "InternalIP", address: instance?.address }],
        providerStatus: { host: "local", instanceState: "Running", conditions: [{ type: "MachineCreation", status: "True" }] },
      },
    });
    expect(conditionOf(provisioned, "InstanceExists")?.status).toBe("True");
    await machines.join(provisioned);
    expect(await machines.untilPhase("phases", "Running")).toMatchObject({ status: { nodeRef: { name: "phases" } } });
    // The calls: what each found. Exists and update may come more often.
    const asked = actuator.callsOf("phases");
    expect(asked[0]).toMatchObject({ call: "exists", machine: { metadata: { finalizers: [FINALIZER] } } });
    expect(asked[0]?.machine.status?.phase).toBeUndefined();
    const creates = actuator.callsOf("phases", "create");
    expect(creates).toHaveLength(1);
    expect(creates[0]?.machine).toMatchObject({
      kind: "Machine",
      apiVersion: "machine.openshift.io/v1beta1",
      metadata: { uid: instance?.uid },
      spec: { providerSpec: { value: PROVIDER_SPEC } },
      status: { phase: "Provisioning" },
    });
    expect(asked.findIndex(({ call }) => call === "update")).toBeGreaterThan(asked.findIndex(({ call }) => call === "create"));
    await until("an event tells of it", async () => (await machines.events("phases")).some(({ reason }) => reason === "Created"));
  });

  it.each([
    ["no label of the cluster", "no-label", {}, { labels: {} }],
    ["no providerSpec", "no-spec", { providerSpec: {} }, {}],
  ])("asks for nothing with %s", async (_what, name, spec, metadata) => {
    const { machines, actuator } = rig();
    await machines.createMachine(name, spec, metadata);
    await until(`an event tells about ${name}`, async () => (await machines.events(name)).some(({ reason }) => reason === "FailedValidate"));
    expect(actuator.callsOf(name)).toEqual([]);
    expect((await machines.get(name))?.status?.phase).toBeUndefined();
  });

  it("fails for good when the configuration is invalid", async () => {
    const { machines, actuator } = rig();
    actuator.fail(/^invalid$/, "create", { error: { kind: "Invalid", reason: "DiskTooSmall", message: "the disk is smaller than the image" } });
    await machines.createMachine("invalid");
    const failed = await machines.untilPhase("invalid", "Failed");
    expect(failed).toMatchObject({
      metadata: { annotations: { "machine.openshift.io/instance-state": "Unknown" } },
      status: {
        errorReason: "InvalidConfiguration",
        errorMessage: "the disk is smaller than the image",
        providerStatus: { conditions: [{ type: "MachineCreation", status: "False", reason: "DiskTooSmall" }] },
      },
    });
    const event = await until("an event tells why", async () => (await machines.events("invalid")).find(({ reason }) => reason === "DiskTooSmall"));
    expect(event).toMatchObject({ type: "Warning", message: "the disk is smaller than the image" });
    await machines.poke("invalid");
    await machines.poke("invalid");
    await quiet(2_000);
    expect(actuator.callsOf("invalid", "create")).toHaveLength(1);
    await machines.delete("invalid");
    await machines.untilGone("invalid");
  });

  it("waits as long as the actuator asks for", async () => {
    const { machines, actuator } = rig();
    actuator.fail(/^requeued$/, "create", { error: { kind: "Requeue", reason: "PoolBusy", message: "the pool is busy", requeueSeconds: 4 } });
    await machines.createMachine("requeued");
    await machines.untilPhase("requeued", "Provisioned");
    const [first, second] = actuator.callsOf("requeued", "create");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(3_000);
  });

  it("goes on after errors of any other kind", async () => {
    const { machines, actuator } = rig();
    actuator.fail(/^backed-off$/, "create", { error: { kind: "Failed", reason: "PoolFull", message: "the pool is full" } }, 2);
    actuator.fail(/^backed-off$/, "create", { status: 500 });
    actuator.fail(/^backed-off$/, "create", { reset: true });
    await machines.createMachine("backed-off");
    const machine = await machines.untilPhase("backed-off", "Provisioned");
    expect(actuator.callsOf("backed-off", "create").length).toBeGreaterThanOrEqual(5);
    expect(machine.status?.errorMessage).toBeUndefined();
    expect(machine.status?.providerStatus?.conditions).toMatchObject([{ type: "MachineCreation", status: "True" }]);
    await until("events tell about both", async () => {
      const reasons = (await machines.events("backed-off")).filter(({ type }) => type === "Warning").map(({ reason }) => reason);
      return reasons.includes("PoolFull") && reasons.includes("ActuatorUnavailable");
    });
  });

  it("hands over the user data, and waits for a Secret that is not there", async () => {
    const { machines, actuator } = rig();
    const value = { ...PROVIDER_SPEC, userDataSecret: { name: "late-user-data" } };
    await machines.createMachine("user-data", { providerSpec: { value } });
    await until("an event tells about the Secret", async () =>
      (await machines.events("user-data")).find(({ reason }) => reason === "UserDataMissing"),
    );
    expect(actuator.callsOf("user-data", "create")).toEqual([]);
    expect((await machines.get("user-data"))?.status?.phase).toBe("Provisioning");
    await machines.kube.create(`/api/v1/namespaces/${machines.name}/secrets`, {
      metadata: { name: "late-user-data" },
      stringData: { userData: '{"ignition":{}}', disableTemplating: "true" },
    });
    await machines.untilPhase("user-data", "Provisioned");
    expect(actuator.instances.get("user-data")?.userData).toBe('{"ignition":{}}');
    expect(actuator.callsOf("user-data").filter(({ call, userData }) => call !== "create" && userData !== undefined)).toEqual([]);
  });

  it.each([
    ["an error", "exists-error", { error: { kind: "Failed", reason: "HostUnreachable", message: "no route to the host" } }],
    ["a status", "exists-status", { status: 503 }],
    ["no answer", "exists-reset", { reset: true }],
  ] as const)("does not take %s for a machine that is gone", async (_what, name, fault) => {
    const { machines, actuator } = rig();
    await machines.createMachine(name);
    await machines.untilPhase(name, "Provisioned");
    actuator.fail(new RegExp(`^${name}$`), "exists", fault, 1_000);
    await machines.poke(name);
    const unknown = await until(`it is unknown if ${name} exists`, async () => {
      const machine = await machines.get(name);
      return conditionOf(machine, "InstanceExists")?.status === "Unknown" ? machine : undefined;
    });
    expect(conditionOf(unknown, "InstanceExists")).toMatchObject({ reason: "ErrorCheckingProvider" });
    expect(unknown.status?.phase).toBe("Provisioned");
    actuator.forgive(name);
    await until(`${name} exists again`, async () => conditionOf(await machines.get(name), "InstanceExists")?.status === "True");
    expect(actuator.callsOf(name, "create")).toHaveLength(1);
  });

  it("never fails for an update that fails, and updates again", async () => {
    const { machines, actuator } = rig();
    actuator.fail(/^updated$/, "update", { error: { kind: "Invalid", reason: "NoAddress", message: "the machine has no address" } }, 1_000);
    await machines.createMachine("updated");
    const waiting = await until("the update has failed", async () => {
      const machine = await machines.get("updated");
      return machine?.status?.providerStatus?.conditions?.some(({ reason }) => reason === "NoAddress") === true ? machine : undefined;
    });
    expect(waiting.status?.phase).toBe("Provisioning");
    actuator.forgive("updated");
    const provisioned = await machines.untilPhase("updated", "Provisioned");
    expect(provisioned.status?.providerStatus?.conditions).toContainEqual(expect.objectContaining({ type: "MachineUpdate", status: "True" }));
    const [first, second] = actuator.callsOf("updated", "update");
    // The Machine's own changes may let it be looked at before the half minute is over.
    expect(second?.at ?? 0).toBeGreaterThan(first?.at ?? 0);
  });

  it("takes a machine that was there and is not any more for lost", async () => {
    const { machines, actuator } = rig();
    await machines.createMachine("lost");
    await machines.untilPhase("lost", "Provisioned");
    actuator.instances.delete("lost");
    await machines.poke("lost");
    const failed = await machines.untilPhase("lost", "Failed");
    expect(failed).toMatchObject({
      metadata: { annotations: { "machine.openshift.io/instance-state": "Unknown" } },
      status: { errorMessage: "can't find created instance", providerStatus: { instanceState: "Unknown" } },
    });
    expect(conditionOf(failed, "InstanceExists")).toMatchObject({ status: "False", reason: "InstanceMissing" });
    expect(actuator.callsOf("lost", "create")).toHaveLength(1);
  });
}
