import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectKube, type KubeClient } from "../../../src/kube/index.ts";
import { targetOf } from "../../../src/virtualization/index.ts";
import { diagnose, observe, type Cause } from "../../../src/virtualization/observe/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { okdVirtualization } from "../../helpers/olm/day2.ts";
import { createKubeApi, eventually, type KubeApi } from "../../helpers/olm/kube-api.ts";
import { addStorageClass } from "../../helpers/olm/storage-class.ts";

/** What Kubernetes itself shows of what goes wrong, and what is read from it. */

const NAMESPACE = "kubevirt-hyperconverged";
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";

let cluster: KubeControlPlane;
let api: KubeApi;
let client: KubeClient;
beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: ["namespace-controller"] });
  api = createKubeApi(cluster);
  client = await connectKube({ kubeconfig: cluster.kubeconfig });
});
afterAll(async () => {
  client?.close();
  await cluster?.dispose();
});

const causes = async (id: Cause["id"]): Promise<readonly Cause[]> =>
  diagnose(await observe(client, targetOf(okdVirtualization({})), new Date())).filter((cause) => cause.id === id);
const namespace = (name: string): Promise<unknown> => api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
const claim = async (name: string, spec: object): Promise<string> => {
  const metadata = { name, labels: { "cdi.kubevirt.io": "" } };
  const resources = { requests: { storage: "1Gi" } };
  const kind = "PersistentVolumeClaim";
  await api.create("/api/v1/namespaces/default/persistentvolumeclaims", { apiVersion: "v1", kind, metadata, spec: { resources, ...spec } });
  return `PersistentVolumeClaim default/${name}`;
};

describe("what is seen in a cluster without virtualization", () => {
  /** @diagnoses VIRT_OLM_MISSING as Kubernetes shows it */
  it("no OLM", async () => {
    expect(await causes("VIRT_OLM_MISSING")).toEqual([expect.objectContaining({ object: "the cluster", patienceMs: 15_000 })]);
  });

  /** @diagnoses VIRT_NO_STORAGE_CLASS as Kubernetes shows it */
  it("no StorageClass, then one, then two by default, and a claim from before", async () => {
    const messages = async (): Promise<readonly string[]> => (await causes("VIRT_NO_STORAGE_CLASS")).map(({ message }) => message);
    const early = await claim("early", { accessModes: ["ReadWriteOnce"] });
    expect(await messages()).toEqual([expect.stringContaining("there is none at all"), expect.stringContaining("no default when it was created")]);
    await addStorageClass(api, "fast");
    await addStorageClass(api, "slow");
    expect(await messages()).toEqual([expect.stringContaining("fast and slow are both"), expect.stringContaining("no default when it was created")]);
    await api.remove(`${CLASSES}/slow`);
    const [left] = await causes("VIRT_NO_STORAGE_CLASS");
    expect(left?.object).toBe(early);
  });

  /** @diagnoses VIRT_NO_STORAGE_CLASS, VIRT_STORAGE_ACCESS_MODE as Kubernetes shows them */
  it("claims that no class can fulfil", async () => {
    const metadata = { name: "hostpath" };
    const provisioner = "kubevirt.io.hostpath-provisioner";
    await api.create(CLASSES, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata,
      provisioner,
      volumeBindingMode: "WaitForFirstConsumer",
    });
    const shared = await claim("shared", { storageClassName: "hostpath", accessModes: ["ReadWriteMany"] });
    const nowhere = await claim("nowhere", { storageClassName: "gone", accessModes: ["ReadWriteOnce"] });
    await claim("waiting", { storageClassName: "hostpath", accessModes: ["ReadWriteOnce"] });
    expect((await causes("VIRT_STORAGE_ACCESS_MODE")).map(({ object }) => object)).toEqual([shared]);
    expect((await causes("VIRT_NO_STORAGE_CLASS")).find(({ object }) => object === nowhere)?.message).toContain("gone, which does not exist");
  });

  /** @diagnoses VIRT_LEFTOVERS as Kubernetes shows it */
  it("a namespace that cannot end, and a webhook whose namespace is gone", async () => {
    await namespace(NAMESPACE);
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
    await api.create(path, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kept", finalizers: ["kubevirt.io/kept"] } });
    await api.remove(`/api/v1/namespaces/${NAMESPACE}`);
    const kept = async (): Promise<Cause | undefined> =>
      (await causes("VIRT_LEFTOVERS")).find(({ message }) => message.includes("kubevirt.io/kept in 1 resource instances"));
    const cause = await eventually("the namespace's reason", kept, { seen: () => api.get(`/api/v1/namespaces/${NAMESPACE}`) });
    expect(cause).toMatchObject({ object: `Namespace ${NAMESPACE}`, patienceMs: 30_000 });
    await api.patch(`${path}/kept`, { metadata: { finalizers: null } });
    await eventually("the namespace gone", async () => ((await api.get(`/api/v1/namespaces/${NAMESPACE}`)) === undefined ? true : undefined));

    const service = { namespace: NAMESPACE, name: "virt-api", path: "/" };
    const rules = [{ apiGroups: ["kubevirt.io"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }];
    const webhook = { name: "virt-api.kubevirt.io", admissionReviewVersions: ["v1"], sideEffects: "None", clientConfig: { service }, rules };
    const kind = "MutatingWebhookConfiguration";
    const metadata = { name: "virt-api-mutator" };
    await api.create(`${ADMISSION}/mutatingwebhookconfigurations`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind,
      metadata,
      webhooks: [webhook],
    });
    expect(await causes("VIRT_LEFTOVERS")).toEqual([expect.objectContaining({ object: `${kind} virt-api-mutator` })]);
  });
});
