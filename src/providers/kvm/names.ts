import { isNameOfCluster } from "../../config/index.ts";

/** Every name that we give on a KVM host. All follow from the infraID or a machine's name, so destroy can find each exactly. */
export const networkName = (infraID: string): string => infraID;
export const poolName = (infraID: string): string => infraID;
export const poolPath = (infraID: string): string => `/var/lib/libvirt/images/virt-ipi/${infraID}`;
export const baseImageName = (infraID: string): string => `${infraID}-base.qcow2`;
export const diskName = (machine: string): string => `${machine}.qcow2`;
export const ignitionName = (machine: string): string => `${machine}.ign`;
export const consoleLogName = (machine: string): string => `${machine}.console.log`;

/** A bridge device: at most 15 characters, the end of the infraID being the random part. */
export const bridgeName = (infraID: string): string => `vi-${infraID.slice(-5)}`;

/** Volumes of one machine: its disk, its Ignition, its console log and the logs that virtlogd rotated (`.0`, `.1`…). */
export function isVolumeOfMachine(volume: string, machine: string): boolean {
  if (volume === diskName(machine)) return true;
  return isAttachmentOfMachine(volume, machine);
}

const VOLUME = /^(.+)(?:\.qcow2|\.ign|\.console\.log(?:\.\d+)?)$/;

/** The end of a name that the API makes up. Source: k8s.io/apimachinery pkg/util/rand */
const GENERATED = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** True for a volume of a machine that a set of the cluster's made: `<infraID>-<set>-<5 characters of the API>`. */
export function isVolumeOfSet(infraID: string, volume: string): boolean {
  const machine = VOLUME.exec(volume)?.[1] ?? "";
  return isNameOfCluster(infraID, machine) && GENERATED.test(machine.slice(infraID.length + 1));
}

/** True for a name that some volume of the cluster may have. */
export const isVolumeOfCluster = (infraID: string, volume: string): boolean => isNameOfCluster(infraID, VOLUME.exec(volume)?.[1] ?? "");

/** The same without the disk: what the Machine resource itself makes. */
export function isAttachmentOfMachine(volume: string, machine: string): boolean {
  const log = consoleLogName(machine);
  return volume === ignitionName(machine) || volume === log || (volume.startsWith(`${log}.`) && /^\d+$/.test(volume.slice(log.length + 1)));
}
