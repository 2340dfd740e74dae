import { freeMacAddress } from "../../../config/index.ts";
import { isInstallerError } from "../../../errors/index.ts";
import { ActuatorRefusal, internalAddressOf, type MachineObject } from "../../actuator.ts";
import { createDisk, firstGB, GIB, takeOverDisk } from "../disk.ts";
import { defineDomain, domainFacts, factsAfter, type DomainFacts } from "../domains.ts";
import type { Libvirt } from "../libvirt.ts";
import { createFiles, filePaths } from "../machine-files.ts";
import { diskName } from "../names.ts";
import { networkFacts, type NetworkFacts } from "../network.ts";
import type { NetworkDocument } from "../network-facts.ts";
import { poolFacts } from "../storage-pool.ts";
import { volumeFacts } from "../storage.ts";
import { domainXml, type Acceleration } from "../xml/domain-xml.ts";
import { MACHINE_NAMESPACE, MACHINE_PREFIX, machineElement, type MachineMark } from "../xml/metadata.ts";
import { renderXml } from "../xml/xml.ts";
import type { KvmProviderSpec, MachineHost } from "./provider-spec.ts";
import { refusal, withReason } from "./reasons.ts";
import { removeMachine } from "./remove.ts";
import { reserve } from "./reservation.ts";

export interface Creation {
  readonly infraID: string;
  readonly machine: MachineObject;
  readonly spec: KvmProviderSpec;
  readonly host: MachineHost;
  readonly libvirt: Libvirt;
  readonly acceleration: () => Promise<Acceleration>;
  /** Secret. */
  readonly ignition: string;
  /** What an interrupted run has left of this machine on this host: it does not run. */
  readonly left: DomainFacts | undefined;
  /** Asked once the domain is there, and before it takes anything else. @throws to undo it */
  readonly mayStay: () => Promise<void>;
}

/**
 * Makes a machine on a host, in this order: the domain, which says whose all the rest is; its address; disk; console log and Ignition; its start;
 * and that it is complete. What fails is undone; what was interrupted is created again from the domain on.
 * @throws ActuatorRefusal
 */
export async function createMachine(creation: Creation): Promise<DomainFacts> {
  const { machine, libvirt, host } = creation;
  const ready = await lookAround(creation);
  try {
    const mark = await prepare(creation, ready);
    await start(libvirt, machine.metadata.uid);
    return await completed(libvirt, machine, mark);
  } catch (error) {
    const reason = withReason(error);
    if (mayUndo(reason)) await undo(libvirt.withoutSignal(), machine, host).catch(() => undefined);
    throw reason;
  }
}

/** Another controller, which believes that it leads too, may have started it. */
async function start(libvirt: Libvirt, domain: string): Promise<void> {
  try {
    await libvirt.virsh(["start", "--domain", domain]);
  } catch (error) {
    if (!(error instanceof Error && /is already (?:active|running)/.test(error.message))) throw error;
  }
}

/** A machine that runs is left: whoever started it goes on, or the next call does. */
async function undo(libvirt: Libvirt, machine: MachineObject, host: MachineHost): Promise<void> {
  const domain = await domainFacts(libvirt, machine.metadata.uid);
  if (domain?.running !== true && domain?.machine?.complete !== true) await removeMachine(libvirt, machine, host);
}

/** A run that is stopped, and one whose libvirt does not answer, leaves what it has made to the next one. */
const mayUndo = (error: unknown): boolean =>
  !(isInstallerError(error) && error.id === "INTERRUPTED") && !(error instanceof ActuatorRefusal && error.reason === "HostUnreachable");

interface Ready {
  readonly basePath: string;
  /** Folder of the pool. */
  readonly folder: string;
  /** Where it is the cluster's own. */
  readonly network: NetworkFacts | undefined;
}

/** What is wrong is found before anything is made. */
async function lookAround({ infraID, spec, host, libvirt }: Creation): Promise<Ready> {
  const pool = await poolFacts(libvirt, host.pool);
  if (pool === undefined) throw refusal("PoolMissing", `there is no storage pool ${host.pool} on ${host.uri}`);
  const image = await volumeFacts(libvirt, host.pool, host.image).catch((error: unknown) => {
    throw withReason(error);
  });
  if (image === undefined) throw refusal("ImageMissing", `there is no volume ${host.image} in storage pool ${host.pool} on ${host.uri}`);
  const { diskSizeGB } = spec.osDisk;
  if (diskSizeGB * GIB < image.capacity)
    throw refusal("DiskTooSmall", `osDisk.diskSizeGB: ${diskSizeGB} GiB is less than the ${image.capacity / GIB} GiB of image ${host.image}`);
  const neededGB = firstGB(diskSizeGB);
  if (pool.available < neededGB * GIB)
    throw refusal(
      "PoolFull",
      `storage pool ${host.pool} on ${host.uri} has ${(pool.available / GIB).toFixed(1)} GiB free; ${neededGB} GiB are needed`,
    );
  return { basePath: image.path, folder: pool.path, network: await managedNetwork(libvirt, infraID, host) };
}

/**
 * The network, if it is the cluster's own, where addresses and names are ours to give.
 * @throws ActuatorRefusal NetworkMissing, NetworkInactive
 */
export async function managedNetwork(libvirt: Libvirt, infraID: string, { network, uri }: MachineHost): Promise<NetworkFacts | undefined> {
  // libvirt says at the start whether there is such a bridge.
  if (network.kind === "bridge") return undefined;
  const facts = await networkFacts(libvirt, network.name);
  if (facts === undefined) throw refusal("NetworkMissing", `there is no network ${network.name} on ${uri}`);
  if (!facts.active) throw refusal("NetworkInactive", `network ${network.name} on ${uri} is off`);
  return facts.owner?.infraID === infraID ? facts : undefined;
}

/** All but the start. */
async function prepare(creation: Creation, { basePath, folder, network }: Ready): Promise<MachineMark> {
  const { infraID, machine, spec, host, libvirt, ignition, left } = creation;
  const { name, uid } = machine.metadata;
  const { pool } = host;
  const macAddress = left?.macAddress ?? freeMacAddress(infraID, name, (mac) => isTaken(network, name, mac));
  const diskPath = `${folder}/${diskName(name)}`;
  const acceleration = await creation.acceleration();
  const define = async (mark: MachineMark): Promise<MachineMark> => {
    const { cpus, memoryMB, cpuModel, nested } = spec;
    const paths = filePaths(diskPath, { name, ignition });
    const what = { name, uuid: uid, infraID, role: "compute", machine: mark, cpus, memoryMB, cpuModel, nested, macAddress };
    if (!(await defineDomain(libvirt, domainXml({ ...what, ...paths, acceleration, diskPath, network: host.network })))) await refuseName(creation);
    return mark;
  };
  const mark = await define({ uid, complete: false });
  await creation.mayStay();
  const owner = { uid, name, macAddress };
  const address = network === undefined ? undefined : await reserve(libvirt, network, owner, internalAddressOf(machine));
  const disk = { name: diskName(name), pool, basePath, sizeGB: spec.osDisk.diskSizeGB };
  const made = (await createDisk(libvirt, disk)) ?? (await takeOverDisk(libvirt, disk, uid));
  // The folder of the pool may be a link.
  if (made !== undefined && made.path !== diskPath) throw refusal("LibvirtFailed", `the disk of ${name} lies at ${made.path}, not at ${diskPath}`);
  await createFiles(libvirt, { pool, name, ignition });
  return address === undefined ? mark : { ...mark, address };
}

/** Whether another machine of the network has this MAC address. */
const isTaken = (network: NetworkDocument | undefined, name: string, mac: string): boolean =>
  [...(network?.inputs.reservations ?? []), ...(network?.machines ?? []).flatMap(({ reservation }) => reservation ?? [])].some(
    (each) => each.macAddress === mac && each.name !== name,
  );

async function refuseName({ machine, host, libvirt }: Creation): Promise<never> {
  const other = await domainFacts(libvirt, machine.metadata.name);
  const whose =
    other?.machine === undefined ? (other?.owner === undefined ? "" : ` of cluster ${other.owner.infraID}`) : ` of Machine ${other.machine.uid}`;
  throw refusal("NameTaken", `a domain ${machine.metadata.name}${whose} is on ${host.uri} already (${other?.uuid ?? "gone meanwhile"})`);
}

/** Writes into the domain, as it is kept, that all of it is there. */
export async function completed(libvirt: Libvirt, machine: MachineObject, mark: MachineMark): Promise<DomainFacts> {
  const { uid } = machine.metadata;
  const text = renderXml(machineElement({ ...mark, complete: true })).trim();
  const where = ["--domain", uid, "--uri", MACHINE_NAMESPACE];
  return await factsAfter(libvirt, ["metadata", ...where, "--key", MACHINE_PREFIX, "--set", text, "--config"], uid);
}
