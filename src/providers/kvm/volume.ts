import { z } from "zod";
import { InstallerError } from "../../errors/index.ts";
import type { Resource } from "../../pulumi/index.ts";
import { splitVolumeId } from "./base-image.ts";
import { createDisk, GIB, takeOverDisk } from "./disk.ts";
import type { Libvirt } from "./libvirt.ts";
import { libvirtOf } from "./provider-config.ts";
import { deleteVolume, volumeFacts, type VolumeFacts } from "./storage.ts";

export const volumeInputs = z.strictObject({
  /** Volume name: `<machine>.qcow2` */
  name: z.string().min(1),
  pool: z.string().min(1),
  /** Path of the base image in the pool. */
  basePath: z.string().startsWith("/"),
  /** The machine that the disk is of: a running one is informed when it grows. */
  machine: z.string().min(1),
  sizeGB: z.number().positive(),
});

export type VolumeInputs = z.infer<typeof volumeInputs>;

export interface VolumeOutputs {
  readonly name: string;
  readonly pool: string;
  readonly path: string;
  readonly sizeGB: number;
}

/** The disk of a machine: a qcow2 overlay that holds only what differs from the base image. */
export const volume: Resource<VolumeInputs, VolumeOutputs> = {
  inputs: volumeInputs,
  changes: { name: "replace", pool: "replace", basePath: "replace", machine: "replace", sizeGB: "update" },
  secrets: [],
  deleteBeforeReplace: true,
  predict: ({ name, pool, sizeGB }) => ({
    ...(name === undefined ? {} : { name }),
    ...(pool === undefined ? {} : { pool }),
    ...(sizeGB === undefined ? {} : { sizeGB }),
  }),
  check: (inputs, old) =>
    old !== undefined && inputs.name === old.name && inputs.pool === old.pool && inputs.sizeGB < old.sizeGB
      ? [{ property: "sizeGB", reason: shrinkRefusal(old.sizeGB, inputs.sizeGB) }]
      : [],
  create: async (inputs, context) => {
    const libvirt = libvirtOf(context);
    context.progress.status(`creating disk ${inputs.name} of ${inputs.sizeGB} GiB`);
    const made = (await createDisk(libvirt, inputs)) ?? (await takeOverDisk(libvirt, inputs)) ?? (await existingVolume(libvirt, inputs));
    return { id: `${inputs.pool}/${inputs.name}`, outputs: outputsOf(inputs, made) };
  },
  read: async (id, state, context) => {
    const { pool, name } = splitVolumeId(id);
    const found = await volumeFacts(libvirtOf(context), pool, name);
    if (found === undefined) return undefined;
    const sizeGB = found.capacity / GIB;
    const basePath = found.backingPath ?? state?.inputs.basePath ?? "/";
    const machine = state?.inputs.machine ?? name.replace(/\.qcow2$/, "");
    return { inputs: { name, pool, basePath, machine, sizeGB }, outputs: { name, pool, path: found.path, sizeGB } };
  },
  update: async (_id, old, inputs, context) => {
    const libvirt = libvirtOf(context);
    if (inputs.sizeGB < old.outputs.sizeGB)
      throw new InstallerError("VOLUME_SHRINK", shrinkRefusal(old.outputs.sizeGB, inputs.sizeGB), { value: inputs.name });
    if (inputs.sizeGB > old.outputs.sizeGB) await grow(libvirt, inputs, old.outputs.path);
    return outputsOf(inputs, await existingVolume(libvirt, inputs));
  },
  delete: async (id, _state, context) => {
    const { pool, name } = splitVolumeId(id);
    await deleteVolume(libvirtOf(context), pool, name);
  },
};

const shrinkRefusal = (from: number, to: number): string => `a disk cannot shrink from ${from} GiB to ${to} GiB`;

/** While a machine runs, only QEMU may write the file's header. */
async function grow(libvirt: Libvirt, inputs: VolumeInputs, path: string): Promise<void> {
  const bytes = `${Math.round(inputs.sizeGB * GIB)}B`;
  const state = await libvirt.virshIfExists(["domstate", "--domain", inputs.machine]);
  if (state !== undefined && /^(running|paused|idle)/.test(state))
    await libvirt.virsh(["blockresize", "--domain", inputs.machine, "--path", path, "--size", bytes]);
  else await libvirt.virsh(["vol-resize", "--pool", inputs.pool, "--vol", inputs.name, "--capacity", bytes]);
}

async function existingVolume(libvirt: Libvirt, { name, pool }: VolumeInputs): Promise<VolumeFacts> {
  const found = await volumeFacts(libvirt, pool, name);
  if (found === undefined) throw new InstallerError("LIBVIRT_FAILED", `volume ${name} has vanished from pool ${pool}`);
  return found;
}

const outputsOf = ({ name, pool }: VolumeInputs, { path, capacity }: VolumeFacts): VolumeOutputs => ({ name, pool, path, sizeGB: capacity / GIB });
