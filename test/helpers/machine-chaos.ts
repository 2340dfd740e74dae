import { randomUUID } from "node:crypto";
import type { Runner } from "../../src/exec/index.ts";
import type { Actuator, MachineFacts, MachineObject } from "../../src/providers/index.ts";
import { kvmActuator } from "./kvm-actuator.ts";
import { PlayedLibvirt, type PlayedHost } from "./played-libvirt.ts";

export const CHAOS_HOSTS = ["qemu+ssh://root@a/system", "qemu+ssh://root@b/system"] as const;
const ID = "c-abcde";
const GIB = 2 ** 30;

export interface ChaosMachine {
  readonly name: string;
  readonly uid: string;
  phase: "" | "Provisioned" | "Failed";
  deleting: boolean;
  providerID?: string;
  addresses?: MachineFacts["addresses"];
}

/** A program that reconciles Machines as the machine controller does, until it is killed. */
export interface ChaosController {
  readonly actuator: Actuator;
  /** From now on it does nothing more, wherever it was. */
  kill(): void;
}

/** Machines in a cluster of the test's own, on two played hosts; the first has the cluster's network. */
export class MachineChaos {
  readonly libvirt = new PlayedLibvirt();
  readonly machines = new Map<string, ChaosMachine>();
  /** UIDs of all Machines that ever were. */
  readonly known = new Set<string>();
  /** What the API does with the next writes of a controller: 409, 429 and 5xx before it is done, or an answer that is lost after it. */
  readonly answers: ("refused" | "lost")[] = [];
  readonly foreign = { name: `${ID}-worker-taken`, uuid: randomUUID() };
  #count = 0;

  constructor() {
    for (const uri of CHAOS_HOSTS) {
      const host = this.libvirt.host(uri);
      host.makePool(ID, [
        { name: `${ID}-base.qcow2`, capacity: GIB },
        { name: `${this.foreign.name}.qcow2`, capacity: GIB },
      ]);
      host.makeNetwork(networkText(uri === CHAOS_HOSTS[0] ? ID : "d-other"));
      host.domains.set(this.foreign.uuid, {
        ...this.foreign,
        xml: {
          name: "domain",
          attributes: {},
          children: [
            { name: "name", attributes: {}, children: [this.foreign.name] },
            { name: "uuid", attributes: {}, children: [this.foreign.uuid] },
          ],
        },
        running: true,
      });
    }
  }

  hosts(): readonly PlayedHost[] {
    return CHAOS_HOSTS.map((uri) => this.libvirt.host(uri));
  }

  /** @param before awaited before each of its commands */
  async controller(before?: () => Promise<void>): Promise<ChaosController> {
    let killed = false;
    const never = new Promise<never>(() => undefined);
    const run: Runner = async (...call) => {
      await before?.();
      if (killed) return await never;
      const result = await this.libvirt.run(...call).then(
        (value) => () => value,
        (error: unknown) => () => {
          throw error;
        },
      );
      return killed ? await never : result();
    };
    const actuator = await kvmActuator({
      infraID: ID,
      metadata: { platform: "kvm", uri: CHAOS_HOSTS[0], pool: ID, poolOwned: true, network: ID, machines: [`${ID}-master-0`] },
      run,
      start: (userData) => userData,
      allow: { uris: CHAOS_HOSTS },
    });
    return { actuator, kill: () => void (killed = true) };
  }

  add(name = `${ID}-worker-${++this.#count}`): ChaosMachine {
    const machine: ChaosMachine = { name, uid: randomUUID(), phase: "", deleting: false };
    this.machines.set(machine.uid, machine);
    this.known.add(machine.uid);
    return machine;
  }

  objectOf({ name, uid, providerID, addresses }: ChaosMachine): MachineObject {
    return {
      metadata: { name, namespace: "n", uid, labels: { "machine.openshift.io/cluster-api-cluster": ID } },
      spec: {
        providerID,
        providerSpec: {
          value: {
            apiVersion: "kvm.virt-ipi.io/v1alpha1",
            kind: "KVMMachineProviderSpec",
            cpus: 1,
            memoryMB: 1024,
            osDisk: { diskSizeGB: 1 },
            hosts: CHAOS_HOSTS.map((uri) => ({ uri })),
            userDataSecret: { name: "s" },
          },
        },
      },
      status: { addresses },
    };
  }

  /** One look at a Machine, in the steps of pkg/controller/machine. @returns whether there is more to do */
  async reconcile({ actuator }: ChaosController, machine: ChaosMachine): Promise<boolean> {
    const signal = new AbortController().signal;
    const object = this.objectOf(machine);
    try {
      if (machine.deleting) {
        await actuator.delete(object, signal);
        if ((await actuator.exists(object, signal)) !== undefined) return true;
        this.#write(() => this.machines.delete(machine.uid));
        return false;
      }
      if (machine.phase === "Failed") return false;
      const found = await actuator.exists(object, signal);
      // What was known of the Machine when the look began.
      if (found === undefined && object.spec.providerID !== undefined) {
        this.#write(() => (machine.phase = "Failed"));
        return false;
      }
      const facts = found === undefined ? await actuator.create(object, "{}", signal) : await actuator.update(object, signal);
      this.#write(() => this.#provisioned(machine, facts));
      return false;
    } catch {
      return true;
    }
  }

  #write(change: () => unknown): void {
    const answer = this.answers.shift();
    if (answer !== "refused") change();
    if (answer !== undefined) throw new Error(`the API's answer: ${answer}`);
  }

  #provisioned(machine: ChaosMachine, facts: MachineFacts): void {
    machine.phase = "Provisioned";
    machine.providerID = facts.providerID;
    machine.addresses = facts.addresses;
  }

  /** What must never be, at any time. @returns what is wrong */
  wrong(): readonly string[] {
    const hosts = this.hosts();
    const all = hosts.flatMap(({ domains }) => [...domains.values()]);
    const running = all.filter((domain) => domain.running).map(({ uuid }) => uuid);
    return [
      ...running.filter((uuid, index) => uuid !== this.foreign.uuid && running.indexOf(uuid) < index).map((uuid) => `two machines run for ${uuid}`),
      ...all.filter(({ uuid }) => uuid !== this.foreign.uuid && !this.known.has(uuid)).map(({ name }) => `${name} is nobody's`),
      ...hosts.flatMap(({ domains, pools }) => {
        const own = domains.get(this.foreign.uuid);
        const kept =
          own?.running === true && pools.get(ID)?.has(`${this.foreign.name}.qcow2`) === true && pools.get(ID)?.has(`${ID}-base.qcow2`) === true;
        return kept ? [] : ["what is somebody else's was touched"];
      }),
    ];
  }

  /**
   * What the world has in the end, and what it should have. A domain that was removed by hand while its machine was made leaves its files on that host
   * until its Machine goes, wherever the machine is made then.
   */
  ends(): { readonly found: unknown; readonly wanted: unknown } {
    const hosts = this.hosts();
    const domains = hosts.flatMap((host) => [...host.domains.values()]).filter(({ uuid }) => uuid !== this.foreign.uuid);
    const volumes = new Set(hosts.flatMap((host) => [...(host.pools.get(ID)?.keys() ?? [])]));
    const entries = JSON.stringify(hosts.map(({ networks }) => [...networks.values()].map(({ kept, live }) => [kept, live])));
    const there = [...this.machines.values()];
    const whole = there.filter(({ phase }) => phase === "Provisioned");
    const failed = there.filter(({ phase }) => phase === "Failed");
    const isOnFirst = ({ uid }: ChaosMachine): boolean => this.libvirt.host(CHAOS_HOSTS[0]).domains.has(uid);
    const may = new Set([...failed, ...whole.filter((machine) => !isOnFirst(machine))].map(({ uid }) => uid));
    const own = (name: string): boolean =>
      !name.startsWith(`${ID}-base.`) && !name.startsWith(`${this.foreign.name}.`) && !failed.some((machine) => name.startsWith(`${machine.name}.`));
    return {
      found: {
        domains: domains.map(({ uuid }) => uuid).toSorted(),
        volumes: [...volumes].filter(own).toSorted(),
        entries: [...this.known].filter((uid) => entries.includes(uid) && !may.has(uid)).toSorted(),
      },
      wanted: {
        domains: whole.map(({ uid }) => uid).toSorted(),
        volumes: whole.flatMap(({ name }) => [`${name}.qcow2`, `${name}.ign`, `${name}.console.log`]).toSorted(),
        entries: whole
          .filter(isOnFirst)
          .map(({ uid }) => uid)
          .toSorted(),
      },
    };
  }
}

const networkText = (owner: string): string => `<network><name>${ID}</name><uuid>u</uuid>
  <metadata><v:owner xmlns:v="https://virt-ipi.dev/xmlns/owner/1" infraID="${owner}" role="network"/></metadata>
  <bridge name="b"/><domain name="c.example.com"/><dns><host ip="192.168.126.5"><hostname>api.c.example.com</hostname></host></dns>
  <ip address="192.168.126.1" prefix="24"><dhcp><range start="192.168.126.100" end="192.168.126.254"/></dhcp></ip></network>`;
