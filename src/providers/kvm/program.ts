import * as pulumi from "@pulumi/pulumi";
import type { MachinePlan } from "../../config/index.ts";
import type { PlatformProgramInput, PlatformProgramOutput } from "../platform.ts";
import { machineSetSpec } from "./actuator/machine-set-spec.ts";
import { kvmSpecOf } from "./kvm-spec.ts";
import { MachineComponent } from "./machine-component.ts";
import { baseImageName } from "./names.ts";
import { planNetwork } from "./network-plan.ts";
import { BaseImage, Network, Provider, StoragePool } from "./sdk.ts";
import { storageOf } from "./storage-plan.ts";
import type { MachineNetwork } from "./xml/domain-xml.ts";

/** Network, pool, image and machines of a cluster. Machines depend on all that they use, so destroy takes them first. */
export function program(input: PlatformProgramInput): PlatformProgramOutput {
  const { identity, image, machines } = input;
  const { infraID } = identity;
  const provider = new Provider(infraID, { uri: kvmSpecOf(input.spec).uri });
  const network = networkOf(input, provider);
  const { allowRestart } = kvmSpecOf(input.spec);
  const storage = storageOf(kvmSpecOf(input.spec), infraID);
  const pool = storage.owned ? new StoragePool(infraID, { name: storage.pool, path: storage.path }, { provider }) : undefined;
  const poolName = pool?.name ?? storage.pool;
  const base = new BaseImage(infraID, { name: baseImageName(infraID), pool: poolName, source: image.path, sha256: image.sha256 }, { provider });
  const make = (dependsOn: readonly pulumi.Resource[]) => (plan: MachinePlan) => {
    const args = { plan, infraID, pool: poolName, base, network, ignition: input.ignition(plan), powerOn: input.powerOn, allowRestart };
    const resource = new MachineComponent(args, { providers: [provider], dependsOn: [...dependsOn] });
    return { name: plan.name, role: plan.role, resource, address: resource.address, id: resource.domain.id };
  };
  const first = machines.filter(({ role }) => role !== "compute").map(make([]));
  const gates = (input.computeDependsOn?.(first) ?? []).filter((each) => pulumi.Resource.isInstance(each));
  const compute = machines.filter(({ role }) => role === "compute").map(make(gates));
  return { machines: [...first, ...compute], machineApi: { providerSpec: machineSetSpec } };
}

function networkOf(input: PlatformProgramInput, provider: Provider): pulumi.Input<MachineNetwork> {
  const { network } = kvmSpecOf(input.spec);
  if (network.kind === "bridge") return { kind: "bridge", name: network.bridge };
  const { infraID } = input.identity;
  const made = new Network(infraID, planNetwork(input.spec, infraID, input.planned), { provider });
  return made.name.apply((name) => ({ kind: "network" as const, name }));
}
