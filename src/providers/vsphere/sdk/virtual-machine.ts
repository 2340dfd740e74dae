import * as pulumi from "@pulumi/pulumi";
import { pinned } from "./version.ts";

export interface DiskArgs {
  /** Names the disk among the machine's; a change makes another disk. */
  readonly label: pulumi.Input<string>;
  /** GiB; at least the template's for a cloned disk. */
  readonly size: pulumi.Input<number>;
  /** 0-14 on the first SCSI controller; the boot disk is 0. */
  readonly unitNumber?: pulumi.Input<number>;
  readonly thinProvisioned?: pulumi.Input<boolean>;
  readonly eagerlyScrub?: pulumi.Input<boolean>;
  /** Managed object id; the machine's own unless given. */
  readonly datastoreId?: pulumi.Input<string>;
  readonly storagePolicyId?: pulumi.Input<string>;
}

export interface NetworkInterfaceArgs {
  /** Managed object id of a network or port group. */
  readonly networkId: pulumi.Input<string>;
  /** `vmxnet3` unless given. */
  readonly adapterType?: pulumi.Input<string>;
  /** Counts only with `useStaticMac`. */
  readonly macAddress?: pulumi.Input<string>;
  readonly useStaticMac?: pulumi.Input<boolean>;
}

export interface CloneArgs {
  /** BIOS UUID of the template: `id` of getVirtualMachine. */
  readonly templateUuid: pulumi.Input<string>;
  readonly linkedClone?: pulumi.Input<boolean>;
  /** Minutes; default 30. */
  readonly timeout?: pulumi.Input<number>;
}

/** What a cloned machine may be given: the fields that the official provider and Terraform's 1.26 share. */
export interface VirtualMachineArgs {
  readonly name: pulumi.Input<string>;
  readonly resourcePoolId: pulumi.Input<string>;
  readonly datastoreId?: pulumi.Input<string>;
  /** Path relative to the datacenter's VM folder, not an id. */
  readonly folder?: pulumi.Input<string>;
  readonly hostSystemId?: pulumi.Input<string>;
  readonly numCpus: pulumi.Input<number>;
  readonly numCoresPerSocket?: pulumi.Input<number>;
  /** MiB */
  readonly memory: pulumi.Input<number>;
  /** MiB */
  readonly memoryReservation?: pulumi.Input<number>;
  /** The template's: a clone with another one is refused. */
  readonly guestId: pulumi.Input<string>;
  readonly firmware?: pulumi.Input<"bios" | "efi">;
  readonly efiSecureBootEnabled?: pulumi.Input<boolean>;
  /** The template's unless given; it can only go up. */
  readonly hardwareVersion?: pulumi.Input<number>;
  readonly scsiType?: pulumi.Input<string>;
  /** Hardware virtualization for the guest, which virtual machines inside it need. */
  readonly nestedHvEnabled?: pulumi.Input<boolean>;
  readonly latencySensitivity?: pulumi.Input<"low" | "normal" | "medium" | "high">;
  readonly storagePolicyId?: pulumi.Input<string>;
  readonly annotation?: pulumi.Input<string>;
  /** In the order of the disks; the first is the template's. */
  readonly disks: pulumi.Input<readonly pulumi.Input<DiskArgs>[]>;
  readonly networkInterfaces: pulumi.Input<readonly pulumi.Input<NetworkInterfaceArgs>[]>;
  readonly clone: pulumi.Input<CloneArgs>;
  /** Keys of the VMX file, `guestinfo.*` among them. Made a secret here: it carries Ignition configs. */
  readonly extraConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Tag ids. */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Minutes to wait for an orderly shutdown, 1-10; default 3. */
  readonly shutdownWaitTimeout?: pulumi.Input<number>;
}

/**
 * Read by the machine on its first boot, or only meaningful when it is made, as what its template was like. A later change must not restart or replace
 * a node. (No `disks[*]` here: paths with wildcards fail when a list changes its length.)
 */
const FIRST_BOOT_ONLY = [
  // Whoever looks after the machine may write there.
  "annotation",
  "clone",
  "extraConfig",
  "guestId",
  "firmware",
  "scsiType",
  "disks[0].thinProvisioned",
  "disks[0].eagerlyScrub",
  "networkInterfaces[0].adapterType",
];

/** Settings of which the provider's defaults hurt; the same for every machine. */
const FIXED = {
  // Without a value each of these shows as changed forever, and the update turns the machine off and on.
  eptRviMode: "automatic",
  hvMode: "hvAuto",
  // The guest has chrony.
  syncTimeWithHost: false,
  // The installer waits for the cluster, not for an address that VMware's tools may never report.
  waitForGuestNetTimeout: 0,
  waitForGuestIpTimeout: 0,
  // The CSI driver finds disks by it.
  enableDiskUuid: true,
};

/** A machine cloned from a template, and powered on. Its id is its BIOS UUID. */
export class VirtualMachine extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** Managed object id, `vm-42`. */
  declare readonly moid: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  /** What VMware's tools in the guest report; undefined until they do. */
  declare readonly defaultIpAddress: pulumi.Output<string | undefined>;
  declare readonly guestIpAddresses: pulumi.Output<readonly string[]>;

  constructor(name: string, args: VirtualMachineArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      moid: undefined,
      uuid: undefined,
      defaultIpAddress: undefined,
      guestIpAddresses: undefined,
      ...FIXED,
      ...args,
      extraConfig: args.extraConfig === undefined ? undefined : pulumi.secret(args.extraConfig),
    };
    super(
      "vsphere:index/virtualMachine:VirtualMachine",
      name,
      inputs,
      pinned(options, { ignoreChanges: FIRST_BOOT_ONLY, additionalSecretOutputs: ["extraConfig"] }),
    );
  }
}
