import * as pulumi from "@pulumi/pulumi";
import { pinned, unset, type Args } from "../../pulumi/sdk.ts";
import type { MachineSetsInputs } from "./machine-sets-ready.ts";

/** Ready when each MachineSet has all its machines as Ready nodes. */
export class MachineSetsReady extends pulumi.CustomResource {
  declare readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: Args<MachineSetsInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:machines:MachineSetsReady", name, { ...unset("ready"), ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, pinned(options));
  }
}
