import { isUuid } from "../../config/index.ts";
import type { DnsRecord, Reservation } from "./xml/network-xml.ts";

/** What a Machine of the cluster's has in a network: its names, and with them its address; then its reservation of that. */
export interface MachineEntry {
  /** The Machine's UID. */
  readonly uid: string;
  readonly name: string;
  readonly record: DnsRecord;
  /** Absent where an interrupted run has made only the names, or left only these. */
  readonly reservation: Reservation | undefined;
}

/**
 * The names of a Machine. The last one says whose the entry is, since a network has nowhere else to say it: the Network resource leaves alone what
 * has such a name. libvirt refuses a second record of an address or a name, so that who has the record has the address.
 */
export const machineRecord = (uid: string, name: string, domain: string, ipAddress: string): DnsRecord => ({
  ipAddress,
  hostnames: [name, `${name}.${domain}`, `${uid}${ofMachines(domain)}`],
});

const ofMachines = (domain: string): string => `.machines.${domain}`;

/**
 * What of a network's entries is of Machines, in the order of the records. A network may have thousands, and is read again for each Machine, so that
 * nothing here looks through all reservations for one record.
 */
export function machineEntries(records: readonly DnsRecord[], reservations: readonly Reservation[], domain: string): readonly MachineEntry[] {
  const byPlace = new Map(reservations.toReversed().map((each) => [placeOf(each.name, each.ipAddress), each]));
  return records.flatMap((record) => machineEntryOf(record, byPlace, domain) ?? []);
}

const placeOf = (name: string, ipAddress: string): string => `${ipAddress} ${name}`;

/** The Machine that a record is of; undefined for any other record. */
function machineEntryOf(record: DnsRecord, reservations: ReadonlyMap<string, Reservation>, domain: string): MachineEntry | undefined {
  const end = ofMachines(domain);
  const uid = record.hostnames.find((hostname) => hostname.endsWith(end))?.slice(0, -end.length);
  const [name] = record.hostnames;
  if (uid === undefined || name === undefined || !isUuid(uid)) return undefined;
  return { uid, name, record, reservation: reservations.get(placeOf(name, record.ipAddress)) };
}
