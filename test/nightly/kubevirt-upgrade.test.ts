import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { instance, INSTANCES, KUBEVIRT, startKubeVirtSite, type KubeVirt, type KubeVirtSite } from "../helpers/kubevirt/site.ts";
import type { Condition, KubeObject } from "../helpers/olm/objects.ts";
import { repeat } from "../helpers/olm/rounds.ts";

/** KubeVirt's own operators of two releases, one after the other, as a change of two lines in install-config.yaml. */

const [OLD, NEW] = ["v1.6.0", "v1.7.0"] as const;

let site: KubeVirtSite;

beforeAll(async () => {
  site = await startKubeVirtSite([OLD, NEW]);
  await site.rig.setKvm(false);
});
afterAll(() => site?.dispose());

/** What KubeVirt said of itself while something ran, each state once. */
async function statesDuring(run: () => Promise<unknown>): Promise<readonly string[]> {
  const states: string[] = [];
  const end = new AbortController();
  const watching = repeat(
    async () => {
      const { phase = "", observedKubeVirtVersion = "", conditions = [] } = (await site.kubevirt())?.status ?? {};
      const state = [phase, observedKubeVirtVersion, ...conditions.map(saysOf).toSorted()].join(" ");
      if (state !== states.at(-1)) states.push(state);
    },
    end.signal,
    site.rig.cluster,
  );
  await run().finally(() => end.abort());
  await watching;
  return states;
}
const saysOf = ({ type, status, reason }: Condition): string => `${type}=${status}/${reason ?? ""}`;

const updating = (version: string): string =>
  `Deployed ${version} Available=True/UpdateInProgress Degraded=True/UpdateInProgress Progressing=True/UpdateInProgress`;
const well = (version: string): string =>
  `Deployed ${version} Available=True/AllComponentsReady Created=True/AllResourcesCreated Degraded=False/AllComponentsReady Progressing=False/AllComponentsReady`;

describe("an upgrade of KubeVirt", () => {
  let before: { readonly kubevirt: KubeVirt | undefined; readonly machine: KubeObject };

  it("has the older release first, and a machine", async () => {
    onTestFailed(() => site.tell());
    await site.up(site.spec(OLD));
    expect(await site.kubevirt()).toMatchObject({ status: { phase: "Deployed", observedKubeVirtVersion: OLD } });
    before = { kubevirt: await site.kubevirt(), machine: await site.rig.api.create(INSTANCES, instance("mine", { memory: { guest: "64Mi" } })) };
  });

  it("is a change of what is there, ends when the newer release says that it is done, and keeps the machine", async () => {
    onTestFailed(() => site.tell());
    let changes: object = {};
    const states = await statesDuring(async () => (changes = await site.up(site.spec(NEW))));
    expect(changes).toEqual({ same: expect.any(Number) as number, update: expect.any(Number) as number });
    expect(states[0]).toBe(well(OLD));
    expect(states).toContain(updating(OLD));
    expect(states.at(-1)).toBe(well(NEW));
    expect(await site.rig.api.get(KUBEVIRT)).toMatchObject({ metadata: { uid: before.kubevirt?.metadata.uid } });
    expect(await site.rig.api.get(`${INSTANCES}/mine`)).toMatchObject({ metadata: { uid: before.machine.metadata.uid } });
    for (const name of ["virt-operator", "virt-api", "virt-controller"]) expect(site.rig.processes.versionOf(name), name).toBe(NEW);
  });

  it("is verified, changes nothing the second time, and nothing of the older release is left", async () => {
    onTestFailed(() => site.tell());
    await expect(await site.table()).toMatchFileSnapshot("../golden/virtualization/kubevirt/deployed.txt");
    expect(await site.up(site.spec(NEW))).toEqual({ same: expect.any(Number) as number });
    const strategies = await site.rig.api.list<KubeObject & { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }>(
      "/api/v1/namespaces/kubevirt/configmaps?labelSelector=kubevirt.io%2Finstall-strategy",
    );
    expect(strategies.map(({ metadata }) => metadata.annotations?.["kubevirt.io/install-strategy-version"])).toEqual([NEW]);
  });
});
