import * as pulumi from "@pulumi/pulumi";
import type { MachinePlan } from "../../config/index.ts";
import { type FailureDomainSpec, vmFolder, type VSpherePlatformSpec } from "../../config/platforms/vsphere/index.ts";
import type { PlatformProgramInput } from "../platform.ts";
import type { PlaceIds } from "./find-topology.ts";
import { extraConfigOf } from "./guestinfo.ts";
import { literal } from "./inventory.ts";
import { machineNotes, templateName } from "./names.ts";
import { Template } from "./own-sdk.ts";
import { getVirtualMachine, VirtualMachine, type DiskArgs, type FoundVirtualMachine, type NetworkInterfaceArgs } from "./sdk/index.ts";
import type { VCenterProgram } from "./vcenter-program.ts";

export interface DomainOptions {
  /** With the paths that its objects really have. */
  readonly domain: FailureDomainSpec;
  readonly ids: PlaceIds;
  readonly platform: VSpherePlatformSpec;
  readonly vcenter: VCenterProgram;
  readonly infraID: string;
  readonly image: PlatformProgramInput["image"];
  /** Whether guests shall run virtual machines themselves. */
  readonly nested: boolean;
  /** Whether the cluster itself clones machines from the template. */
  readonly clonedByCluster: boolean;
}

/** A cluster's part of one failure domain: its place in the inventory, the template, and machines cloned from it. */
export class DomainProgram {
  readonly #options: DomainOptions;
  readonly #folder: pulumi.Resource | undefined;
  readonly #template: pulumi.Output<FoundVirtualMachine>;
  /** Inventory path of the template, as a pattern. */
  readonly templatePath: pulumi.Output<string>;

  constructor(options: DomainOptions) {
    const { domain, ids, vcenter } = options;
    const { datacenter, folder } = domain.topology;
    this.#options = options;
    this.#folder = folder === undefined ? vcenter.folder(datacenter, ids.datacenter) : undefined;
    this.templatePath = pulumi.output(this.#pathOfTemplate()).apply(literal);
    this.#template = getVirtualMachine({ name: this.templatePath, datacenterId: ids.datacenter }, { provider: vcenter.official });
  }

  get computeClusterId(): string {
    return this.#options.ids.computeCluster;
  }

  get domain(): FailureDomainSpec {
    return this.#options.domain;
  }

  /** Clones one machine and turns it on. @throws InstallerError IGNITION_TOO_LARGE */
  machine(plan: MachinePlan, ignition: string, dependsOn: readonly pulumi.Resource[]): VirtualMachine {
    const { vcenter, infraID, nested, domain, ids } = this.#options;
    const { topology } = domain;
    return new VirtualMachine(
      plan.name,
      {
        name: plan.name,
        // Else a clone has the template's notes, which the provider would try to remove at each update.
        annotation: machineNotes(infraID),
        resourcePoolId: ids.resourcePool,
        datastoreId: ids.datastore,
        // The provider's own way: relative to the datacenter's folder for virtual machines.
        folder: vmFolder(topology, infraID).slice(`/${topology.datacenter}/vm/`.length),
        numCpus: plan.cpus,
        numCoresPerSocket: plan.vsphere?.coresPerSocket ?? plan.cpus,
        memory: plan.memoryMB,
        guestId: this.#template.guestId,
        firmware: this.#template.firmware.apply((firmware) => (firmware === "efi" ? "efi" : "bios")),
        scsiType: this.#template.scsiType,
        nestedHvEnabled: nested,
        disks: this.#disks(plan),
        networkInterfaces: this.#interfaces(plan),
        clone: { templateUuid: this.#template.id },
        extraConfig: { ...extraConfigOf(plan, ignition) },
        tags: [vcenter.tag.id, ...topology.tagIDs],
      },
      {
        provider: vcenter.official,
        // The provider would turn a node off and on for another tag; without it a machine is still known by its exact name.
        ignoreChanges: ["tags"],
        dependsOn: [...(this.#folder === undefined ? [] : [this.#folder]), ...dependsOn],
      },
    );
  }

  /** Path of the user's template, or of the one that is created from the image. */
  #pathOfTemplate(): pulumi.Input<string> {
    const { domain, infraID, platform, image, vcenter, nested, clonedByCluster } = this.#options;
    const { datacenter, computeCluster, resourcePool, datastore, networks, template } = domain.topology;
    if (template !== undefined) return template;
    const made = new Template(
      domain.name,
      {
        name: templateName(infraID, domain.name),
        infraID,
        datacenter,
        folder: vmFolder(domain.topology, infraID),
        computeCluster,
        resourcePool,
        datastore,
        network: networks[0] ?? "",
        source: image.path,
        sha256: image.sha256,
        ...(platform.diskType === undefined ? {} : { diskProvisioning: platform.diskType }),
        ...(nested && clonedByCluster ? { nestedVirtualization: true } : {}),
        tags: pulumi.all([vcenter.tag.id, ...domain.topology.tagIDs]),
      },
      { provider: vcenter.own, ...(this.#folder === undefined ? {} : { dependsOn: this.#folder }) },
    );
    return made.path;
  }

  #disks(plan: MachinePlan): readonly DiskArgs[] {
    const { diskType } = this.#options.platform;
    // What the template's disk is, not what diskType asked for: a datastore may make of it what it can, and a clone is like its template.
    // A preview may not know the template yet: what comes from it stands alone, since the provider asks for the labels at once.
    const ofTemplate = {
      thinProvisioned: this.#template.disks.apply(([boot]) => boot?.thinProvisioned ?? true),
      eagerlyScrub: this.#template.disks.apply(([boot]) => boot?.eagerlyScrub ?? false),
    };
    const more = (plan.vsphere?.dataDisks ?? []).map(({ name, sizeGiB, provisioningMode }, index) => ({
      label: `data-${name}`,
      size: sizeGiB,
      unitNumber: index + 1,
      ...PROVISIONING[provisioningMode ?? diskType ?? "thin"],
    }));
    return [{ label: "disk0", size: plan.diskSizeGB, unitNumber: 0, ...ofTemplate }, ...more];
  }

  #interfaces(plan: MachinePlan): readonly NetworkInterfaceArgs[] {
    const adapterType = this.#template.networkInterfaceTypes.apply(([first]) => first ?? "vmxnet3");
    // Nodes are known by the first one; the others get the address that vCenter gives them.
    return this.#options.ids.networks.map((networkId, index) => ({
      networkId,
      adapterType,
      ...(index === 0 ? { macAddress: plan.macAddress, useStaticMac: true } : {}),
    }));
  }
}

const THIN = { thinProvisioned: true, eagerlyScrub: false };
const THICK = { thinProvisioned: false, eagerlyScrub: false };
const EAGER = { thinProvisioned: false, eagerlyScrub: true };
const PROVISIONING = { thin: THIN, thick: THICK, eagerZeroedThick: EAGER, Thin: THIN, Thick: THICK, EagerlyZeroed: EAGER };
