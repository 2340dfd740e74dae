import { internalAddressOf, type MachineFacts, type MachineObject } from "../../actuator.ts";
import type { DomainFacts } from "../domains.ts";
import type { Libvirt } from "../libvirt.ts";
import { addressOf } from "../machine-address.ts";
import { hostPart, providerIdOf } from "./find.ts";
import { API_VERSION } from "./provider-spec.ts";

/** A domain as the Machine API wants to know it. The same for the same domain. */
export async function factsOf(libvirt: Libvirt, uri: string, domain: DomainFacts, machine: MachineObject): Promise<MachineFacts> {
  const address = await knownAddress(libvirt, domain, machine);
  const names = (["Hostname", "InternalDNS"] as const).map((type) => ({ type, address: domain.name }));
  return {
    providerID: providerIdOf(uri, domain.uuid),
    addresses: [...(address === undefined ? [] : [{ type: "InternalIP", address }]), ...names],
    instanceState: domain.state,
    instanceType: `${domain.cpus}cpu-${domain.memoryMB}MiB`,
    zone: hostPart(uri),
    providerStatus: {
      apiVersion: API_VERSION,
      kind: "KVMMachineProviderStatus",
      instanceId: domain.uuid,
      instanceState: domain.state,
      host: hostPart(uri),
    },
  };
}

/** The address that we gave, else the one that the machine has; while it shows none, the one that it had. */
async function knownAddress(libvirt: Libvirt, domain: DomainFacts, machine: MachineObject): Promise<string | undefined> {
  if (domain.machine?.address !== undefined) return domain.machine.address;
  const found = domain.running && domain.macAddress !== undefined ? await addressOf(libvirt, domain.uuid, domain.macAddress) : undefined;
  return found ?? internalAddressOf(machine);
}
