import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { openDay2Stack, type Day2Stack } from "../../helpers/olm/day2.ts";
import { csvName, hcoPackage, KINDS } from "../../helpers/olm/hco.ts";
import { eventually } from "../../helpers/olm/kube-api.ts";
import { pathOf, type Condition, type KubeObject } from "../../helpers/olm/objects.ts";
import { startOlmRig, type OlmRig } from "../../helpers/olm/rig.ts";
import { csvSucceeded, olmPath, type ClusterServiceVersion, type InstallPlan } from "../../helpers/olm/subscription.ts";
import { addStorageClass } from "../../helpers/olm/storage-class.ts";

const NAMESPACE = "kubevirt-hyperconverged";
const [FIRST, SECOND] = ["1.17.3", "1.18.1"];
const HYPER_CONVERGED = `${pathOf(KINDS.hyperConverged.group, KINDS.hyperConverged.version, KINDS.hyperConverged.plural, NAMESPACE)}/kubevirt-hyperconverged`;

interface HyperConverged extends KubeObject {
  readonly status: { readonly conditions: readonly Condition[]; readonly versions?: readonly { readonly version: string }[] };
}

let rig: OlmRig;
let stack: Day2Stack;
beforeAll(async () => {
  rig = await startOlmRig({ packages: [hcoPackage("community", [FIRST, SECOND])] });
  await addStorageClass(rig.api, "fast");
  stack = await openDay2Stack(rig);
});
afterAll(async () => {
  await stack?.dispose();
  await rig?.dispose();
});

const section = (version: string, more: object = {}): object => ({
  startingCSV: csvName(version),
  catalogSource: { address: rig.catalogAddress },
  ...more,
});
const seen = async (): Promise<void> => {
  console.log(await rig.logs());
  console.log(stack.events.slice(-15));
};
const hyperConverged = async (): Promise<{ readonly version: string | undefined; readonly conditions: Readonly<Record<string, string>> }> => {
  const { status } = (await rig.api.get<HyperConverged>(HYPER_CONVERGED)) ?? {};
  return {
    version: status?.versions?.[0]?.version,
    conditions: Object.fromEntries((status?.conditions ?? []).map(({ type, status: value }) => [type, value])),
  };
};
const csvPhases = async (): Promise<Readonly<Record<string, string | undefined>>> =>
  Object.fromEntries(
    (await rig.api.list<ClusterServiceVersion>(olmPath("clusterserviceversions", NAMESPACE))).map(({ metadata, status }) => [
      metadata.name,
      status?.phase,
    ]),
  );

// The tests go on from each other: a life of virtualization from nothing to nothing.
describe("the day-2 program on the real OLM", () => {
  it("goes from nothing to HyperConverged Available, and approves only the plan that holds the version asked for", async () => {
    onTestFailed(seen);
    const { changes } = await stack.up(section(FIRST));
    expect(changes).toEqual({ create: expect.any(Number) as number });
    expect(await csvPhases()).toEqual({ [csvName(FIRST)]: "Succeeded" });
    // The played operator reports its version a moment after it is available.
    await eventually("its version", async () => (await hyperConverged()).version, { seen: hyperConverged });
    expect(await hyperConverged()).toEqual({
      version: FIRST,
      conditions: expect.objectContaining({ Available: "True", Progressing: "False", Degraded: "False", ReconcileComplete: "True" }) as object,
    });
    const plans = await rig.api.list<InstallPlan>(olmPath("installplans", NAMESPACE));
    for (const { spec } of plans)
      expect([spec.clusterServiceVersionNames, spec.approved]).toEqual([[expect.any(String)], spec.clusterServiceVersionNames[0] === csvName(FIRST)]);
  });

  it("changes nothing the second time", async () => {
    onTestFailed(seen);
    const { changes } = await stack.up(section(FIRST));
    expect(changes).toEqual({ same: expect.any(Number) as number });
  });

  it("upgrades to the next version", async () => {
    onTestFailed(seen);
    const { changes } = await stack.up(section(SECOND));
    expect(Object.keys(changes).toSorted()).toEqual(["same", "update"]);
    // OLM installs once more when the version before has gone (NeedsReinstall), after it had succeeded.
    await csvSucceeded(rig.api, NAMESPACE, csvName(SECOND));
    // It takes away the version before in its own time.
    await eventually("the version before gone", async () => (csvName(FIRST) in (await csvPhases()) ? undefined : true), { seen: csvPhases });
    expect(Object.keys(await csvPhases())).toEqual([csvName(SECOND)]);
    expect(await hyperConverged()).toMatchObject({ version: SECOND, conditions: { Available: "True", Progressing: "False" } });
  });

  it("refuses to go while somebody has a virtual machine, and goes without leaving anything", async () => {
    onTestFailed(seen);
    const machines = pathOf("kubevirt.io", "v1", "virtualmachines", "default");
    await rig.api.create(machines, { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", metadata: { name: "web" }, spec: {} });
    await expect(stack.destroy()).rejects.toMatchObject({ id: "VIRT_IN_USE", message: expect.stringContaining("default/web") as string });
    expect((await hyperConverged()).conditions["Available"]).toBe("True");

    await rig.api.remove(`${machines}/web`);
    await stack.destroy();
    expect(await rig.api.get(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();
    const definitions = await rig.api.list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    expect(definitions.map(({ metadata }) => metadata.name).filter((name) => name.includes("kubevirt"))).toEqual([]);
    for (const kind of ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"])
      expect(await rig.api.list(`/apis/admissionregistration.k8s.io/v1/${kind}`)).toEqual([]);
  });
});
