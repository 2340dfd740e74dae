import * as pulumi from "@pulumi/pulumi";
import { pinned, unset, type Args } from "../pulumi/sdk.ts";
import type { BootstrapCompleteInputs, WaitInputs } from "./resources/wait-inputs.ts";

/** Ready when the control plane lives without the bootstrap machine. */
export class BootstrapComplete extends pulumi.CustomResource {
  declare readonly infraID: pulumi.Output<string>;
  declare readonly complete: pulumi.Output<boolean>;

  constructor(name: string, args: Args<BootstrapCompleteInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:cluster:BootstrapComplete", name, { ...unset("complete"), ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, pinned(options));
  }
}

/** Ready when every machine is a Ready node and the cluster's own workloads run. */
export class InstallComplete extends pulumi.CustomResource {
  declare readonly infraID: pulumi.Output<string>;
  declare readonly complete: pulumi.Output<boolean>;

  constructor(name: string, args: Args<WaitInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:cluster:InstallComplete", name, { ...unset("complete"), ...args, kubeconfig: pulumi.secret(args.kubeconfig) }, pinned(options));
  }
}
