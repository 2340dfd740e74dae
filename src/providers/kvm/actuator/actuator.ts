import pLimit from "p-limit";
import { isNameOfCluster, isUuid } from "../../../config/index.ts";
import { ActuatorRefusal, MACHINE_LABELS, type Actuator, type MachineFacts, type MachineObject } from "../../actuator.ts";
import type { ActuatorInput } from "../../platform.ts";
import { chooseAcceleration } from "../acceleration.ts";
import { domainFacts, domainStates } from "../domains.ts";
import { Libvirt } from "../libvirt.ts";
import { diskName } from "../names.ts";
import type { Acceleration } from "../xml/domain-xml.ts";
import { memoryOf, rankHosts } from "./choose-host.ts";
import { completed, createMachine, managedNetwork } from "./create.ts";
import { factsOf } from "./facts.ts";
import { findDomain, hostOfProviderId, hostPart, type Found } from "./find.ts";
import { readProviderSpec, urisIn, type Allowed, type MachineHost, type MachineWish } from "./provider-spec.ts";
import { refusal, withReason } from "./reasons.ts";
import { removeMachine } from "./remove.ts";
import { reserve } from "./reservation.ts";

export interface KvmActuatorInput extends ActuatorInput {
  readonly allowed: Allowed;
  /** Names of the machines that the installer makes. */
  readonly planned: ReadonlySet<string>;
}

const { cluster: CLUSTER_LABEL, role: ROLE_LABEL } = MACHINE_LABELS;
const CONTROL_PLANE = new Set(["master", "control-plane"]);

/** Machines on libvirt hosts. A domain's UUID is its Machine's UID, and its metadata say so; a domain that does not is never touched. */
export class KvmActuator implements Actuator {
  readonly #input: KvmActuatorInput;
  readonly #accelerations = new Map<string, Promise<Acceleration>>();
  /** Memory of machines that are being made, by host. */
  readonly #promised = new Map<string, number>();
  /** Of all domains when each host answered last. */
  readonly #states = new Map<string, ReadonlyMap<string, string>>();
  /** Hosts are chosen one after the other, each with what the one before was promised. */
  readonly #choosing = pLimit(1);

  constructor(input: KvmActuatorInput) {
    this.#input = input;
  }

  async exists(machine: MachineObject, signal: AbortSignal): Promise<MachineFacts | undefined> {
    return await withReasons(async () => {
      const found = await this.#find(machine, signal);
      if (found !== undefined) return found.domain.machine?.complete === true ? await this.#facts(machine, found, signal) : undefined;
      const planned = await this.#planned(machine, signal);
      return planned === undefined ? undefined : await this.#facts(machine, planned, signal);
    });
  }

  async create(machine: MachineObject, userData: string | undefined, signal: AbortSignal): Promise<MachineFacts> {
    return await withReasons(async () => {
      this.#mayCreate(machine);
      const wish = this.#wish(machine);
      if (userData === undefined) throw refusal("InvalidUserData", `Machine ${machine.metadata.name} comes without userData`);
      const ignition = this.#input.start(userData, machine.metadata.name);
      const found = await this.#find(machine, signal);
      if (found?.domain.machine?.complete === true) return await this.#facts(machine, found, signal);
      if (found?.domain.running === true) return await this.#facts(machine, await this.#adopt(machine, wish, found, signal), signal);
      // Where it was begun it goes on.
      const candidates = found === undefined ? wish.hosts : wish.hosts.filter(({ uri }) => uri === found.uri);
      return await this.#create(machine, { ...wish, hosts: candidates.length === 0 ? wish.hosts : candidates }, ignition, found, signal);
    });
  }

  async update(machine: MachineObject, signal: AbortSignal): Promise<MachineFacts> {
    return await withReasons(async () => {
      const found = (await this.#find(machine, signal)) ?? (await this.#planned(machine, signal));
      if (found === undefined) throw refusal("InstanceMissing", `there is no domain of Machine ${machine.metadata.name}`);
      const { domain } = found;
      const address = domain.machine?.address;
      if (domain.machine !== undefined && address !== undefined && domain.network?.kind === "network") {
        const owner = { uid: domain.uuid, name: domain.name, macAddress: domain.macAddress ?? "" };
        await reserve(this.#libvirt(found.uri, signal), domain.network.name, owner, address);
      }
      return await this.#facts(machine, found, signal);
    });
  }

  async states(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const hosts = await Promise.all(
      [...new Set(this.#input.allowed.uris)].map(async (uri) => {
        const now = domainStates(this.#libvirt(uri, signal)).catch((error: unknown) => {
          // What is on a host that does not answer is taken to be as it was.
          const before = this.#states.get(uri);
          if (before === undefined) throw error;
          return before;
        });
        this.#states.set(uri, await now);
        return await now;
      }),
    );
    return new Map(hosts.flatMap((states) => [...states]));
  }

  async delete(machine: MachineObject, signal: AbortSignal): Promise<void> {
    await withReasons(async () => {
      const planned = await this.#planned(machine, signal);
      if (planned !== undefined)
        throw refusal(
          "NotOwned",
          `${planned.domain.name} is a machine that the installer created, so it is left alone: take it out of install-config.yaml`,
        );
      // Its volumes would have the names of somebody else's.
      if (!this.#isOwnName(machine.metadata.name)) return;
      for (const host of this.#lenientHosts(machine)) await removeMachine(this.#libvirt(host.uri, signal), machine, host);
    });
  }

  async #create(machine: MachineObject, wish: MachineWish, ignition: string, found: Found | undefined, signal: AbortSignal): Promise<MachineFacts> {
    const { spec } = wish;
    const ranked = await this.#choosing(async () => {
      const hosts = await this.#rank(wish, signal);
      this.#promise(hosts[0], spec.memoryMB);
      return hosts;
    });
    const refusals: ActuatorRefusal[] = [];
    try {
      for (const host of ranked) {
        const libvirt = this.#libvirt(host.uri, signal);
        const left = found?.uri === host.uri ? found.domain : undefined;
        try {
          const domain = await createMachine({
            infraID: this.#input.infraID,
            machine,
            spec,
            host,
            libvirt,
            acceleration: () => this.#acceleration(host.uri, libvirt),
            ignition,
            left,
            mayStay: () => this.#mayStay(machine, wish, host, signal),
          });
          return await this.#facts(machine, { uri: host.uri, domain }, signal);
        } catch (error) {
          const reason = withReason(error);
          // Another host may have what this one lacks; what a host does not undo may still be there.
          if (!(reason instanceof ActuatorRefusal) || !ELSEWHERE.has(reason.reason)) throw reason;
          refusals.push(reason);
        }
      }
    } finally {
      this.#promise(ranked[0], -spec.memoryMB);
    }
    throw oneOf(refusals);
  }

  async #rank(wish: MachineWish, signal: AbortSignal): Promise<readonly MachineHost[]> {
    const offers = await Promise.all(
      wish.hosts.map(async (host) => ({
        host,
        memory: await memoryOf(this.#libvirt(host.uri, signal)),
        promisedMB: this.#promised.get(host.uri) ?? 0,
      })),
    );
    return rankHosts(offers, wish.spec.memoryMB);
  }

  #promise(host: MachineHost | undefined, memoryMB: number): void {
    if (host !== undefined) this.#promised.set(host.uri, (this.#promised.get(host.uri) ?? 0) + memoryMB);
  }

  /**
   * Two controllers may each begin on another host. Each defines its domain before it looks for the other's, so that the later one sees the other and
   * gives up, or both do and begin again; which of them is further on, or was stopped for a while, neither knows.
   */
  async #mayStay(machine: MachineObject, wish: MachineWish, host: MachineHost, signal: AbortSignal): Promise<void> {
    for (const other of wish.hosts.filter(({ uri }) => uri !== host.uri)) {
      const domain = await domainFacts(this.#libvirt(other.uri, signal), machine.metadata.uid);
      if (domain !== undefined) throw refusal("CreatedElsewhere", `${machine.metadata.name} is being created on ${other.uri} too`);
    }
  }

  /** One that was started before its run was killed. */
  async #adopt(machine: MachineObject, wish: MachineWish, { uri, domain }: Found, signal: AbortSignal): Promise<Found> {
    const libvirt = this.#libvirt(uri, signal);
    const host = wish.hosts.find((each) => each.uri === uri);
    const { uid, name } = machine.metadata;
    const owner = { uid, name, macAddress: domain.macAddress ?? "" };
    const network = host === undefined ? undefined : await managedNetwork(libvirt, this.#input.infraID, host);
    const address = network === undefined ? undefined : await reserve(libvirt, network, owner, domain.machine?.address);
    return { uri, domain: await completed(libvirt, machine, { uid, complete: true, ...(address === undefined ? {} : { address }) }) };
  }

  #mayCreate({ metadata: { name, uid, labels } }: MachineObject): void {
    const { infraID } = this.#input;
    const problems = [
      ...(isUuid(uid) && uid === uid.toLowerCase() ? [] : [`the uid ${JSON.stringify(uid)} is no UUID`]),
      ...(isNameOfCluster(infraID, name) ? [] : [`metadata.name: ${JSON.stringify(name)} does not begin with ${infraID}-`]),
      ...(isNameOfCluster(infraID, name) && !this.#isOwnName(name) ? [`metadata.name: ${name} is a name of the installer's`] : []),
      ...(labels?.[CLUSTER_LABEL] === infraID
        ? []
        : [`the label ${CLUSTER_LABEL} is ${labels?.[CLUSTER_LABEL] ?? "missing"}; this cluster is ${infraID}`]),
      ...(CONTROL_PLANE.has(labels?.[ROLE_LABEL] ?? "") ? ["a cluster creates no machines of its control plane, whose keys nobody hands out"] : []),
    ];
    if (problems.length > 0) throw refusal("InvalidMachine", problems.join("; "));
  }

  /** A name whose volumes are none of the installer's: neither a planned machine's nor the image. */
  #isOwnName(name: string): boolean {
    const { infraID, planned, allowed } = this.#input;
    return isNameOfCluster(infraID, name) && !planned.has(name) && !allowed.images.includes(diskName(name));
  }

  #wish(machine: MachineObject): MachineWish {
    return readProviderSpec(machine.spec.providerSpec?.value, this.#input.allowed, this.#input.env);
  }

  /** The hosts that a Machine may be on. One whose spec has become invalid may be where that or its providerID still says, else where the cluster is. */
  #lenientHosts(machine: MachineObject): readonly Pick<MachineHost, "uri" | "pool" | "network">[] {
    const { allowed } = this.#input;
    try {
      return this.#wish(machine).hosts;
    } catch (error) {
      if (!(error instanceof ActuatorRefusal)) throw error;
      const { pool, network = { kind: "bridge" as const, name: "" } } = allowed.defaults;
      const named = new Set([allowed.defaults.uri, ...urisIn(machine.spec.providerSpec?.value)]);
      const isMeant = (uri: string): boolean => named.has(uri) || hostPart(uri) === hostOfProviderId(machine.spec.providerID);
      return [...new Set(allowed.uris)].filter(isMeant).map((uri) => ({ uri, pool, network }));
    }
  }

  /** A Machine's own domain. The host that its providerID names is asked first, and what it says counts also where others do not answer. */
  async #find(machine: MachineObject, signal: AbortSignal): Promise<Found | undefined> {
    const uris = this.#lenientHosts(machine).map(({ uri }) => uri);
    const connect = (uri: string): Libvirt => this.#libvirt(uri, signal);
    const named = hostOfProviderId(machine.spec.providerID);
    const first = uris.filter((uri) => hostPart(uri) === named);
    if (first.length === 0) return await findDomain(uris, connect, machine);
    const found = await findDomain(first, connect, machine);
    if (found !== undefined) return found;
    for (const uri of uris.filter((each) => !first.includes(each))) {
      const other = await findDomain([uri], connect, machine).catch((error: unknown) => {
        if (error instanceof ActuatorRefusal && error.reason === "HostUnreachable") return undefined;
        throw error;
      });
      if (other !== undefined) return other;
    }
    return undefined;
  }

  /** The domain of a Machine that describes a machine of the installer's: it is reported, and never touched. */
  async #planned({ metadata: { name } }: MachineObject, signal: AbortSignal): Promise<Found | undefined> {
    const { infraID, planned, allowed } = this.#input;
    if (!planned.has(name)) return undefined;
    const { uri } = allowed.defaults;
    const domain = await domainFacts(this.#libvirt(uri, signal), name);
    return domain?.owner?.infraID === infraID && domain.machine === undefined ? { uri, domain } : undefined;
  }

  async #facts(machine: MachineObject, { uri, domain }: Found, signal: AbortSignal): Promise<MachineFacts> {
    return await factsOf(this.#libvirt(uri, signal), uri, domain, machine);
  }

  async #acceleration(uri: string, libvirt: Libvirt): Promise<Acceleration> {
    const known = this.#accelerations.get(uri) ?? chooseAcceleration(libvirt, "auto", () => undefined);
    this.#accelerations.set(uri, known);
    // A host that did not answer is asked again.
    known.catch(() => this.#accelerations.delete(uri));
    return await known;
  }

  #libvirt(uri: string, signal: AbortSignal): Libvirt {
    return new Libvirt(uri, { run: this.#input.run, env: this.#input.env, signal });
  }
}

/** What one host lacks and another may have. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "PoolMissing",
  "PoolInactive",
  "PoolFull",
  "ImageMissing",
  "NetworkMissing",
  "NetworkInactive",
  "NoFreeAddress",
  "InsufficientMemory",
]);

function oneOf(refusals: readonly ActuatorRefusal[]): ActuatorRefusal {
  const [first] = refusals;
  if (first === undefined) return refusal("InsufficientMemory", "there is no host");
  return refusals.length === 1 ? first : new ActuatorRefusal(first.kind, first.reason, refusals.map(({ message }) => message).join("; "));
}

async function withReasons<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withReason(error);
  }
}
