import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { share, shareOf } from "../helpers/share.ts";
import { CHAOS_HOSTS, MachineChaos, type ChaosController, type ChaosMachine } from "../helpers/machine-chaos.ts";

/** What happens next: to a Machine by its number among those that are there, or to a host. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("scale up" as const), which: fc.constant(0) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("reconcile" as const), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("vanish" as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("power off" as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("libvirtd" as const), which: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("kill the controller" as const), which: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("another controller" as const), which: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("API" as const), which: fc.nat(1) }) },
);

describe("whatever happens to machines and their controller", () => {
  it("there are never two for one Machine, nor one of nobody's, nor is a foreign one touched, and in the end each Machine has all of its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 30 }), fc.scheduler(), async (events, scheduler) => {
        const chaos = new MachineChaos();
        chaos.libvirt.schedule = () => scheduler.schedule(Promise.resolve());
        // The last one stays. A second one believes that it leads too.
        let controllers = [await chaos.controller()];
        const busy = new Map<ChaosController, Map<string, Promise<unknown>>>();
        const callsOf = (controller: ChaosController): Map<string, Promise<unknown>> => {
          const calls = busy.get(controller) ?? new Map<string, Promise<unknown>>();
          busy.set(controller, calls);
          return calls;
        };
        const begin = (machine: ChaosMachine, which: number): void => {
          const controller = controllers[which % controllers.length] ?? expect.unreachable("no controller");
          const calls = callsOf(controller);
          // Calls for one Machine wait for each other: the server sees to it. What another controller creates, none removes: its lease has ended by then.
          if (calls.has(machine.uid) || (machine.deleting && [...busy.values()].some((each) => each.has(machine.uid)))) return;
          calls.set(
            machine.uid,
            chaos.reconcile(controller, machine).finally(() => calls.delete(machine.uid)),
          );
        };
        const running = (): readonly Promise<unknown>[] => [...busy.values()].flatMap((calls) => [...calls.values()]);
        for (const { kind, which } of events) {
          const [machine] = [...chaos.machines.values()].slice(which % Math.max(1, chaos.machines.size));
          if (kind === "scale up") begin(chaos.add(), which);
          else if (kind === "reconcile" && machine !== undefined) begin(machine, which);
          else if (kind === "delete" && machine !== undefined) machine.deleting = true;
          else if (kind === "libvirtd") toggle(chaos, which);
          else if (kind === "kill the controller") {
            const [killed, ...others] = controllers;
            killed?.kill();
            if (killed !== undefined) busy.delete(killed);
            controllers = others.length > 0 ? others : [await chaos.controller()];
          } else if (kind === "another controller") {
            if (controllers.length === 1) controllers.push(await chaos.controller());
          } else if (kind === "API") chaos.answers.push(which === 0 ? "refused" : "lost");
          else if (machine !== undefined && (kind === "vanish" || kind === "power off")) harm(chaos, machine, kind);
          // Some commands end meanwhile, in any order.
          for (let step = 0; step < 12; step++) if (await untilAllWait(scheduler, running())) await scheduler.waitNext(1);
          expect(chaos.wrong()).toEqual([]);
        }
        for (const host of chaos.hosts()) host.up = true;
        await settle(chaos, controllers, scheduler, running());
        expect(chaos.wrong()).toEqual([]);
        const { found, wanted } = chaos.ends();
        expect(found).toEqual(wanted);
      }),
      { numRuns: share(200) },
    );
  }, 600_000);
});

/** By number, the commands that a creation takes, and some more. */
const COMMANDS = Array.from({ length: 30 }, (_, index) => index + 1);

it("two controllers that each begin on another host leave one machine, wherever both stop for a while", async () => {
  let refused = 0;
  for (const first of COMMANDS)
    for (const second of shareOf(COMMANDS, first)) {
      const chaos = new MachineChaos();
      const machine = chaos.add();
      const [a, b] = [await pausing(chaos, first), await pausing(chaos, second)];
      const [mine] = chaos.hosts();
      // The first one takes one host for the freest, the second the other.
      const one = chaos.reconcile(a.controller, machine);
      await Promise.race([a.paused, one]);
      if (mine !== undefined) mine.totalMB = 512;
      const other = chaos.reconcile(b.controller, machine);
      await Promise.race([b.paused, other]);
      a.goOn();
      // It is tried again where the other one has begun meanwhile.
      if (await one) refused++;
      expect(chaos.wrong(), `${first} and ${second}`).toEqual([]);
      b.goOn();
      await other;
      expect(chaos.wrong(), `${first} and ${second}`).toEqual([]);
      for (let round = 0; round < 10 && (await chaos.reconcile(b.controller, machine)); round++);
      const { found, wanted } = chaos.ends();
      expect(found, `${first} and ${second}`).toEqual(wanted);
    }
  expect(refused).toBeGreaterThan(0);
});

/** A controller that stops before one of its commands, and what tells that it did. */
async function pausing(chaos: MachineChaos, at: number) {
  let commands = 0;
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const controller = await chaos.controller(async () => {
    if (++commands !== at) return;
    reached.resolve();
    await gate.promise;
  });
  return { controller, paused: reached.promise, goOn: () => gate.resolve() };
}

/** Until each call waits for a command's turn: what leads to one may write files, which takes turns of the event loop. */
async function untilAllWait(scheduler: fc.Scheduler, calls: readonly unknown[]): Promise<boolean> {
  for (let turn = 0; turn < 500 && scheduler.count() < calls.length; turn++) await new Promise((resolve) => setImmediate(resolve));
  return scheduler.count() > 0;
}

function toggle(chaos: MachineChaos, which: number): void {
  const host = chaos.libvirt.host(CHAOS_HOSTS[which % CHAOS_HOSTS.length] ?? "");
  host.up = !host.up;
}

function harm(chaos: MachineChaos, machine: ChaosMachine, kind: "vanish" | "power off"): void {
  for (const { domains } of chaos.hosts()) {
    const domain = domains.get(machine.uid);
    if (domain === undefined) continue;
    domain.running = false;
    if (kind === "vanish") domains.delete(machine.uid);
  }
}

/** Until nothing more is to do: a Machine that fails is tried again, as the controller does. */
async function settle(
  chaos: MachineChaos,
  controllers: readonly ChaosController[],
  scheduler: fc.Scheduler,
  busy: readonly Promise<unknown>[],
): Promise<void> {
  const finish = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const result = work.finally(() => (done = true));
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      if (scheduler.count() > 0) await scheduler.waitNext(1);
    }
    return await result;
  };
  await finish(Promise.all(busy));
  const controller = controllers.at(-1) ?? expect.unreachable("no controller");
  for (let round = 0; round < 10; round++) {
    const left = await finish(Promise.all([...chaos.machines.values()].map((machine) => chaos.reconcile(controller, machine))));
    if (!left.includes(true)) return;
  }
  expect.unreachable("it does not settle");
}
