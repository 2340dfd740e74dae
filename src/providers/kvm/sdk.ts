import * as pulumi from "@pulumi/pulumi";
import { PLUGIN_NAME, PLUGIN_VERSION } from "../../pulumi/index.ts";
import { pinned, unset, type Args } from "../../pulumi/sdk.ts";
import type { BaseImageInputs } from "./base-image.ts";
import type { MachineInputs } from "./machine-inputs.ts";
import type { NetworkInputs } from "./network-inputs.ts";
import type { StoragePoolInputs } from "./storage-pool.ts";
import type { VolumeInputs } from "./volume.ts";
import type { ForwardMode } from "./xml/network-xml.ts";

export interface ProviderArgs {
  /** libvirt connection URI; `qemu:///system` unless given. */
  readonly uri?: pulumi.Input<string>;
}

/** One libvirt host. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    super(PLUGIN_NAME, name, { ...args }, pulumi.mergeOptions({ version: PLUGIN_VERSION }, options));
  }
}

/** A libvirt network of the cluster's own. */
export class Network extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  declare readonly bridge: pulumi.Output<string>;
  declare readonly forward: pulumi.Output<ForwardMode>;

  constructor(name: string, args: Args<NetworkInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:kvm:Network", name, { ...unset("uuid", "forward"), ...args }, pinned(options));
  }
}

/** A folder of the cluster's own as storage pool. */
export class StoragePool extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;

  constructor(name: string, args: Args<StoragePoolInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:kvm:StoragePool", name, { ...unset("uuid", "made"), ...args }, pinned(options));
  }
}

/** The image in the pool that every disk is an overlay of. */
export class BaseImage extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly pool: pulumi.Output<string>;
  declare readonly sha256: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly virtualSize: pulumi.Output<number>;

  constructor(name: string, args: Args<BaseImageInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:kvm:BaseImage", name, { ...unset("path", "virtualSize"), ...args }, pinned(options));
  }
}

/** The disk of a machine. */
export class Volume extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly pool: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly sizeGB: pulumi.Output<number>;

  constructor(name: string, args: Args<VolumeInputs>, options?: pulumi.CustomResourceOptions) {
    super("virt-ipi:kvm:Volume", name, { ...unset("path"), ...args }, pinned(options));
  }
}

/** A virtual machine; its disk is a Volume. `ignition` is made a secret. */
export class Machine extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  declare readonly role: pulumi.Output<string>;
  declare readonly macAddress: pulumi.Output<string>;
  declare readonly address: pulumi.Output<string>;
  declare readonly running: pulumi.Output<boolean>;
  declare readonly acceleration: pulumi.Output<string>;
  declare readonly consoleLogPath: pulumi.Output<string>;
  declare readonly ignitionSha256: pulumi.Output<string>;

  constructor(name: string, args: Args<MachineInputs>, options?: pulumi.CustomResourceOptions) {
    const ignition = args.ignition === undefined ? undefined : pulumi.secret(args.ignition);
    super("virt-ipi:kvm:Machine", name, { ...unset("uuid", "running", "consoleLogPath", "ignitionSha256"), ...args, ignition }, pinned(options));
  }
}
