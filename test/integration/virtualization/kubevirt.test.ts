import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { instance, INSTANCES, KUBEVIRT, startKubeVirtSite, type KubeVirtSite } from "../../helpers/kubevirt/site.ts";
import type { VirtualizationSpec } from "../../../src/config/index.ts";
import { leftIn } from "../../helpers/kubevirt/left.ts";
import { RUN } from "../../helpers/kubevirt/processes.ts";
import { RENAMED, VERSION, type Version } from "../../helpers/kubevirt/release.ts";
import { eventually } from "../../helpers/olm/kube-api.ts";

/** The day-2 program for plain Kubernetes with KubeVirt's own operator, API server and controller: from nothing to nothing. Another release is upgraded from each night. */

/** Tables of `virt-ipi verify`, of what KubeVirt's own programs wrote. */
const golden = (name: string): string => `../../golden/virtualization/kubevirt/${name}.txt`;

const WELL = {
  Created: "True AllResourcesCreated",
  Available: "True AllComponentsReady",
  Progressing: "False AllComponentsReady",
  Degraded: "False AllComponentsReady",
};

let site: KubeVirtSite;

beforeAll(async () => {
  site = await startKubeVirtSite([RENAMED, VERSION]);
  await site.rig.setKvm(false);
});
afterAll(() => site?.dispose());

const wanted = (version: Version = VERSION, own: Readonly<Record<string, unknown>> = {}): VirtualizationSpec => ({
  ...site.spec(version, { workloadUpdateStrategy: { workloadUpdateMethods: ["LiveMigrate"] }, ...own }),
  liveMigration: { parallelMigrationsPerCluster: 3 },
});

describe("virtualization from KubeVirt's own release manifest", () => {
  it("goes from nothing to Deployed, and switches emulation on, since no node has /dev/kvm", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(wanted(RENAMED))).toEqual({ create: expect.any(Number) as number });
    expect(await site.kubevirt()).toMatchObject({
      spec: {
        workloadUpdateStrategy: { workloadUpdateMethods: ["LiveMigrate"] },
        configuration: { developerConfiguration: { useEmulation: true }, migrations: { parallelMigrationsPerCluster: 3 } },
      },
      status: { phase: "Deployed", observedKubeVirtVersion: RENAMED, targetKubeVirtVersion: RENAMED },
    });
    expect(await site.conditions()).toEqual(WELL);
    expect(site.rig.processes.jobs).toBeGreaterThan(0);
  });

  it("is upgraded by its new operator, as a change of what is there", async () => {
    onTestFailed(() => site.tell());
    const before = await site.kubevirt();
    const jobs = site.rig.processes.jobs;
    expect(await site.up(wanted())).toEqual({ same: expect.any(Number) as number, update: expect.any(Number) as number });
    expect(await site.kubevirt()).toMatchObject({
      metadata: { uid: before?.metadata.uid },
      status: {
        phase: "Deployed",
        observedKubeVirtVersion: VERSION,
        targetKubeVirtVersion: VERSION,
        operatorVersion: expect.stringContaining(VERSION) as string,
      },
    });
    expect(await site.conditions()).toEqual(WELL);
    expect(site.rig.processes.jobs).toBeGreaterThan(jobs);
    for (const name of RUN) expect(site.rig.processes.versionOf(name), name).toBe(VERSION);
  });

  it("is verified by what KubeVirt writes", async () => {
    onTestFailed(() => site.tell());
    await expect(await site.table()).toMatchFileSnapshot(golden("deployed"));
  });

  it("changes nothing the second time", async () => {
    onTestFailed(() => site.tell());
    expect(await site.up(wanted())).toEqual({ same: expect.any(Number) as number });
  });

  it("has its webhooks and its own API asked by the API server", async () => {
    onTestFailed(() => site.tell());
    const refused = await site.rig.cluster.request("POST", INSTANCES, instance("no-memory", {}));
    expect([refused.status, refused.body]).toEqual([422, expect.stringContaining("memory")]);
    expect((await site.rig.cluster.request("GET", "/apis/subresources.kubevirt.io/v1")).status).toBe(200);
  });

  /** @diagnoses VIRT_POD_CRASH as virt-api's process shows it */
  it("says why virt-api does not come up, and is well again without what keeps it from that", async () => {
    onTestFailed(() => site.tell());
    const broken = wanted(VERSION, { customizeComponents: { flags: { api: { "no-such-flag": "1" } } } });
    await expect(site.up(broken, 20)).rejects.toMatchObject({ id: expect.stringMatching(/^VIRT_/) as string });
    await eventually("its crashes are seen", async () => ((await site.causes("VIRT_POD_CRASH")).length > 0 ? true : undefined), {
      seen: site.verified,
    });
    expect(await eventually("KubeVirt is degraded", () => degraded())).toMatch(/^Degraded, DeploymentFailed: An error occurred during deployment/);
    await site.up(wanted());
    expect(await site.conditions()).toEqual(WELL);
  });

  it("is kept while there is a machine, by the program and by KubeVirt, and goes without a trace", async () => {
    onTestFailed(() => site.tell());
    await site.rig.api.create(INSTANCES, instance("mine", { memory: { guest: "64Mi" } }));
    await expect(site.up(undefined)).rejects.toMatchObject({
      id: "VIRT_IN_USE",
      message: expect.stringContaining("VirtualMachineInstance default/mine") as string,
    });
    const refused = await site.rig.cluster.request("DELETE", KUBEVIRT);
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining("there are still Virtual Machine Instances present")]);

    await site.rig.api.remove(`${INSTANCES}/mine`);
    await eventually("the machine gone", async () => ((await site.rig.api.get(`${INSTANCES}/mine`)) === undefined ? true : undefined));
    site.bench.events.length = 0;
    await site.up(undefined);
    expect(await leftIn(site.rig.api)).toEqual([]);
    const gone = site.bench.events.flatMap((event) =>
      event.type === "resource" && event.operation === "delete" && event.status === "done" ? [event.kind] : [],
    );
    const at = (kind: string): number => gone.findIndex((each) => each.endsWith(kind));
    expect(at("WorkloadGuard")).toBeLessThan(at(":KubeVirt"));
    expect(at(":KubeVirt")).toBeLessThan(at("DeploymentsReady"));
    expect(at("DeploymentsReady")).toBeLessThan(gone.lastIndexOf("kubernetes:core/v1:Namespace"));
  });
});

/** What KubeVirt says of itself when it is degraded, which it does every other moment as long as virt-api is away. */
async function degraded(): Promise<string | undefined> {
  const causes = await site.causes("VIRT_COMPONENT_NOT_READY");
  return causes.find(({ object, message }) => object.startsWith("KubeVirt ") && message.startsWith("Degraded"))?.message;
}
