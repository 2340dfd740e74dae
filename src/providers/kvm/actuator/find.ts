import type { MachineObject } from "../../actuator.ts";
import { domainFacts, type DomainFacts } from "../domains.ts";
import type { Libvirt } from "../libvirt.ts";
import { refusal, withReason } from "./reasons.ts";

/** The domain of a Machine, and the host that it is on. Its UUID is the Machine's UID, so that libvirt itself never has two of them. */
export interface Found {
  readonly uri: string;
  readonly domain: DomainFacts;
}

/**
 * Looks for a Machine's domain on hosts. Each must answer: one that does not could have it.
 * @throws ActuatorRefusal HostUnreachable, NotOwned for a domain of that UUID which does not say that it is this Machine's
 */
export async function findDomain(uris: readonly string[], connect: (uri: string) => Libvirt, machine: MachineObject): Promise<Found | undefined> {
  const { uid, name } = machine.metadata;
  const looked = await Promise.allSettled(uris.map(async (uri) => ({ uri, domain: await domainFacts(connect(uri), uid) })));
  const found = looked.flatMap((each) => (each.status === "fulfilled" && each.value.domain !== undefined ? [each.value] : []))[0];
  if (found?.domain !== undefined) {
    if (found.domain.machine?.uid !== uid)
      throw refusal(
        "NotOwned",
        `the domain ${found.domain.name} with the UUID ${uid} does not say that it is of Machine ${name}, so it is left alone`,
      );
    return { uri: found.uri, domain: found.domain };
  }
  for (const each of looked) if (each.status === "rejected") throw withReason(each.reason);
  return undefined;
}

const PREFIX = "kvm:///";

/** What a Machine and its Node are known by. */
export const providerIdOf = (uri: string, uuid: string): string => `${PREFIX}${hostPart(uri)}/${uuid}`;

/** The host that a providerID names, as `hostPart`. */
export const hostOfProviderId = (id: string | undefined): string | undefined =>
  id?.startsWith(PREFIX) === true ? id.slice(PREFIX.length).split("/")[0] : undefined;

/** A host's name in a providerID and as a zone: `local` for the libvirt of this host. */
export function hostPart(uri: string): string {
  const { hostname } = new URL(uri);
  return hostname === "" ? "local" : hostname.replaceAll(/[[\]]/g, "").replaceAll(":", "-");
}
