import { z } from "zod";
import { InstallerError } from "../../errors/index.ts";
import type { Resource, ResourceContext } from "../../pulumi/index.ts";
import { copyVerified, imageSize, verifyImage } from "../verify-image.ts";
import type { Libvirt } from "./libvirt.ts";
import { libvirtOf } from "./provider-config.ts";
import { createVolume, deleteVolume, refreshPool, volumeFacts, volumeNames } from "./storage.ts";

export const baseImageInputs = z.strictObject({
  /** Volume name: `<infraID>-base.qcow2` */
  name: z.string().min(1),
  pool: z.string().min(1),
  /** Local path of a qcow2 image. */
  source: z.string().min(1),
  /** Of the file at `source`: hexadecimal, lower case. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits"),
});

export type BaseImageInputs = z.infer<typeof baseImageInputs>;

export interface BaseImageOutputs {
  readonly name: string;
  readonly pool: string;
  /** Of what is in the pool. */
  readonly sha256: string;
  readonly path: string;
  /** Bytes that a machine sees: the least size of its disk. */
  readonly virtualSize: number;
}

/** A copy of the image in the pool, which every disk of the cluster is an overlay of. Works over any libvirt connection. */
export const baseImage: Resource<BaseImageInputs, BaseImageOutputs> = {
  inputs: baseImageInputs,
  // Where the file lies does not matter, only what is in it. Machines that exist keep what they began from.
  changes: { name: "replace", pool: "replace", source: "ignore", sha256: "update" },
  secrets: [],
  deleteBeforeReplace: true,
  predict: ({ name, pool, sha256 }) => ({
    ...(name === undefined ? {} : { name }),
    ...(pool === undefined ? {} : { pool }),
    ...(sha256 === undefined ? {} : { sha256 }),
  }),
  create: async (inputs, context) => {
    const libvirt = libvirtOf(context);
    const existing = await volumeFacts(libvirt, inputs.pool, inputs.name);
    const inUse = existing !== undefined && (await isBacking(libvirt, inputs.pool, existing.path));
    // Left by an interrupted run: perhaps half a copy, so it is created again unless disks already stand on it.
    if (!inUse)
      await orNothing(libvirt, inputs, async () => copyVerified(inputs, context.signal, async (signal) => upload(inputs, { ...context, signal })));
    return { id: `${inputs.pool}/${inputs.name}`, outputs: await outputsOf(libvirt, inputs, inputs.sha256) };
  },
  read: async (id, state, context) => {
    const { pool, name } = splitVolumeId(id);
    const found = await volumeFacts(libvirtOf(context), pool, name);
    if (found === undefined) return undefined;
    const sha256 = state?.outputs.sha256 ?? "";
    const inputs = state?.inputs ?? { name, pool, source: found.path, sha256 };
    return { inputs, outputs: { name, pool, sha256, path: found.path, virtualSize: found.capacity } };
  },
  update: async (_id, old, inputs, context) => {
    const libvirt = libvirtOf(context);
    if (await isBacking(libvirt, inputs.pool, old.outputs.path)) {
      context.progress.warn("the image has changed, but disks stand on the old one: this cluster keeps the image that it began with");
      return old.outputs;
    }
    // First, since the copy takes the place of a complete one.
    context.progress.status(`checking ${inputs.source}`);
    await verifyImage(inputs, context.signal);
    await orNothing(libvirt, inputs, async () => upload(inputs, context));
    return await outputsOf(libvirt, inputs, inputs.sha256);
  },
  delete: async (id, _state, context) => {
    const { pool, name } = splitVolumeId(id);
    await deleteVolume(libvirtOf(context), pool, name);
  },
};

/** The id of a volume: `<pool>/<name>`. */
export function splitVolumeId(id: string): { readonly pool: string; readonly name: string } {
  const at = id.indexOf("/");
  if (at <= 0 || at === id.length - 1) throw new InstallerError("USAGE", "a volume's id is <pool>/<name>", { value: id });
  return { pool: id.slice(0, at), name: id.slice(at + 1) };
}

async function isBacking(libvirt: Libvirt, pool: string, path: string): Promise<boolean> {
  for (const name of await volumeNames(libvirt, pool)) if ((await volumeFacts(libvirt, pool, name))?.backingPath === path) return true;
  return false;
}

async function orNothing(libvirt: Libvirt, { pool, name }: BaseImageInputs, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    await deleteVolume(libvirt.withoutSignal(), pool, name);
    throw error;
  }
}

async function upload(inputs: BaseImageInputs, context: ResourceContext): Promise<void> {
  const { name, pool, source } = inputs;
  const libvirt = libvirtOf(context);
  const size = await imageSize(inputs);
  await deleteVolume(libvirt, pool, name);
  context.progress.status(`copying the image to pool ${pool} (${Math.ceil(size / 2 ** 20)} MiB)`);
  // As raw bytes of the file's size; the refresh then sees what they are.
  await createVolume(libvirt, pool, { name, format: "raw", capacity: size });
  await libvirt.virsh(["vol-upload", "--pool", pool, "--vol", name, "--file", source]);
  await refreshPool(libvirt, pool, context.signal);
  const found = await volumeFacts(libvirt, pool, name);
  if (found?.format !== "qcow2") throw new InstallerError("IMAGE_CHECKSUM", `${source} is not a qcow2 image`, { value: found?.format });
  if (found.physical !== undefined && found.physical !== size)
    throw new InstallerError("IMAGE_CHECKSUM", `only ${found.physical} of ${size} bytes of the image arrived in pool ${pool}`, { value: name });
}

async function outputsOf(libvirt: Libvirt, { name, pool }: BaseImageInputs, sha256: string): Promise<BaseImageOutputs> {
  const found = await volumeFacts(libvirt, pool, name);
  if (found === undefined) throw new InstallerError("LIBVIRT_FAILED", `volume ${name} has vanished from pool ${pool}`);
  return { name, pool, sha256, path: found.path, virtualSize: found.capacity };
}
