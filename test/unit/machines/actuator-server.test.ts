import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InstallerError } from "../../../src/errors/index.ts";
import { startActuatorServer, type ActuatorRequest, type ActuatorServer, type EndedCall } from "../../../src/machines/index.ts";
import { ActuatorRefusal, type Actuator, type MachineFacts } from "../../../src/providers/index.ts";
import { systemClock } from "../../../src/util/index.ts";
import { ask, post } from "../../helpers/actuator-client.ts";

const SECRET = "planted-user-data";
const FACTS: MachineFacts = { providerID: "p:///1", instanceState: "running", addresses: [{ type: "InternalIP", address: "10.0.0.1" }] };

let folder: string;
let socketPath: string;
let servers: ActuatorServer[];
let ended: EndedCall[];

beforeEach(async () => {
  folder = await mkdtemp("/tmp/vt-actuator-");
  socketPath = join(folder, "run", "actuator.sock");
  servers = [];
  ended = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop(0);
  await rm(folder, { recursive: true, force: true });
});

const refuse = (): never => expect.unreachable("was called");
const never: Actuator = { exists: refuse, create: refuse, update: refuse, delete: refuse };

async function serve(actuator: Partial<Actuator>, maxCreates = 2, path = socketPath): Promise<ActuatorServer> {
  const options = {
    actuator: { ...never, ...actuator },
    socketPath: path,
    maxCreates,
    clock: systemClock,
    onCall: (call: EndedCall) => ended.push(call),
  };
  const server = await startActuatorServer(options);
  servers.push(server);
  return server;
}

const machine = (name = "c-abcde-worker-1", status: object = {}): ActuatorRequest["machine"] => ({
  metadata: { name, namespace: "openshift-machine-api", uid: "11111111-2222-4333-8444-555555555555", labels: undefined },
  spec: { providerID: undefined, providerSpec: { value: { cpus: 2 } } },
  status: { addresses: undefined, providerStatus: undefined, ...status },
});

/** Promises that a test lets go one by one. */
function gate(): { readonly wait: () => Promise<void>; readonly open: () => void; readonly waiting: () => number } {
  const held: (() => void)[] = [];
  return { wait: () => new Promise((resolve) => held.push(resolve)), open: () => held.shift()?.(), waiting: () => held.length };
}
/** Lets so many come to wait at the gate, and all else that is under way come where it can. */
async function settle(door: ReturnType<typeof gate>, waiting: number): Promise<void> {
  await vi.waitFor(() => expect(door.waiting()).toBeGreaterThanOrEqual(waiting), { timeout: 60_000, interval: 1 });
  await systemClock.sleep(60);
  // After a standstill of the whole process time is over before what has arrived meanwhile is looked at.
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(door.waiting()).toBe(waiting);
}

describe("answers", () => {
  it("say what the actuator found, and pass the Machine and the user data on", async () => {
    const seen: unknown[] = [];
    const note = (...args: unknown[]): Promise<MachineFacts> => Promise.resolve((seen.push(args.slice(0, -1)), FACTS));
    await serve({ exists: note, create: note, update: note, delete: (...args) => note(...args).then(() => undefined) });
    expect(await ask(socketPath, "exists", { machine: machine() })).toEqual({ ...FACTS, exists: true, providerStatus: {} });
    const created = await ask(socketPath, "create", { machine: machine(), userData: SECRET });
    expect(created).toMatchObject({ ...FACTS, providerStatus: { conditions: [{ type: "InstanceReconciled", status: "True", reason: "Created" }] } });
    await ask(socketPath, "update", { machine: machine() });
    await ask(socketPath, "delete", { machine: machine() });
    expect(seen).toEqual([[machine()], [machine(), SECRET], [machine()], [machine()]]);
    expect(ended.map(({ operation, machine: of, error }) => [operation, of, error])).toEqual(
      ["exists", "create", "update", "delete"].map((operation) => [operation, "openshift-machine-api/c-abcde-worker-1", undefined]),
    );
  });

  it("say that there is none only where the actuator is sure", async () => {
    await serve({ exists: () => Promise.resolve(undefined) });
    expect(await ask(socketPath, "exists", { machine: machine() })).toEqual({ exists: false });
  });

  it.each([
    ["a refusal", new ActuatorRefusal("Invalid", "DiskTooSmall", "too small"), { kind: "Invalid", reason: "DiskTooSmall", message: "too small" }],
    [
      "one with a time",
      new ActuatorRefusal("Requeue", "Busy", "later", { requeueSeconds: 7 }),
      { kind: "Requeue", reason: "Busy", message: "later", requeueSeconds: 7 },
    ],
    [
      "an error of ours",
      new InstallerError("EXEC_NOT_FOUND", "x is not installed", { details: ["y"] }),
      { kind: "Failed", reason: "ExecNotFound", message: "x is not installed; y" },
    ],
    [
      "any other error, whose message may hold a secret",
      new SyntaxError(`Unexpected token in ${SECRET}`),
      { kind: "Failed", reason: "InternalError", message: "the actuator failed: SyntaxError" },
    ],
  ])("say why it was not done: %s", async (_, thrown, error) => {
    const fail = (): Promise<never> => Promise.reject(thrown);
    await serve({ exists: fail, create: fail });
    // Without `exists`: nothing is known.
    expect(await ask(socketPath, "exists", { machine: machine() })).toEqual({ error });
    const before = { instanceId: "1", conditions: [{ type: "Other", status: "True" }] };
    const answer = await ask(socketPath, "create", { machine: machine("m", { providerStatus: before }), userData: SECRET });
    expect(answer).toMatchObject({
      error,
      providerStatus: { instanceId: "1", conditions: [{ type: "Other" }, { type: "InstanceReconciled", status: "False", reason: error.reason }] },
    });
    expect(JSON.stringify([answer, ended])).not.toContain(SECRET);
  });

  it("are the same for the same, so that nothing is written again", async () => {
    await serve({ create: () => Promise.resolve(FACTS), update: () => Promise.resolve(FACTS) });
    const first = await ask(socketPath, "create", { machine: machine() });
    const providerStatus = { conditions: [{ ...conditionIn(first), lastTransitionTime: "2020-01-01T00:00:00Z" }] };
    expect((await ask(socketPath, "update", { machine: machine("m", { providerStatus }) })).providerStatus).toEqual(providerStatus);
  });

  const conditionIn = (answer: { readonly providerStatus?: unknown }): object =>
    (answer.providerStatus as { readonly conditions: readonly object[] }).conditions[0] ?? {};
});

describe("requests that are none", () => {
  it.each([
    ["another path", "/v1/reboot", "{}", "POST", 404],
    ["another method", "/v1/exists", "{}", "GET", 405],
    ["no JSON", "/v1/create", `{"userData": "${SECRET}`, "POST", 400],
    ["no Machine", "/v1/create", `{"userData": "${SECRET}"}`, "POST", 400],
    ["a Machine without a uid", "/v1/exists", JSON.stringify({ machine: { metadata: { name: "m", namespace: "n" }, spec: {} } }), "POST", 400],
    ["more than a request may have", "/v1/create", JSON.stringify({ machine: machine(), userData: "x".repeat(8 * 2 ** 20) }), "POST", 413],
  ])("are refused, and nothing of them is quoted: %s", async (_, path, body, method, status) => {
    await serve({});
    const answer = await post(socketPath, path, body, method);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(SECRET);
  });

  it("takes a Machine as Go writes it, with null for what is empty", async () => {
    await serve({ exists: () => Promise.resolve(undefined) });
    const body = {
      machine: {
        apiVersion: "machine.openshift.io/v1beta1",
        metadata: { name: "m", namespace: "n", uid: "u", creationTimestamp: null, labels: null },
        spec: { providerSpec: { value: null }, metadata: {} },
        status: {},
      },
    };
    expect(await post(socketPath, "/v1/exists", JSON.stringify(body))).toEqual({ status: 200, body: '{"exists":false}' });
  });
});

describe("side by side", () => {
  it("never two calls for one name; others do not wait for them", async () => {
    const door = gate();
    let running = 0;
    let most = 0;
    const exists = async (): Promise<undefined> => {
      most = Math.max(most, ++running);
      await door.wait();
      running--;
    };
    await serve({ exists });
    const calls = [1, 2, 3].map(() => ask(socketPath, "exists", { machine: machine() }));
    await settle(door, 1);
    const other = ask(socketPath, "exists", { machine: machine("another") });
    await settle(door, 2);
    // Behind the first of a name comes the second, behind the other one nobody.
    for (const left of [2, 1, 1, 0]) {
      door.open();
      await settle(door, left);
    }
    await Promise.all([...calls, other]);
    expect(most).toBe(2);
  });

  it("at most as many creates as allowed, while other calls go on", async () => {
    const door = gate();
    await serve({ create: () => door.wait().then(() => FACTS), exists: () => Promise.resolve(undefined) }, 2);
    const creates = ["a", "b", "c", "d", "e"].map((name) => ask(socketPath, "create", { machine: machine(name) }));
    await settle(door, 2);
    expect(await ask(socketPath, "exists", { machine: machine("f") })).toEqual({ exists: false });
    for (const left of [2, 2, 2, 1, 0]) {
      door.open();
      await settle(door, left);
    }
    expect(await Promise.all(creates)).toHaveLength(5);
  });
});

describe("stop", () => {
  it("lets a running call end, and begins none that waits", async () => {
    const door = gate();
    let created = 0;
    const server = await serve({ create: () => door.wait().then(() => (created++, FACTS)) }, 1);
    const [first, second] = ["a", "b"].map((name) => ask(socketPath, "create", { machine: machine(name) }));
    second?.catch(() => undefined);
    await settle(door, 1);
    const stopped = server.stop(60_000);
    door.open();
    expect(await first).toMatchObject({ providerID: "p:///1" });
    await expect(second).rejects.toThrow(/status 503/);
    await stopped;
    expect(created).toBe(1);
    await expect(stat(socketPath)).rejects.toThrow(/ENOENT/);
  });

  it("cancels what does not end in time", async () => {
    const begun = Promise.withResolvers<void>();
    const server = await serve({
      create: (_machine, _userData, signal) => {
        begun.resolve();
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
      },
    });
    const call = ask(socketPath, "create", { machine: machine() });
    await begun.promise;
    await server.stop(50);
    expect(await call).toMatchObject({ error: { kind: "Failed", reason: "Interrupted" } });
  });
});

describe("the socket", () => {
  it("is for this user alone", async () => {
    await serve({});
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "run"))).mode & 0o777).toBe(0o700);
  });

  it("is not taken from a server that runs", async () => {
    await serve({ exists: () => Promise.resolve(undefined) });
    await expect(serve({})).rejects.toThrow(/is served by process/);
    expect(await ask(socketPath, "exists", { machine: machine() })).toEqual({ exists: false });
  });

  it("is taken over from one that was killed", async () => {
    await (await serve({})).stop(0);
    const left = await killed(socketPath);
    await serve({ exists: () => Promise.resolve(undefined) });
    expect(await ask(socketPath, "exists", { machine: machine() })).toEqual({ exists: false });
    left.close();
  });

  it("is refused where others can reach it, and where something else lies", async () => {
    await chmod(folder, 0o755);
    await expect(serve({}, 1, join(folder, "a.sock"))).rejects.toThrow(/mode 755/);
    await chmod(folder, 0o700);
    await writeFile(join(folder, "a.sock"), "");
    await expect(serve({}, 1, join(folder, "a.sock"))).rejects.toThrow(/is no socket/);
    expect((await stat(join(folder, "a.sock"))).isFile()).toBe(true);
    await expect(serve({}, 1, "a.sock")).rejects.toThrow(/absolute/);
    await expect(serve({}, 1, `/${"x".repeat(107)}`)).rejects.toThrow(/at most 107/);
  });

  /** A socket file whose lock is nobody's. */
  async function killed(path: string): Promise<Server> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return server;
  }
});
