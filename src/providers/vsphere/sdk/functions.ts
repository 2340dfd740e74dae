import * as pulumi from "@pulumi/pulumi";
import { VSPHERE_VERSION } from "./version.ts";

/** Takes `provider` or `parent` for the vCenter to ask, `dependsOn` for what must exist first. */
export type LookupOptions = pulumi.InvokeOutputOptions;

/** A found object; `id` is its managed object id unless said otherwise. */
export interface Found {
  readonly id: string;
}

interface ByNameArgs {
  /** A name, or an inventory path such as `/DC0/host/cluster0`. */
  readonly name: pulumi.Input<string>;
  readonly datacenterId?: pulumi.Input<string>;
}

// Each throws by its Output when there is no such object, or when a bare name fits several.

export const getDatacenter = (args: { readonly name: pulumi.Input<string> }, options: LookupOptions): pulumi.Output<Found> =>
  invoke("getDatacenter", args, options);

export interface ComputeCluster extends Found {
  /** Its root pool, `Resources`. */
  readonly resourcePoolId: string;
}

export const getComputeCluster = (args: ByNameArgs, options: LookupOptions): pulumi.Output<ComputeCluster> =>
  invoke("getComputeCluster", args, options);

export const getDatastore = (args: ByNameArgs, options: LookupOptions): pulumi.Output<Found> => invoke("getDatastore", args, options);

export interface Network extends Found {
  /** `Network`, `DistributedVirtualPortgroup` or `OpaqueNetwork`. */
  readonly type: string;
}

export const getNetwork = (args: ByNameArgs, options: LookupOptions): pulumi.Output<Network> => invoke("getNetwork", args, options);

export const getResourcePool = (args: ByNameArgs, options: LookupOptions): pulumi.Output<Found> => invoke("getResourcePool", args, options);

export interface TemplateDisk {
  readonly label: string;
  /** GiB */
  readonly size: number;
  readonly unitNumber: number;
  readonly thinProvisioned: boolean;
  readonly eagerlyScrub: boolean;
}

/** A virtual machine or template; `id` is its BIOS UUID. */
export interface FoundVirtualMachine extends Found {
  readonly guestId: string;
  readonly firmware: string;
  readonly scsiType: string;
  readonly hardwareVersion: number;
  /** By bus and unit number. */
  readonly disks: readonly TemplateDisk[];
  readonly networkInterfaceTypes: readonly string[];
}

export const getVirtualMachine = (args: ByNameArgs, options: LookupOptions): pulumi.Output<FoundVirtualMachine> =>
  invoke("getVirtualMachine", args, options);

function invoke<T>(name: string, args: object, options: LookupOptions): pulumi.Output<T> {
  return pulumi.runtime.invokeOutput<T>(`vsphere:index/${name}:${name}`, { ...args }, { ...options, version: VSPHERE_VERSION });
}
