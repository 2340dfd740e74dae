import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @plays what creates machines, for the Machine API's controllers
 * @contract the protocol of `plugins/machine-api/actuator`, which the platforms' own actuators speak as well
 * @because faults at each call, and hundreds of machines, without a hypervisor
 * @real test/integration/machines/kvm-controllers.test.ts
 */

/**
 * An actuator without a hypervisor, for tests of the controllers: it speaks the protocol of `plugins/machine-api/actuator`, keeps its machines in memory,
 * and notes what it was asked. What it is told to, it does wrong.
 */

export const CALLS = ["exists", "create", "update", "delete"] as const;
export type Call = (typeof CALLS)[number];

/** A Machine as it came. */
export interface PlayedMachine {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly providerID?: string; readonly providerSpec: { readonly value?: Readonly<Record<string, unknown>> } };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** One call, in the order in which they came. */
export interface Asked {
  readonly call: Call;
  readonly at: number;
  readonly machine: PlayedMachine;
  readonly userData: string | undefined;
}

export interface Failure {
  readonly kind: "Invalid" | "Failed" | "Requeue";
  readonly reason: string;
  readonly message: string;
  readonly requeueSeconds?: number;
}

/**
 * What goes wrong: an error of the protocol, a status, a broken connection, or what a function does before the work, or when it is done and before
 * the answer.
 */
export type Fault =
  | { readonly error: Failure }
  | { readonly status: number }
  | { readonly reset: true }
  | { readonly run: () => Promise<void> }
  | { readonly after: () => Promise<void> };

const GOES_WELL: Fault = { run: () => Promise.resolve() };

/** A machine that exists. */
export interface Instance {
  readonly uid: string;
  readonly providerID: string;
  readonly address: string;
  readonly userData: string | undefined;
}

interface Planned {
  readonly machine: RegExp;
  readonly call: Call;
  readonly fault: Fault;
  left: number;
}

export class PlayedActuator implements AsyncDisposable {
  readonly socket: string;
  /** By the name of the Machine. */
  readonly instances = new Map<string, Instance>();
  readonly asked: Asked[] = [];
  /** Of creates beside each other, the most so far. */
  mostCreates = 0;
  /** How long a create takes, in ms. */
  createMs = 0;
  readonly #faults: Planned[] = [];
  readonly #folder: string;
  readonly #server: Server;
  #creates = 0;
  #addresses = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, "actuator.sock");
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<PlayedActuator> {
    const actuator = new PlayedActuator(await mkdtemp(join(tmpdir(), "virt-ipi-actuator-")));
    await actuator.listen();
    return actuator;
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(this.socket, done));
    await chmod(this.socket, 0o600);
  }

  /** As when it is not there. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Lets something go wrong at the next calls for Machines whose name fits. */
  fail(machine: RegExp, call: Call, fault: Fault, times = 1): void {
    this.#faults.push({ machine, call, fault, left: times });
  }

  /** Lets all go right again for one Machine. */
  forgive(name: string): void {
    for (const planned of this.#faults) if (planned.machine.test(name)) planned.left = 0;
  }

  /** The calls for one Machine. */
  callsOf(name: string, call?: Call): readonly Asked[] {
    return this.asked.filter(({ machine, call: each }) => machine.metadata.name === name && (call === undefined || each === call));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk as string;
    const call = CALLS.find((each) => request.url === `/v1/${each}`);
    if (call === undefined || request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const { machine, userData } = JSON.parse(body) as { machine: PlayedMachine; userData?: string };
    this.asked.push({ call, at: performance.now(), machine, userData });
    const planned = this.#faults.find((each) => each.left > 0 && each.call === call && each.machine.test(machine.metadata.name));
    if (planned !== undefined) planned.left--;
    const fault = planned?.fault ?? GOES_WELL;
    if ("reset" in fault) response.destroy();
    else if ("status" in fault) response.writeHead(fault.status).end("no");
    else if ("error" in fault) answer(response, { error: fault.error });
    else {
      if ("run" in fault) await fault.run();
      const done = await this.#do(call, machine, userData);
      if ("after" in fault) await fault.after();
      answer(response, done);
    }
  }

  async #do(call: Call, { metadata: { name, uid } }: PlayedMachine, userData: string | undefined): Promise<object> {
    const instance = this.instances.get(name);
    switch (call) {
      case "exists":
        return { exists: instance !== undefined };
      case "create":
        return this.#describe(instance ?? (await this.#create(name, uid, userData)), "Starting");
      case "update":
        return instance === undefined
          ? { error: { kind: "Failed", reason: "MachineMissing", message: "there is no such machine" } }
          : this.#describe(instance, "Running");
      case "delete":
        this.instances.delete(name);
        return {};
    }
  }

  async #create(name: string, uid: string, userData: string | undefined): Promise<Instance> {
    this.#creates++;
    this.mostCreates = Math.max(this.mostCreates, this.#creates);
    await new Promise((done) => setTimeout(done, this.createMs));
    this.#creates--;
    this.#addresses++;
    const address = `192.0.2.${this.#addresses}`;
    const instance = { uid, providerID: `played:///${uid}`, address, userData };
    this.instances.set(name, instance);
    return instance;
  }

  #describe({ providerID, address }: Instance, instanceState: string): object {
    return {
      providerID,
      addresses: [{ type: "InternalIP", address }],
      instanceState,
      instanceType: "2cpu-4096MiB",
      region: "here",
      zone: "rack-1",
      providerStatus: { host: "local" },
    };
  }
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
