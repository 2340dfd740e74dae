import { isInstallerError } from "../../../errors/index.ts";
import type { Libvirt } from "../libvirt.ts";
import { machineRecord, type MachineEntry } from "../machine-entry.ts";
import { changeNetwork } from "../network-change.ts";
import { networkFacts, type NetworkFacts } from "../network.ts";
import { readNetwork, type NetworkDocument } from "../network-facts.ts";
import type { DnsRecord, Reservation } from "../xml/network-xml.ts";
import { chooseAddress, readLeases, type Leases } from "./choose-address.ts";
import { refusal } from "./reasons.ts";

/** Whose entries are meant. */
export interface EntryOwner {
  readonly uid: string;
  readonly name: string;
  readonly macAddress: string;
}

/** What libvirt keeps of a network, and what is in force, which a daemon that was killed between the two may have left apart. */
interface Both {
  readonly kept: NetworkDocument;
  /** Undefined for a network that is off. */
  readonly live: NetworkDocument | undefined;
  readonly leases: Leases;
}

/** Another one may take the address that we chose meanwhile: libvirt then refuses ours. */
const ATTEMPTS = 20;

/**
 * Sees to it that a machine has its address by DHCP and its names in DNS, as the machines of the installer have.
 * @param network its name, or what was just read of it
 * @param before the address that the machine has had
 * @returns the address
 * @throws ActuatorRefusal NoFreeAddress, NetworkMissing
 */
export async function reserve(libvirt: Libvirt, network: string | NetworkFacts, owner: EntryOwner, before: string | undefined): Promise<string> {
  const name = typeof network === "string" ? network : network.inputs.name;
  for (let attempt = 1; ; attempt++) {
    const both = await readBoth(libvirt, name, attempt === 1 && typeof network !== "string" ? network : undefined);
    if (both === undefined) throw refusal("NetworkMissing", `there is no network ${name} on ${libvirt.uri}`);
    const ipAddress = addressOf(both, owner) ?? chooseAddress(both.live ?? both.kept, both.leases, { ...owner, before });
    if (ipAddress === undefined) throw refusal("NoFreeAddress", `network ${name} on ${libvirt.uri} has no free address for ${owner.name}`);
    try {
      await complete(libvirt, name, both, owner, ipAddress);
      return ipAddress;
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
    }
  }
}

/** Takes a Machine's entries out again; what is gone already is success. First the reservation, since the names say whose it is. */
export async function release(libvirt: Libvirt, network: string, uid: string): Promise<void> {
  const both = await readBoth(libvirt, network);
  if (both === undefined) return;
  const [kept, live] = [entriesOf(both.kept, uid), entriesOf(both.live, uid)];
  const all = [...kept, ...live];
  for (const { reservation } of unique(all.filter((entry) => entry.reservation !== undefined))) {
    if (reservation === undefined) continue;
    const isIn = (entries: readonly MachineEntry[]): boolean => entries.some((entry) => entry.reservation?.ipAddress === reservation.ipAddress);
    await changeNetwork(libvirt, network, { command: "delete", entry: { reservation }, kept: isIn(kept), live: isIn(live) });
  }
  for (const { record } of unique(all)) {
    const isIn = (entries: readonly MachineEntry[]): boolean => entries.some((entry) => entry.record.ipAddress === record.ipAddress);
    await changeNetwork(libvirt, network, { command: "delete", entry: { record }, kept: isIn(kept), live: isIn(live) });
  }
}

async function readBoth(libvirt: Libvirt, network: string, known?: NetworkFacts): Promise<Both | undefined> {
  const kept = known ?? (await networkFacts(libvirt, network));
  if (kept === undefined || !kept.active) return kept && { kept, live: undefined, leases: new Map() };
  const printed = await libvirt.virshAll([
    ["net-dumpxml", "--network", network],
    ["net-dhcp-leases", "--network", network],
  ]);
  const end = printed.lastIndexOf(END) + END.length;
  return { kept, live: readNetwork(printed.slice(0, end)), leases: readLeases(printed.slice(end)) };
}

const END = "</network>";

/** The names first: who has them has the address. */
async function complete(libvirt: Libvirt, network: string, { kept, live }: Both, owner: EntryOwner, ipAddress: string): Promise<void> {
  const { uid, name, macAddress } = owner;
  const record: DnsRecord = machineRecord(uid, name, kept.inputs.domain, ipAddress);
  const reservation: Reservation = { name, macAddress, ipAddress };
  const lacks = (document: NetworkDocument | undefined, has: (entry: MachineEntry) => boolean): boolean =>
    document !== undefined && !entriesOf(document, uid).some(has);
  const hasRecord = (entry: MachineEntry): boolean => entry.record.ipAddress === ipAddress;
  const hasReservation = (entry: MachineEntry): boolean => entry.reservation?.ipAddress === ipAddress;
  await changeNetwork(libvirt, network, { command: "add-last", entry: { record }, kept: lacks(kept, hasRecord), live: lacks(live, hasRecord) });
  const places = { kept: lacks(kept, hasReservation), live: lacks(live, hasReservation) };
  await changeNetwork(libvirt, network, { command: "add-last", entry: { reservation }, ...places });
}

const entriesOf = (document: NetworkDocument | undefined, uid: string): readonly MachineEntry[] =>
  document?.machines.filter((entry) => entry.uid === uid) ?? [];

/** The address that the Machine has entries of already. */
const addressOf = ({ kept, live }: Both, { uid }: EntryOwner): string | undefined =>
  (entriesOf(kept, uid)[0] ?? entriesOf(live, uid)[0])?.record.ipAddress;

/** libvirt 9's words where an address, a name or a MAC address has an entry. */
const isConflict = (error: unknown): boolean =>
  isInstallerError(error) &&
  error.id === "LIBVIRT_FAILED" &&
  /there is (?:an existing dhcp host entry|already at least one DNS HOST record)/.test(error.message);

/** One for each address. */
const unique = (entries: readonly MachineEntry[]): readonly MachineEntry[] => [
  ...new Map(entries.map((entry) => [entry.record.ipAddress, entry])).values(),
];
