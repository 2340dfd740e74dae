import { expect } from "vitest";
import { conditionOf, until } from "../machine-api.ts";
import { quiet } from "../quiet.ts";
import { callsOf, create, isThere, nameOf, OFF_POOL, OTHER_NETWORK, otherUri, remove, traces, type ContractSite } from "./site.ts";

/** Rows of the contract from a Machine to what runs. */

const FINALIZER = "machine.machine.openshift.io";
const AGAIN_MS = 25_000;

export async function calls(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const name = await create(contract, "calls");
  const made = await machines.untilPhase(name, "Provisioned");
  // Each comes again, also those that were done.
  const asked = { ...site.machine(name, {}, { uid: made.metadata.uid }) };
  const answers = await Promise.all([site.ask("create", asked), site.ask("create", asked), site.ask("update", asked), site.ask("exists", asked)]);
  expect(answers.map(({ error, providerID }) => ({ error, providerID }))).toEqual(answers.map(() => ({ providerID: made.spec.providerID })));
  expect(await site.virsh("domuuid", name)).toBe(made.metadata.uid);
  await until("it was updated", async () => callsOf(contract, name, "update").length > 0);
  // The object is written before its status, so that a machine is known by the time that the status says so.
  expect(made).toMatchObject({
    spec: { providerID: `kvm:///local/${made.metadata.uid}` },
    status: { providerStatus: { conditions: [{ status: "True" }] } },
  });
  await remove(contract, name);
  expect((await site.ask("delete", asked)).error).toBeUndefined();
  expect((await site.ask("exists", asked)).exists).toBe(false);
  expect(await traces(contract, name)).toEqual([]);
}

export async function preconditions(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const [unlabelled, unsaid] = [nameOf(contract, "no-label"), nameOf(contract, "no-spec")];
  const { metadata, spec } = site.machine(unsaid);
  await machines.createMachine(unlabelled, { providerSpec: spec.providerSpec }, { labels: {} });
  await machines.createMachine(unsaid, { providerSpec: {} }, { labels: metadata.labels ?? {} });
  for (const name of [unlabelled, unsaid]) {
    await until(`${name} is refused`, async () => (await machines.events(name)).some(({ reason }) => reason === "FailedValidate"));
    expect((await machines.get(name))?.status?.phase).toBeUndefined();
    expect(callsOf(contract, name)).toEqual([]);
    expect(await isThere(contract, name)).toBe(false);
  }
}

export async function phases(contract: ContractSite): Promise<void> {
  const { machines } = contract;
  const name = await create(contract, "phases", { spec: { lifecycleHooks: { preTerminate: [{ name: "stay-a-while", owner: "test" }] } } });
  const seen = new Set<string>();
  await until("it is provisioned", async () => {
    const { phase = "" } = (await machines.get(name))?.status ?? {};
    seen.add(phase);
    return phase === "Provisioned";
  });
  // It may be quicker than the first look.
  expect([...seen].filter((phase) => !["", "Provisioning", "Provisioned"].includes(phase))).toEqual([]);
  expect((await machines.get(name))?.metadata.finalizers).toEqual([FINALIZER]);
  await machines.join((await machines.get(name)) ?? expect.unreachable());
  expect(await machines.untilPhase(name, "Running")).toMatchObject({ status: { nodeRef: { name } } });
  await machines.delete(name);
  await machines.untilPhase(name, "Deleting");
  await machines.patch(machines.path("machines", name), { spec: { lifecycleHooks: { preTerminate: [] } } });
  await machines.untilGone(name);
}

export async function createInvalid(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const name = await create(contract, "small", { value: { osDisk: { diskSizeGB: 0.01 } } });
  const failed = await machines.untilPhase(name, "Failed");
  expect(failed.status).toMatchObject({ errorReason: "InvalidConfiguration", errorMessage: expect.stringContaining("GiB of image") as string });
  // Failed is final, also when the cause is gone.
  await machines.patch(machines.path("machines", name), { spec: { providerSpec: site.machine(name).spec.providerSpec } });
  await until("that was looked at", async () => callsOf(contract, name, "create").length === 1);
  await quiet(2_000);
  expect((await machines.get(name))?.status?.phase).toBe("Failed");
  expect(callsOf(contract, name, "create")).toHaveLength(1);
  expect(await traces(contract, name)).toEqual([]);
  await remove(contract, name);
}

export async function createRequeue(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  // Two names of one host: each finds what was begun on it to be another's.
  const name = await create(contract, "twice", { value: { hosts: [{ uri: site.host.uri }, { uri: otherUri(contract) }] } });
  const tries = () => callsOf(contract, name, "create").filter(({ error }) => error?.kind === "Requeue");
  await until("it was put off twice", async () => tries().length >= 3);
  const [first, second, third] = tries().map(({ at }) => at);
  // Neither sooner, as after errors at first, nor later each time.
  for (const pause of [(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)]) expect(pause).toBeGreaterThan(4_000);
  expect((await machines.get(name))?.status?.phase).toBe("Provisioning");
  await machines.patch(machines.path("machines", name), { spec: { providerSpec: { value: { hosts: [{ uri: site.host.uri }] } } } });
  await machines.untilPhase(name, "Provisioned");
  await remove(contract, name);
  expect(await traces(contract, name)).toEqual([]);
}

export async function createError(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const name = await create(contract, "waiting", { value: { pool: OFF_POOL } });
  const tries = () => callsOf(contract, name, "create").filter(({ error }) => error?.reason === "PoolInactive");
  const pauses = (): readonly number[] =>
    tries().map(({ at, milliseconds }, index, all) => (index === 0 ? 0 : at - milliseconds - (all[index - 1]?.at ?? 0)));
  await until("it was tried later and later", async () => pauses().length >= 5 && (pauses().at(-1) ?? 0) > (pauses()[1] ?? 0) + 2_000);
  const waiting = await machines.get(name);
  expect(waiting?.status).toMatchObject({ phase: "Provisioning", providerStatus: { conditions: [{ status: "False", reason: "PoolInactive" }] } });
  expect(waiting?.status?.errorReason).toBeUndefined();
  await site.virsh("pool-start", OFF_POOL);
  await machines.untilPhase(name, "Provisioned");
  const made = callsOf(contract, name, "create").find(({ error }) => error === undefined);
  // Half a minute later it is looked at again, without any change.
  await until("it is looked at again", async () => callsOf(contract, name, "exists").some((call) => call.at - (made?.at ?? 0) > AGAIN_MS));
  await remove(contract, name);
  expect((await site.virsh("vol-list", OFF_POOL)).includes(name)).toBe(false);
}

export async function update(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const document = await site.virsh("net-dumpxml", OTHER_NETWORK, "--inactive");
  const name = await create(contract, "unnamed", { value: { network: { kind: "network", name: OTHER_NETWORK } } });
  const made = await machines.untilPhase(name, "Provisioned");
  const address = made.status?.addresses?.[0]?.address ?? "none";
  expect(await site.virsh("net-dumpxml", OTHER_NETWORK)).toContain(address);
  await site.virsh("net-destroy", OTHER_NETWORK);
  await site.virsh("net-undefine", OTHER_NETWORK);
  await machines.poke(name);
  const failed = await until("an update has failed", async () => callsOf(contract, name, "update").find(({ error }) => error !== undefined));
  expect(failed.error).toMatchObject({ reason: "NetworkMissing" });
  expect((await machines.get(name))?.status?.phase).toBe("Provisioned");
  await site.defineNetwork(document);
  const good = await until("it was updated again", async () =>
    callsOf(contract, name, "update").find(({ at, error }) => at > failed.at && error === undefined),
  );
  // The controllers look by themselves every ten minutes.
  expect(good.at - failed.at).toBeLessThan(300_000);
  expect((await machines.get(name))?.status).toMatchObject({ phase: "Provisioned", addresses: made.status?.addresses });
  expect(await site.virsh("net-dumpxml", OTHER_NETWORK)).toContain(address);
  await remove(contract, name);
}

/** Nobody else may need libvirt meanwhile. */
export async function existsAndGone(contract: ContractSite): Promise<void> {
  const { site, machines } = contract;
  const name = await create(contract, "gone");
  await machines.untilPhase(name, "Provisioned");
  await site.killLibvirt();
  await machines.poke(name);
  const unknown = await until("it is not known", async () => {
    const machine = await machines.get(name);
    return conditionOf(machine, "InstanceExists")?.status === "Unknown" ? machine : undefined;
  });
  expect(conditionOf(unknown, "InstanceExists")).toMatchObject({ reason: "ErrorCheckingProvider" });
  expect(unknown.status?.phase).toBe("Provisioned");
  await site.restartLibvirt();
  await site.vanish(name);
  // Whoever met an error waits longer each time.
  const failed = await until("it has failed", async () => {
    await machines.poke(name);
    const machine = await machines.get(name);
    return machine?.status?.phase === "Failed" ? machine : undefined;
  });
  expect(failed).toMatchObject({
    metadata: { annotations: { "machine.openshift.io/instance-state": "Unknown" } },
    status: { errorMessage: "can't find created instance" },
  });
  expect(conditionOf(failed, "InstanceExists")).toMatchObject({ status: "False", reason: "InstanceMissing" });
  expect(callsOf(contract, name, "create")).toHaveLength(1);
  await remove(contract, name);
  expect(await traces(contract, name)).toEqual([]);
}
