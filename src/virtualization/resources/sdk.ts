import * as pulumi from "@pulumi/pulumi";
import { pinned, unset, type Args } from "../../pulumi/sdk.ts";
import type { IdentityProviderInputs } from "./identity-provider.ts";
import type {
  AccelerationInputs,
  ClusterInputs,
  ComponentInputs,
  DeploymentInputs,
  EmptiedKeysInputs,
  HyperConvergedInputs,
  OperatorInputs,
  WorkloadInputs,
} from "./inputs.ts";

type Options = pulumi.CustomResourceOptions;

class VirtualizationResource<I extends ClusterInputs> extends pulumi.CustomResource {
  /** True once what it stands for is there. */
  declare readonly ready: pulumi.Output<boolean>;

  constructor(kind: string, name: string, outputs: readonly string[], args: Args<I>, options?: Options) {
    const inputs = { ...unset("ready", ...outputs), ...args, kubeconfig: pulumi.secret(args.kubeconfig) };
    super(`virt-ipi:virtualization:${kind}`, name, inputs, pinned(options));
  }
}

/** Nothing of an earlier installation is in the way; takes away what operators leave cluster-wide. */
export class Leftovers extends VirtualizationResource<ClusterInputs> {
  constructor(name: string, args: Args<ClusterInputs>, options?: Options) {
    super("Leftovers", name, [], args, options);
  }
}

/** The CatalogSource serves. */
export class CatalogReady extends VirtualizationResource<ClusterInputs> {
  constructor(name: string, args: Args<ClusterInputs>, options?: Options) {
    super("CatalogReady", name, ["address"], args, options);
  }
}

/** Takes away the versions that OLM installed, when its Subscription is gone. */
export class InstalledVersions extends VirtualizationResource<ClusterInputs> {
  constructor(name: string, args: Args<ClusterInputs>, options?: Options) {
    super("InstalledVersions", name, [], args, options);
  }
}

/** Approves InstallPlans up to the version asked for. */
export class InstallPlanApproval extends VirtualizationResource<ClusterInputs> {
  declare readonly csv: pulumi.Output<string>;
  constructor(name: string, args: Args<ClusterInputs>, options?: Options) {
    super("InstallPlanApproval", name, ["csv"], args, options);
  }
}

/** What OLM installed works: version succeeded, kinds served, webhooks answering. */
export class OperatorReady extends VirtualizationResource<OperatorInputs> {
  declare readonly csv: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  constructor(name: string, args: Args<OperatorInputs>, options?: Options) {
    super("OperatorReady", name, ["csv", "version"], args, options);
  }
}

/** Operators from manifests are available. */
export class DeploymentsReady extends VirtualizationResource<DeploymentInputs> {
  constructor(name: string, args: Args<DeploymentInputs>, options?: Options) {
    super("DeploymentsReady", name, [], args, options);
  }
}

/** Takes out of a resource that an operator writes too what server-side apply would leave as null. */
export class EmptiedKeys extends VirtualizationResource<EmptiedKeysInputs> {
  constructor(name: string, args: Args<EmptiedKeysInputs>, options?: Options) {
    super("EmptiedKeys", name, [], args, options);
  }
}

/** Takes out of an object of others what a patch has set, before the patch goes. */
export class ReleasedKeys extends VirtualizationResource<EmptiedKeysInputs> {
  constructor(name: string, args: Args<EmptiedKeysInputs>, options?: Options) {
    super("ReleasedKeys", name, [], args, options);
  }
}

/** There is a StorageClass for disks that name none. */
export class StorageReady extends VirtualizationResource<ClusterInputs> {
  constructor(name: string, args: Args<ClusterInputs>, options?: Options) {
    super("StorageReady", name, ["storageClass"], args, options);
  }
}

/** A resource of one of the operators is Available. */
export class ComponentReady extends VirtualizationResource<ComponentInputs> {
  constructor(name: string, args: Args<ComponentInputs>, options?: Options) {
    super("ComponentReady", name, ["version"], args, options);
  }
}

/** HyperConverged and all that it stands for works. */
export class HyperConvergedReady extends VirtualizationResource<HyperConvergedInputs> {
  constructor(name: string, args: Args<HyperConvergedInputs>, options?: Options) {
    super("HyperConvergedReady", name, [], args, options);
  }
}

/** Which nodes have /dev/kvm is known, and emulation is switched accordingly. */
export class Acceleration extends VirtualizationResource<AccelerationInputs> {
  declare readonly emulation: pulumi.Output<boolean>;
  constructor(name: string, args: Args<AccelerationInputs>, options?: Options) {
    super("Acceleration", name, ["accelerated", "others", "emulation"], args, options);
  }
}

/** Keeps virtualization while there are virtual machines. */
export class WorkloadGuard extends VirtualizationResource<WorkloadInputs> {
  constructor(name: string, args: Args<WorkloadInputs>, options?: Options) {
    super("WorkloadGuard", name, [], args, options);
  }
}

/** One identity provider of OpenShift's login. */
export class IdentityProvider extends VirtualizationResource<IdentityProviderInputs> {
  constructor(name: string, args: Args<IdentityProviderInputs>, options?: Options) {
    super("IdentityProvider", name, [], args, options);
  }
}
