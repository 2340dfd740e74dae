import type { EndedCall } from "../../../src/machines/actuator/server.ts";
import type { ActuatorSite } from "../actuator-site.ts";
import { until, type Machine, type MachineNamespace } from "../machine-api.ts";

/** A call of the controllers that has ended, and when. */
export interface SeenCall extends EndedCall {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Real controllers, our actuator and a real libvirt, with what the controllers have asked so far. */
export interface ContractSite {
  readonly site: ActuatorSite;
  readonly machines: MachineNamespace;
  readonly calls: readonly SeenCall[];
}

/** Beside the cluster's own: what the Machines of the contract may use. */
export const OFF_POOL = "off";
export const OTHER_NETWORK = "other";
/** Another spelling of the same libvirt. */
export const otherUri = ({ site }: Pick<ContractSite, "site">): string => `${site.host.uri}&mode=direct`;

/** Name of a Machine of the contract: the actuator takes those of its cluster alone. */
export const nameOf = ({ site }: ContractSite, what: string): string => `${site.infraID}-${what}`;

export function callsOf({ calls, machines }: ContractSite, name: string, operation?: EndedCall["operation"]): readonly SeenCall[] {
  return calls.filter((call) => call.machine === `${machines.name}/${name}` && (operation ?? call.operation) === call.operation);
}

export interface Over {
  /** Of `providerSpec.value`. */
  readonly value?: object;
  readonly spec?: object;
  readonly annotations?: object;
}

/** Creates a Machine on its own. @returns its name */
export async function create(contract: ContractSite, what: string, over: Over = {}): Promise<string> {
  const { site, machines } = contract;
  const name = nameOf(contract, what);
  const { metadata, spec } = site.machine(name, over.value);
  await machines.createMachine(
    name,
    { providerSpec: spec.providerSpec, ...over.spec },
    { labels: metadata.labels ?? {}, annotations: over.annotations ?? {} },
  );
  return name;
}

export const isThere = async ({ site }: ContractSite, name: string): Promise<boolean> =>
  (await site.virsh("list", "--all", "--name")).split("\n").includes(name);

/** All that libvirt has of a machine: domain, files, reservation and name. */
export const traces = async ({ site }: ContractSite, name: string): Promise<readonly string[]> => {
  const { domains, files, live, kept } = (await site.world()) as Readonly<Record<string, readonly string[]>>;
  return [domains, files, live, kept].flatMap((each) => each ?? []).filter((text) => text.includes(name));
};

/** Deletes a Machine. @throws Error if it stays */
export async function remove({ machines }: ContractSite, name: string): Promise<void> {
  await machines.delete(name);
  await machines.untilGone(name);
}

/** The Machines of a set as soon as there are so many in the phase. */
export const setOf = async ({ machines }: ContractSite, set: string, count: number, phase: string): Promise<readonly Machine[]> =>
  await until(`${set} has ${count} that are ${phase}`, async () => {
    const all = await machines.machinesOf(set);
    return all.length === count && all.every(({ status }) => status?.phase === phase) ? all : undefined;
  });
