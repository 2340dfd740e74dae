import * as pulumi from "@pulumi/pulumi";
import { pinned } from "./version.ts";

interface ClusterRuleArgs {
  readonly name: pulumi.Input<string>;
  /** Managed object id. A change replaces the rule. */
  readonly computeClusterId: pulumi.Input<string>;
}

interface SwitchableRuleArgs extends ClusterRuleArgs {
  /** Default true. */
  readonly enabled?: pulumi.Input<boolean>;
  /** Whether a machine is rather not started than started against the rule; default false. */
  readonly mandatory?: pulumi.Input<boolean>;
}

export interface AntiAffinityRuleArgs extends SwitchableRuleArgs {
  /** BIOS UUIDs: the ids of VirtualMachine resources. */
  readonly virtualMachineIds: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** DRS keeps these machines on different hosts. */
export class ComputeClusterVmAntiAffinityRule extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: AntiAffinityRuleArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule", name, { ...args }, pinned(options));
  }
}

export interface VmGroupArgs extends ClusterRuleArgs {
  /** BIOS UUIDs: the ids of VirtualMachine resources. */
  readonly virtualMachineIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A named group of machines, for a VM-host rule. A new name replaces it. */
export class ComputeClusterVmGroup extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: VmGroupArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/computeClusterVmGroup:ComputeClusterVmGroup", name, { ...args }, pinned(options));
  }
}

export interface VmHostRuleArgs extends SwitchableRuleArgs {
  readonly vmGroupName: pulumi.Input<string>;
  readonly affinityHostGroupName: pulumi.Input<string>;
}

/** DRS runs the machines of a VM group on the hosts of a host group. */
export class ComputeClusterVmHostRule extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: VmHostRuleArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/computeClusterVmHostRule:ComputeClusterVmHostRule", name, { ...args }, pinned(options));
  }
}
