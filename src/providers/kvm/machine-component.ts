import * as pulumi from "@pulumi/pulumi";
import type { MachinePlan } from "../../config/index.ts";
import { diskName } from "./names.ts";
import { Machine, Volume, type BaseImage } from "./sdk.ts";
import type { MachineNetwork } from "./xml/domain-xml.ts";

export interface MachineArgs {
  readonly plan: MachinePlan;
  readonly infraID: string;
  readonly pool: pulumi.Input<string>;
  readonly base: BaseImage;
  readonly network: pulumi.Input<MachineNetwork>;
  /** Secret */
  readonly ignition: string;
  readonly powerOn?: boolean | undefined;
  readonly allowRestart?: boolean | undefined;
}

/** One machine of the cluster: its disk and its domain. */
export class MachineComponent extends pulumi.ComponentResource {
  readonly domain: Machine;
  readonly address: pulumi.Output<string>;

  constructor({ plan, infraID, pool, base, network, ignition, powerOn, allowRestart }: MachineArgs, options: pulumi.ComponentResourceOptions) {
    // No args for the base class: it would put them into the state, the Ignition in clear among them.
    super("virt-ipi:kvm:MachineComponent", plan.name, {}, options);
    const disk = new Volume(
      plan.name,
      { name: diskName(plan.name), pool, basePath: base.path, machine: plan.name, sizeGB: plan.diskSizeGB },
      { parent: this, dependsOn: base },
    );
    this.domain = new Machine(
      plan.name,
      {
        name: plan.name,
        infraID,
        role: plan.role,
        cpus: plan.cpus,
        memoryMB: plan.memoryMB,
        macAddress: plan.macAddress,
        network,
        pool,
        diskPath: disk.path,
        ignition,
        ...(plan.ipAddress === undefined ? {} : { address: plan.ipAddress }),
        ...(powerOn === undefined ? {} : { powerOn }),
        // Of other machines nobody asks.
        ...(plan.role === "control-plane" && allowRestart !== undefined ? { allowRestart } : {}),
      },
      // The domain goes with its disk: never a new domain on a disk that is to be removed.
      { parent: this, dependsOn: disk },
    );
    this.address = this.domain.address;
    this.registerOutputs({ address: this.address });
  }
}
