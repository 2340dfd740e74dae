import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { share } from "../helpers/share.ts";
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
);

describe("whatever happens to machines and their controller", () => {
  it("there are never two for one Machine, nor one of nobody's, nor is a foreign one touched, and in the end each Machine has all of its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 30 }), fc.scheduler(), async (events, scheduler) => {
        const chaos = new MachineChaos();
        chaos.libvirt.schedule = () => scheduler.schedule(Promise.resolve());
        let controller = await chaos.controller();
        const busy = new Map<string, Promise<unknown>>();
        const begin = (machine: ChaosMachine): void => {
          // Calls for one Machine wait for each other: the server sees to it.
          if (busy.has(machine.uid)) return;
          busy.set(
            machine.uid,
            chaos.reconcile(controller, machine).finally(() => busy.delete(machine.uid)),
          );
        };
        for (const { kind, which } of events) {
          const [machine] = [...chaos.machines.values()].slice(which % Math.max(1, chaos.machines.size));
          if (kind === "scale up") begin(chaos.add());
          else if (kind === "reconcile" && machine !== undefined) begin(machine);
          else if (kind === "delete" && machine !== undefined) machine.deleting = true;
          else if (kind === "libvirtd") toggle(chaos, which);
          else if (kind === "kill the controller") {
            controller.kill();
            busy.clear();
            controller = await chaos.controller();
          } else if (machine !== undefined && (kind === "vanish" || kind === "power off")) harm(chaos, machine, kind);
          // Some commands end meanwhile, in any order.
          for (let step = 0; step < 12; step++) if (await untilAllWait(scheduler, busy)) await scheduler.waitNext(1);
          expect(chaos.wrong()).toEqual([]);
        }
        for (const host of chaos.hosts()) host.up = true;
        await settle(chaos, controller, scheduler, busy);
        expect(chaos.wrong()).toEqual([]);
        const { found, wanted } = chaos.ends();
        expect(found).toEqual(wanted);
      }),
      { numRuns: share(200) },
    );
  }, 600_000);
});

/** Until each call waits for a command's turn: what leads to one may write files, which takes turns of the event loop. */
async function untilAllWait(scheduler: fc.Scheduler, calls: ReadonlyMap<string, unknown>): Promise<boolean> {
  for (let turn = 0; turn < 500 && scheduler.count() < calls.size; turn++) await new Promise((resolve) => setImmediate(resolve));
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
  controller: ChaosController,
  scheduler: fc.Scheduler,
  busy: ReadonlyMap<string, Promise<unknown>>,
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
  await finish(Promise.all(busy.values()));
  for (let round = 0; round < 10; round++) {
    const left = await finish(Promise.all([...chaos.machines.values()].map((machine) => chaos.reconcile(controller, machine))));
    if (!left.includes(true)) return;
  }
  expect.unreachable("it does not settle");
}
