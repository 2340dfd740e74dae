import { expect, it } from "vitest";
import type { KubeControlPlane } from "../../../helpers/kube-control-plane.ts";
import { getOverSocket, until } from "../../../helpers/machine-api.ts";
import { Rig } from "./rig.ts";

const elect = (seconds: number): readonly string[] => ["--leader-elect", `--leader-elect-lease-duration=${seconds}s`];
/** Who comes after one that was killed waits as long, and looks six times meanwhile. */
const SHORT = elect(20);
/** Of one that ends by itself: who comes in less was given its Lease. */
const LONG_SECONDS = 120;

/** Several programs for one cluster. */
export function leadership(kube: () => KubeControlPlane): void {
  it("lets one act, and another when that one is killed or ends", async () => {
    await using rig = await Rig.create(kube(), "elected");
    const { machines, actuator } = rig;
    await rig.start("first", SHORT);
    await until("the first leads", () => leads(rig, "first"));
    await rig.start("second", elect(LONG_SECONDS));
    await machines.createMachineSet("elected", 2);
    await until("the machines are there", async () => actuator.instances.size === 2);
    expect(await leads(rig, "second")).toBe(false);
    expect(await workedOn(rig, "second")).toBe(0);

    await rig.kill("first");
    await machines.scale("elected", 4);
    await until("the other creates two more", async () => actuator.instances.size === 4);
    expect(await leads(rig, "second")).toBe(true);

    await rig.start("third", SHORT);
    rig.program("second").terminate();
    // The Lease was given back, so nobody waits until it is over; it was renewed a sixth of its time ago.
    await until("the third leads", () => leads(rig, "third"), LONG_SECONDS * 750);
    expect(rig.program("second").running).toBe(false);
    await machines.scale("elected", 1);
    await until("three are gone", async () => actuator.instances.size === 1);
    expect(actuator.asked.filter(({ call }) => call === "create")).toHaveLength(4);
  });
}

const metric = async (rig: Rig, name: string, pattern: RegExp): Promise<string | undefined> =>
  pattern.exec((await getOverSocket(rig.statusSocket(name), "/metrics")).body)?.[1];

const leads = async (rig: Rig, name: string): Promise<boolean> => (await metric(rig, name, /^leader_election_master_status\{.*\} (\d)/m)) === "1";

/** How often it looked at a Machine. */
const workedOn = async (rig: Rig, name: string): Promise<number> =>
  Number((await metric(rig, name, /^controller_runtime_reconcile_total\{controller="machine-controller",result="success"\} (\d+)/m)) ?? 0);
