import * as pulumi from "@pulumi/pulumi";
import type { PlatformProgramInput, PlatformProgramOutput } from "../../../src/providers/index.ts";
import { PLUGIN_VERSION } from "../../../src/pulumi/index.ts";
import { type Args, pinned } from "../../../src/pulumi/sdk.ts";
import { join } from "node:path";
import { MACHINE_TYPE, type MachineInputs } from "./machine.ts";
import { own } from "./spec.ts";

class FakeMachine extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: Args<MachineInputs>, options: pulumi.CustomResourceOptions) {
    super(MACHINE_TYPE, name, { address: undefined, ...args }, pinned(options));
  }
}

/** Of the fake platform's own plugin. */
class FakeProvider extends pulumi.ProviderResource {
  constructor(name: string) {
    super("fake", name, {}, { version: PLUGIN_VERSION });
  }
}

export function program({ spec, identity, machines, ignition, computeDependsOn }: PlatformProgramInput): PlatformProgramOutput {
  const provider = new FakeProvider(identity.infraID);
  const make = (dependsOn: readonly unknown[]) => (plan: (typeof machines)[number]) => {
    const args = {
      path: join(own(spec).folder, plan.name),
      infraID: identity.infraID,
      mac: plan.macAddress,
      memoryMB: plan.memoryMB,
      shelf: plan.shelf ?? "",
      ignition: pulumi.secret(ignition(plan)),
    };
    const resource = new FakeMachine(plan.name, args, { provider, dependsOn: dependsOn as pulumi.Resource[] });
    return { name: plan.name, role: plan.role, resource, address: resource.address, id: resource.id };
  };
  const first = machines.filter(({ role }) => role !== "compute").map(make([]));
  const compute = machines.filter(({ role }) => role === "compute").map(make(computeDependsOn?.(first) ?? []));
  return { machines: [...first, ...compute] };
}
