import { InstallerError } from "../../errors/index.ts";
import { type Resource, type ResourceContext, sameValue } from "../../pulumi/index.ts";
import { knowEmulator } from "./acceleration.ts";
import { document, isNotRunning, type Libvirt } from "./libvirt.ts";
import { libvirtOf } from "./provider-config.ts";
import { changeNetwork } from "./network-change.ts";
import { readNetwork, type NetworkDocument } from "./network-facts.ts";
import { networkInputs, type NetworkInputs, type NetworkOutputs } from "./network-inputs.ts";
import { networkXml, type DnsRecord, type ForwardMode, type Reservation } from "./xml/network-xml.ts";

/** A libvirt network of the cluster's own: addresses by DHCP, names by DNS, the way out by NAT. */
export const network: Resource<NetworkInputs, NetworkOutputs> = {
  inputs: networkInputs,
  changes: {
    name: "replace",
    infraID: "replace",
    bridge: "replace",
    domain: "replace",
    gateway: "replace",
    prefixLength: "replace",
    dynamicRange: "replace",
    wildcards: "replace",
    reservations: "update",
    records: "update",
  },
  secrets: [],
  deleteBeforeReplace: true,
  predict: ({ name, bridge }) => ({ ...(name === undefined ? {} : { name }), ...(bridge === undefined ? {} : { bridge }) }),
  create: async (inputs, context) => {
    const libvirt = libvirtOf(context);
    const existing = await networkFacts(libvirt, inputs.name);
    if (existing !== undefined && existing.owner?.infraID !== inputs.infraID)
      throw new InstallerError("NAME_TAKEN", `a network ${inputs.name} exists that is not of this cluster`, { value: existing.uuid });
    // Ours already: an interrupted run made it, and none of our machines is on it yet that our state knows.
    if (existing !== undefined && !existing.active) await removeNetwork(libvirt, inputs.name);
    if (existing?.active === true) return { id: inputs.name, outputs: await adjust(libvirt, inputs, existing) };
    context.progress.status(`creating network ${inputs.name} (${inputs.gateway}/${inputs.prefixLength})`);
    const [forward] = await Promise.all([make(libvirt, inputs, context), knowEmulator(libvirt)]);
    const made = await networkFacts(libvirt, inputs.name);
    return { id: inputs.name, outputs: { name: inputs.name, uuid: made?.uuid ?? "", bridge: inputs.bridge, forward } };
  },
  read: async (id, state, context) => {
    const found = await networkFacts(libvirtOf(context), id);
    if (found === undefined) return undefined;
    const inputs = {
      ...found.inputs,
      reservations: inOrderOf(found.inputs.reservations, state?.inputs.reservations),
      records: inOrderOf(found.inputs.records, state?.inputs.records),
    };
    return { inputs, outputs: { name: found.inputs.name, uuid: found.uuid, bridge: found.inputs.bridge, forward: found.forward } };
  },
  update: async (id, _old, inputs, context) => {
    const libvirt = libvirtOf(context);
    const existing = await networkFacts(libvirt, id);
    if (existing === undefined)
      throw new InstallerError("LIBVIRT_FAILED", `network ${id} is gone`, { advice: "Run `pulumi refresh`, then `pulumi up` creates it again." });
    return await adjust(libvirt, inputs, existing);
  },
  delete: async (id, _state, context) => await removeNetwork(libvirtOf(context), id),
};

export type NetworkFacts = NetworkDocument & { readonly active: boolean };

/** A network as it is kept, or undefined if there is none. */
export async function networkFacts(libvirt: Libvirt, name: string): Promise<NetworkFacts | undefined> {
  const printed = await libvirt.virshAllIfExists([
    ["net-dumpxml", "--network", name, "--inactive"],
    ["net-info", "--network", name],
  ]);
  if (printed === undefined) return undefined;
  const end = printed.lastIndexOf(END) + END.length;
  return { ...readNetwork(printed.slice(0, end)), active: /^Active:\s+yes/m.test(printed.slice(end)) };
}

const END = "</network>";

/** In the order that a host is likelier to have: each later one needs less of it. `open` needs no firewall at all. */
const FORWARD_MODES: readonly ForwardMode[] = ["nat", "route", "open", "none"];

async function make(libvirt: Libvirt, inputs: NetworkInputs, context: ResourceContext): Promise<ForwardMode> {
  let firstError: unknown;
  for (const forward of FORWARD_MODES) {
    try {
      const xml = networkXml({ ...inputs, forward, records: allRecords(inputs), dynamicRange: inputs.dynamicRange });
      await libvirt.virsh(["net-define", "--file", document(xml)]);
      await libvirt.virsh(["net-start", "--network", inputs.name]);
      await libvirt.virsh(["net-autostart", "--network", inputs.name]);
      if (forward !== "nat")
        context.progress.warn(
          `the host refuses NAT (${firstLine(firstError)}): machines use forward mode "${forward}" and may not reach other networks`,
        );
      return forward;
    } catch (error) {
      await removeNetwork(libvirt.withoutSignal(), inputs.name);
      firstError ??= error;
      if (!isFirewallFailure(error)) throw error;
    }
  }
  throw firstError;
}

const isFirewallFailure = (error: unknown): boolean =>
  error instanceof Error && /iptables|ebtables|nft|firewall|ip_forward|masquerad/i.test(error.message);
const firstLine = (error: unknown): string => (error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));

/** A machine's name is answered even before it has a lease. */
function allRecords(inputs: Pick<NetworkInputs, "records" | "reservations" | "domain">): readonly DnsRecord[] {
  return [...inputs.records, ...inputs.reservations.map(({ name, ipAddress }) => ({ ipAddress, hostnames: [name, `${name}.${inputs.domain}`] }))];
}

/** Brings reservations and records of a running network to what they shall be, without disturbing who is on it. */
async function adjust(libvirt: Libvirt, inputs: NetworkInputs, existing: NetworkFacts): Promise<NetworkOutputs> {
  const change = async (command: "add-last" | "delete", entry: Parameters<typeof changeNetwork>[2]["entry"]): Promise<void> => {
    await changeNetwork(libvirt, inputs.name, { command, entry, kept: true, live: existing.active });
  };
  const oldRecords = allRecords(existing.inputs);
  const newRecords = allRecords(inputs);
  for (const host of without(existing.inputs.reservations, inputs.reservations)) await change("delete", { reservation: host as Reservation });
  for (const record of without(oldRecords, newRecords)) await change("delete", { record });
  for (const reservation of without(inputs.reservations, existing.inputs.reservations)) await change("add-last", { reservation });
  for (const record of without(newRecords, oldRecords)) await change("add-last", { record });
  if (!existing.active) await libvirt.virsh(["net-start", "--network", inputs.name]);
  return { name: inputs.name, uuid: existing.uuid, bridge: existing.inputs.bridge, forward: existing.forward };
}

const without = <T>(items: readonly T[], others: readonly T[]): readonly T[] =>
  items.filter((item) => !others.some((other) => sameValue(item, other)));

/** libvirt keeps entries in the order they were added; that difference is none. */
function inOrderOf<T>(found: readonly T[], known: readonly T[] | undefined): T[] {
  const place = (item: T): number => {
    const index = known?.findIndex((other) => sameValue(item, other)) ?? -1;
    return index === -1 ? Number.MAX_SAFE_INTEGER : index;
  };
  return [...found].toSorted((a, b) => place(a) - place(b));
}

/** Removes a network; one that is gone already is success. */
export async function removeNetwork(libvirt: Libvirt, nameOrUuid: string): Promise<void> {
  try {
    await libvirt.virshIfExists(["net-destroy", "--network", nameOrUuid]);
  } catch (error) {
    if (!isNotRunning(error)) throw error;
  }
  await libvirt.virshIfExists(["net-undefine", "--network", nameOrUuid]);
}
