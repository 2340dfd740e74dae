import { realpath } from "node:fs/promises";
import { posix } from "node:path";
import { z } from "zod";
import { isSystemFolder } from "../../config/index.ts";
import { InstallerError, isInstallerError } from "../../errors/index.ts";
import type { Resource } from "../../pulumi/index.ts";
import { isLocal } from "./acceleration.ts";
import { document, isNotRunning, type Libvirt } from "./libvirt.ts";
import { libvirtOf } from "./provider-config.ts";
import { find, parseXml, textOf } from "./xml/parse-xml.ts";
import { poolXml } from "./xml/storage-xml.ts";
import { volumeNames } from "./storage.ts";

export const storagePoolInputs = z.strictObject({
  name: z.string().min(1),
  /** Absolute folder on the libvirt host; made if it is not there. */
  path: z
    .string()
    .startsWith("/")
    .refine((path) => !isSystemFolder(path), "is a folder of the system"),
});

export type StoragePoolInputs = z.infer<typeof storagePoolInputs>;

export interface StoragePoolOutputs extends StoragePoolInputs {
  readonly uuid: string;
  /** The folder was made for the pool, and goes with it. */
  readonly made: boolean;
}

/** A storage pool of our own: a folder. An existing pool of the user is never one of these. */
export const storagePool: Resource<StoragePoolInputs, StoragePoolOutputs> = {
  inputs: storagePoolInputs,
  changes: { name: "replace", path: "replace" },
  secrets: [],
  deleteBeforeReplace: true,
  predict: () => ({}),
  create: async (inputs, context) => {
    const libvirt = libvirtOf(context);
    const system = await systemFolderBehind(inputs.path, libvirt.uri);
    if (system !== undefined)
      throw new InstallerError("POOL_FOLDER_REFUSED", `${inputs.path} leads to ${system}, a folder of the system`, { value: inputs.path });
    const existing = await poolFacts(libvirt, inputs.name);
    // Our names end in random characters, so one in the same place is left from an interrupted run.
    if (existing !== undefined && existing.path !== inputs.path)
      throw new InstallerError("NAME_TAKEN", `a storage pool ${inputs.name} exists at ${existing.path}, not at ${inputs.path}`, {
        value: inputs.name,
      });
    context.progress.status(`creating storage pool ${inputs.path}`);
    if (existing === undefined) await libvirt.virsh(["pool-define", "--file", document(poolXml(inputs.name, inputs.path))]);
    let made: boolean;
    try {
      made = await start(libvirt, inputs.name);
    } catch (error) {
      if (existing === undefined) await libvirt.withoutSignal().virshIfExists(["pool-undefine", "--pool", inputs.name]);
      throw error;
    }
    return { id: inputs.name, outputs: { ...inputs, uuid: (await poolFacts(libvirt, inputs.name))?.uuid ?? "", made } };
  },
  read: async (id, state, context) => {
    const found = await poolFacts(libvirtOf(context), id);
    return found === undefined
      ? undefined
      : {
          inputs: { name: found.name, path: found.path },
          outputs: { name: found.name, path: found.path, uuid: found.uuid, made: state?.outputs.made ?? false },
        };
  },
  update: async (_id, old) => old.outputs,
  delete: async (id, state, context) => await removePool(libvirtOf(context), id, state.outputs.made),
};

/** @returns true if the folder was made. One that is there already is never built: that would change its mode and owner. */
async function start(libvirt: Libvirt, name: string): Promise<boolean> {
  let made = false;
  if (!(await isActive(libvirt, name))) {
    try {
      await libvirt.virsh(["pool-start", "--pool", name]);
    } catch (error) {
      if (!isInstallerError(error) || !/No such file or directory/.test(error.message)) throw error;
      await libvirt.virsh(["pool-build", "--pool", name]);
      made = true;
      await libvirt.virsh(["pool-start", "--pool", name]);
    }
  }
  await libvirt.virsh(["pool-autostart", "--pool", name]);
  return made;
}

/** The folder of the system that a path leads to by symbolic links on this host; undefined if it leads elsewhere, or on another host. */
export async function systemFolderBehind(path: string, uri: string): Promise<string | undefined> {
  if (isSystemFolder(path)) return path;
  if (!isLocal(uri)) return undefined;
  const real = await realpath(path).catch(() => path);
  return isSystemFolder(real) ? real : undefined;
}

async function isActive(libvirt: Libvirt, name: string): Promise<boolean> {
  return /^State:\s+running/m.test(await libvirt.virsh(["pool-info", "--pool", name]));
}

export interface PoolFacts {
  readonly name: string;
  readonly uuid: string;
  readonly type: string;
  readonly path: string;
  /** Bytes; 0 while it is off. */
  readonly available: number;
}

export async function poolFacts(libvirt: Libvirt, name: string): Promise<PoolFacts | undefined> {
  const text = await libvirt.virshIfExists(["pool-dumpxml", "--pool", name]);
  if (text === undefined) return undefined;
  const pool = parseXml(text);
  return {
    name: textOf(find(pool, "name")),
    uuid: textOf(find(pool, "uuid")),
    type: pool.attributes["type"] ?? "",
    path: textOf(find(pool, "target", "path")),
    available: Number(textOf(find(pool, "available"))),
  };
}

/**
 * Removes a pool that virt-ipi created, and its folder if that is empty and was made for it: files that are not ours keep the folder, not the pool.
 * One that is gone already is success.
 * @param made as the state knows it; without it only a folder that is named after the cluster was made for it
 */
export async function removePool(libvirt: Libvirt, name: string, made = false): Promise<void> {
  const facts = await poolFacts(libvirt, name);
  if (facts === undefined) return;
  const mayGo = (made || posix.basename(facts.path) === name) && (await volumeNames(libvirt, name)).length === 0;
  try {
    await libvirt.virshIfExists(["pool-destroy", "--pool", name]);
  } catch (error) {
    if (!isNotRunning(error)) throw error;
  }
  // Removes a folder only when it is empty; libvirt uses rmdir here.
  if (mayGo) await libvirt.virshIfExists(["pool-delete", "--pool", name]).catch(() => undefined);
  await libvirt.virshIfExists(["pool-undefine", "--pool", name]);
}
