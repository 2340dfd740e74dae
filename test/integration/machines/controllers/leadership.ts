import { expect, it } from "vitest";
import type { KubeControlPlane } from "../../../helpers/kube-control-plane.ts";
import { getOverSocket, until } from "../../../helpers/machine-api.ts";
import { Rig } from "./rig.ts";

const LEASE_SECONDS = 6;
const ELECT = ["--leader-elect", `--leader-elect-lease-duration=${LEASE_SECONDS}s`];

/** Several programs for one cluster. */
export function leadership(kube: () => KubeControlPlane): void {
  it("lets one act, and another when that one is killed or ends", async () => {
    await using rig = await Rig.create(kube(), "elected");
    const { machines, actuator } = rig;
    await rig.start("first", ELECT);
    await until("the first leads", () => leads(rig, "first"));
    await rig.start("second", ELECT);
    await machines.createMachineSet("elected", 2);
    await until("the machines are there", async () => actuator.instances.size === 2);
    expect(await leads(rig, "second")).toBe(false);
    expect(await workedOn(rig, "second")).toBe(0);

    await rig.kill("first");
    await machines.scale("elected", 4);
    await until("the other creates two more", async () => actuator.instances.size === 4);
    expect(await leads(rig, "second")).toBe(true);

    await rig.start("third", ELECT);
    const before = performance.now();
    rig.program("second").terminate();
    await until("the third leads", () => leads(rig, "third"));
    // The Lease was given back, so nobody waits until it is over.
    expect(performance.now() - before).toBeLessThan(LEASE_SECONDS * 1_000);
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
