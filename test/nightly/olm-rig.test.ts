import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { csvName, hcoPackage, KINDS, OPERATORS } from "../helpers/olm/hco.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import { pathOf, type Condition, type KubeObject } from "../helpers/olm/objects.ts";
import { startOlmRig, type OlmRig } from "../helpers/olm/rig.ts";
import {
  addCatalogSource,
  approvePlanOf,
  csvSucceeded,
  olmPath,
  subscribe,
  type CatalogSource,
  type InstallPlan,
  type Subscription,
} from "../helpers/olm/subscription.ts";

const NAMESPACE = "kubevirt-hyperconverged";
const CATALOG = { name: "community-operators", namespace: "openshift-marketplace" };
const [FIRST, SECOND] = ["1.17.3", "1.18.1"];
const SUBSCRIPTION = olmPath("subscriptions", NAMESPACE, "hco-operatorhub");
const HYPER_CONVERGED = pathOf(KINDS.hyperConverged.group, KINDS.hyperConverged.version, KINDS.hyperConverged.plural, NAMESPACE);

interface Deployment extends KubeObject {
  readonly status: { readonly availableReplicas?: number };
}
interface HyperConverged extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly versions?: readonly { readonly version: string }[] };
}

let rig: OlmRig;
beforeAll(async () => {
  rig = await startOlmRig({ packages: [hcoPackage("community", [FIRST, SECOND]), hcoPackage("product", ["4.21.0", "4.22.0"])] });
});
afterAll(() => rig?.dispose());

const conditionsOf = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    ((await rig.api.get<HyperConverged>(`${HYPER_CONVERGED}/kubevirt-hyperconverged`))?.status?.conditions ?? []).map(({ type, status }) => [
      type,
      status,
    ]),
  );

// The tests go on from each other: a life of the operator from nothing to nothing.
describe("the real OLM installs from a catalog that holds the manifests themselves", () => {
  it("connects to the catalog server by its address", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    await addCatalogSource(rig.api, CATALOG.name, CATALOG.namespace, rig.catalogAddress);
    const get = () => rig.api.get<CatalogSource>(olmPath("catalogsources", CATALOG.namespace, CATALOG.name));
    const state = await eventually(
      "the catalog READY",
      async () => {
        const source = await get();
        return source?.status?.connectionState?.lastObservedState === "READY" ? source.status.connectionState : undefined;
      },
      { seen: get },
    );
    expect(state.address).toBe(rig.catalogAddress);
  });

  it("makes a plan that waits for approval, and no Job that would pull an image", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    await subscribe(rig.api, {
      namespace: NAMESPACE,
      packageName: "community-kubevirt-hyperconverged",
      catalog: CATALOG,
      startingCSV: csvName(FIRST),
    });
    const plan = await approvePlanOf(rig.api, NAMESPACE, csvName(FIRST));
    expect(plan.spec.clusterServiceVersionNames).toEqual([csvName(FIRST)]);
    expect(await rig.api.list("/apis/batch/v1/jobs")).toEqual([]);
  });

  it("brings the CSV to Succeeded, with all deployments available", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    await csvSucceeded(rig.api, NAMESPACE, csvName(FIRST));
    const deployments = await rig.api.list<Deployment>(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`);
    const available = Object.fromEntries(deployments.map(({ metadata, status }) => [metadata.name, status.availableReplicas]));
    expect(available).toEqual(Object.fromEntries(OPERATORS.map((name) => [name, name === "virt-operator" ? 2 : 1])));
    const crd = await rig.api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/hyperconvergeds.hco.kubevirt.io");
    // The one that client-side apply cannot keep in an annotation.
    expect(JSON.stringify(crd).length).toBeGreaterThan(262_144);
  });

  it("refuses a HyperConverged in another namespace by the operator's webhook", async () => {
    const body = { apiVersion: "hco.kubevirt.io/v1beta1", kind: "HyperConverged", metadata: { name: "kubevirt-hyperconverged" }, spec: {} };
    await expect(
      rig.api.create(pathOf(KINDS.hyperConverged.group, KINDS.hyperConverged.version, KINDS.hyperConverged.plural, "default"), body),
    ).rejects.toThrow(/can only be created in the 'kubevirt-hyperconverged' namespace/);
  });

  it("becomes Available, with its operands", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    const body = { apiVersion: "hco.kubevirt.io/v1beta1", kind: "HyperConverged", metadata: { name: "kubevirt-hyperconverged" }, spec: {} };
    await rig.api.create(HYPER_CONVERGED, body);
    await eventually("HyperConverged Available", async () => ((await conditionsOf())["Available"] === "True" ? true : undefined), {
      seen: conditionsOf,
    });
    expect(await conditionsOf()).toMatchObject({ Progressing: "False", Degraded: "False", ReconcileComplete: "True" });
    const kubevirt = `${pathOf("kubevirt.io", "v1", "kubevirts", NAMESPACE)}/kubevirt-kubevirt-hyperconverged`;
    await eventually("KubeVirt Deployed", async () => {
      const object = await rig.api.get<KubeObject & { readonly status?: { readonly phase?: string } }>(kubevirt);
      return object?.status?.phase === "Deployed" ? true : undefined;
    });
  });

  it("upgrades by the next plan, which waits for approval too", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    const get = () => rig.api.get<Subscription>(SUBSCRIPTION);
    const pending = await eventually(
      "the upgrade offered",
      async () => {
        const { status } = (await get()) ?? {};
        return status?.currentCSV === csvName(SECOND) && status.state === "UpgradePending" ? status : undefined;
      },
      { seen: get },
    );
    expect(pending.installedCSV).toBe(csvName(FIRST));
    await approvePlanOf(rig.api, NAMESPACE, csvName(SECOND));
    await csvSucceeded(rig.api, NAMESPACE, csvName(SECOND));
    await eventually(`version ${SECOND}`, async () => {
      const object = await rig.api.get<HyperConverged>(`${HYPER_CONVERGED}/kubevirt-hyperconverged`);
      return object?.status?.versions?.[0]?.version === SECOND ? true : undefined;
    });
    const old = () => rig.api.get(olmPath("clusterserviceversions", NAMESPACE, csvName(FIRST)));
    await eventually("the old CSV gone", async () => ((await old()) === undefined ? true : undefined), { seen: old });
    await eventually("AtLatestKnown", async () =>
      (await rig.api.get<Subscription>(SUBSCRIPTION))?.status?.state === "AtLatestKnown" ? true : undefined,
    );
    const plans = await rig.api.list<InstallPlan>(olmPath("installplans", NAMESPACE));
    // OLM may offer the same version once more while it is being installed; nobody approves that.
    const approved = plans.filter(({ spec }) => spec.approved).map(({ spec, status }) => [...spec.clusterServiceVersionNames, status?.phase]);
    expect(approved).toHaveLength(2);
    expect(approved).toEqual(
      expect.arrayContaining([
        [csvName(FIRST), "Complete"],
        [csvName(SECOND), "Complete"],
      ]) as unknown,
    );
  });

  it("goes in the safe order: HyperConverged, Subscription and CSV, namespace", async () => {
    onTestFailed(async () => console.log(await rig.logs()));
    const gone = (path: string): Promise<true> =>
      eventually(`${path} gone`, async () => ((await rig.api.get(path)) === undefined ? true : undefined), { seen: () => rig.api.get(path) });
    // OLM installs once more after an upgrade (NeedsReinstall): the webhook, which refuses meanwhile, comes and goes.
    const asked = (): Promise<true | undefined> =>
      rig.api.remove(`${HYPER_CONVERGED}/kubevirt-hyperconverged`).then(
        () => true,
        (error: unknown) => {
          if (String(error).includes("failed calling webhook")) return undefined;
          throw error;
        },
      );
    await eventually("HyperConverged asked to go", asked);
    await gone(`${HYPER_CONVERGED}/kubevirt-hyperconverged`);
    await rig.api.remove(SUBSCRIPTION);
    await rig.api.remove(olmPath("clusterserviceversions", NAMESPACE, csvName(SECOND)));
    await gone(olmPath("clusterserviceversions", NAMESPACE, csvName(SECOND)));
    for (const name of OPERATORS) await gone(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`);
    const webhooks = () => rig.api.list("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations");
    await eventually("no webhook left", async () => ((await webhooks()).length === 0 ? true : undefined), { seen: webhooks });
    await rig.api.remove(`/api/v1/namespaces/${NAMESPACE}`);
    await gone(`/api/v1/namespaces/${NAMESPACE}`);
  });
});
