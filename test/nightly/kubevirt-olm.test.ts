import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { VERSION } from "../helpers/kubevirt/release.ts";
import { instance, INSTANCES, type KubeVirt } from "../helpers/kubevirt/site.ts";
import { openDay2Stack, type Day2Stack } from "../helpers/olm/day2.ts";
import { csvName, hcoPackage, KINDS } from "../helpers/olm/hco.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import { pathOf, saysOf, type KubeObject } from "../helpers/olm/objects.ts";
import { bundleOf, realKubeVirt, type RealOperator } from "../helpers/olm/real-operator.ts";
import { startOlmRig, type OlmRig } from "../helpers/olm/rig.ts";
import { addStorageClass } from "../helpers/olm/storage-class.ts";
import { addCatalogSource, approvePlanOf, csvSucceeded, subscribe } from "../helpers/olm/subscription.ts";

/** The day-2 program with source OLM: the real OLM installs KubeVirt's own operator from its own ClusterServiceVersion; HCO and the others are played. */

/** Where KubeVirt's programs look for themselves when no pod tells them of another. */
const NAMESPACE = "kubevirt";
const HCO = "1.17.3";
const KUBEVIRT = `${pathOf(KINDS.kubevirt.group, KINDS.kubevirt.version, KINDS.kubevirt.plural, NAMESPACE)}/kubevirt-kubevirt-hyperconverged`;
const HYPER_CONVERGED = `${pathOf(KINDS.hyperConverged.group, KINDS.hyperConverged.version, KINDS.hyperConverged.plural, NAMESPACE)}/kubevirt-hyperconverged`;

interface Deployment extends KubeObject {
  readonly spec: { readonly template: { readonly spec: object } };
}

let kubevirt: RealOperator;
let rig: OlmRig;
let stack: Day2Stack | undefined;
beforeAll(async () => {
  kubevirt = await realKubeVirt(VERSION);
});

const seen = async (): Promise<void> => {
  console.log(await rig.logs(25));
  console.log(stack?.events.slice(-15));
};
const section = (): object => ({ startingCSV: csvName(HCO), catalogSource: { address: rig.catalogAddress }, namespace: NAMESPACE });

describe("a package of KubeVirt's own, which an administrator subscribes to", () => {
  beforeAll(async () => {
    rig = await startOlmRig({ packages: [{ name: NAMESPACE, defaultChannel: "stable", channels: { stable: [bundleOf(kubevirt)] } }], kubevirt });
  });
  afterAll(() => rig?.dispose());

  it("brings its operator, which deploys the example of its ClusterServiceVersion", async () => {
    onTestFailed(seen);
    const { name } = kubevirt.csv.metadata;
    const catalog = { name: "community-operators", namespace: "openshift-marketplace" };
    await addCatalogSource(rig.api, catalog.name, catalog.namespace, rig.catalogAddress);
    await subscribe(rig.api, { name: NAMESPACE, namespace: NAMESPACE, packageName: NAMESPACE, catalog });
    await approvePlanOf(rig.api, NAMESPACE, name);
    await csvSucceeded(rig.api, NAMESPACE, name);
    const [example] = JSON.parse(kubevirt.csv.metadata.annotations?.["alm-examples"] ?? "[]") as readonly KubeObject[];
    const kubevirts = pathOf(KINDS.kubevirt.group, KINDS.kubevirt.version, KINDS.kubevirt.plural, NAMESPACE);
    await rig.api.create(kubevirts, { ...example, metadata: { name: NAMESPACE, namespace: NAMESPACE } });
    const get = (): Promise<KubeVirt | undefined> => rig.api.get<KubeVirt>(`${kubevirts}/${NAMESPACE}`);
    const deployed = await eventually("Deployed", async () => ((await get())?.status?.phase === "Deployed" ? await get() : undefined), {
      timeoutMs: 400_000,
      seen: get,
    });
    expect(deployed.status).toMatchObject({ observedKubeVirtVersion: VERSION, operatorVersion: expect.stringContaining(VERSION) as string });
  });
});

// The tests go on from each other: a life of virtualization from nothing to nothing.
describe("source OLM with KubeVirt's own ClusterServiceVersion", () => {
  const up = () => stack?.up(section(), 400_000);

  beforeAll(async () => {
    rig = await startOlmRig({ packages: [hcoPackage("community", [{ version: HCO, kubevirt }])], kubevirt });
    await rig.setKvm(false);
    await addStorageClass(rig.api, "fast");
    stack = await openDay2Stack(rig);
  });
  afterAll(async () => {
    await stack?.dispose();
    await rig?.dispose();
  });

  it("goes from nothing to Deployed by KubeVirt's own operator, which OLM installs, and to emulation, since no node has /dev/kvm", async () => {
    onTestFailed(seen);
    expect((await up())?.changes).toEqual({ create: expect.any(Number) as number });
    await csvSucceeded(rig.api, NAMESPACE, csvName(HCO));
    expect(await rig.api.get<KubeVirt>(KUBEVIRT)).toMatchObject({
      spec: { configuration: { developerConfiguration: { useEmulation: true } } },
      status: {
        phase: "Deployed",
        observedKubeVirtVersion: VERSION,
        targetKubeVirtVersion: VERSION,
        operatorVersion: expect.stringContaining(VERSION) as string,
      },
    });
    expect(saysOf((await rig.api.get<KubeVirt>(KUBEVIRT))?.status)).toMatchObject({
      Available: "True AllComponentsReady",
      Progressing: "False AllComponentsReady",
      Degraded: "False AllComponentsReady",
    });
    expect(saysOf((await rig.api.get<KubeVirt>(HYPER_CONVERGED))?.status)).toMatchObject({ Available: "True ReconcileCompleted" });
    expect(rig.processes?.jobs).toBeGreaterThan(0);
  });

  it("has the Deployment of the ClusterServiceVersion, by the hand of OLM", async () => {
    const deployed = await rig.api.get<Deployment>(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/virt-operator`);
    expect(deployed?.metadata.labels).toMatchObject({ "olm.owner": csvName(HCO), "olm.managed": "true" });
    const [container] = kubevirt.csv.spec.install.spec.deployments[0]?.spec.template.spec.containers ?? [];
    expect(deployed?.spec.template.spec).toMatchObject({ containers: [{ image: container?.image, args: container?.args }] });
  });

  it("changes nothing the second time", async () => {
    onTestFailed(seen);
    expect((await up())?.changes).toEqual({ same: expect.any(Number) as number });
  });

  it("has its webhooks and its own API asked by the API server", async () => {
    onTestFailed(seen);
    const refused = await rig.cluster.request("POST", INSTANCES, instance("no-memory", {}));
    expect([refused.status, refused.body]).toEqual([422, expect.stringContaining("memory")]);
    expect((await rig.cluster.request("GET", "/apis/subresources.kubevirt.io/v1")).status).toBe(200);
  });

  it("is kept while there is a machine, and goes without leaving anything", async () => {
    onTestFailed(seen);
    await rig.api.create(INSTANCES, instance("mine", { memory: { guest: "64Mi" } }));
    await expect(stack?.destroy()).rejects.toMatchObject({
      id: "VIRT_IN_USE",
      message: expect.stringContaining("VirtualMachineInstance default/mine") as string,
    });
    await rig.api.remove(`${INSTANCES}/mine`);
    await eventually("the machine gone", async () => ((await rig.api.get(`${INSTANCES}/mine`)) === undefined ? true : undefined));
    await stack?.destroy();
    expect(await rig.api.get(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();
    const places = [
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      "/apis/apiregistration.k8s.io/v1/apiservices",
      ...["validatingwebhookconfigurations", "mutatingwebhookconfigurations"].map((kind) => `/apis/admissionregistration.k8s.io/v1/${kind}`),
      ...["clusterroles", "clusterrolebindings"].map((kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`),
    ];
    const left = await Promise.all(
      places.map(async (place) => (await rig.api.list(place)).map(({ metadata }) => metadata.name).filter((name) => /kubevirt/.test(name))),
    );
    expect(left.flat()).toEqual([]);
  });
});
