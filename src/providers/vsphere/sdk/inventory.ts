import * as pulumi from "@pulumi/pulumi";
import { pinned } from "./version.ts";

export interface FolderArgs {
  /** Relative to the datacenter's root folder of this type: `clusters/try-abcde`. Its parent must exist. */
  readonly path: pulumi.Input<string>;
  /** A change replaces the folder. */
  readonly type: pulumi.Input<"vm" | "host" | "datastore" | "network" | "datacenter">;
  /** Managed object id; needed for all types but `datacenter`. A change replaces the folder. */
  readonly datacenterId?: pulumi.Input<string>;
  /** Tag ids. */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A folder of the inventory; its id is its managed object id. */
export class Folder extends pulumi.CustomResource {
  declare readonly path: pulumi.Output<string>;
  declare readonly datacenterId: pulumi.Output<string | undefined>;

  constructor(name: string, args: FolderArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/folder:Folder", name, { ...args }, pinned(options));
  }
}

export interface ResourcePoolArgs {
  readonly name: pulumi.Input<string>;
  /** Managed object id: the cluster's root pool, or any other pool. A change moves the pool. */
  readonly parentResourcePoolId: pulumi.Input<string>;
  /** MHz */
  readonly cpuReservation?: pulumi.Input<number>;
  /** MHz; -1 is no limit. */
  readonly cpuLimit?: pulumi.Input<number>;
  /** MB */
  readonly memoryReservation?: pulumi.Input<number>;
  /** MB; -1 is no limit. */
  readonly memoryLimit?: pulumi.Input<number>;
  /** Tag ids. */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A resource pool; its id is its managed object id. */
export class ResourcePool extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly parentResourcePoolId: pulumi.Output<string>;

  constructor(name: string, args: ResourcePoolArgs, options?: pulumi.CustomResourceOptions) {
    super("vsphere:index/resourcePool:ResourcePool", name, { ...args }, pinned(options));
  }
}
