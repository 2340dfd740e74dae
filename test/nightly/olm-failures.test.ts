import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed, onTestFinished } from "vitest";
import { targetOf } from "../../src/virtualization/index.ts";
import { connectKube } from "../../src/kube/index.ts";
import { diagnose, observe, type Cause } from "../../src/virtualization/observe/index.ts";
import { crd, HYPER_CONVERGED_SPEC } from "../helpers/olm/crds.ts";
import { okdVirtualization, openDay2Stack, type Day2Stack } from "../helpers/olm/day2.ts";
import { csvName, hcoPackage, KINDS } from "../helpers/olm/hco.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import type { CatalogPackage } from "../helpers/olm/catalog.ts";
import { pathOf } from "../helpers/olm/objects.ts";
import { startOlmRig, type OlmRig } from "../helpers/olm/rig.ts";
import { addStorageClass } from "../helpers/olm/storage-class.ts";
import {
  addCatalogSource,
  olmPath,
  subscribe,
  type ClusterServiceVersion,
  type InstallPlan,
  type Subscription,
} from "../helpers/olm/subscription.ts";
import { UNPULLABLE } from "../helpers/olm/stages.ts";

const NAMESPACE = "kubevirt-hyperconverged";
const VERSION = "1.18.1";
const GOOD = [hcoPackage("community", [VERSION])];
const SUBSCRIPTION = olmPath("subscriptions", NAMESPACE, "hco-operatorhub");
/** Somebody else's operator, of which nothing is ever installed. */
const OTHER: CatalogPackage = {
  name: "other-operator",
  defaultChannel: "stable",
  channels: {
    stable: [
      {
        name: "other-operator.v1.0.0",
        version: "1.0.0",
        provides: [],
        objects: [
          {
            apiVersion: "operators.coreos.com/v1alpha1",
            kind: "ClusterServiceVersion",
            metadata: { name: "other-operator.v1.0.0" },
            spec: {
              displayName: "Other",
              version: "1.0.0",
              installModes: [{ type: "AllNamespaces", supported: true }],
              install: { strategy: "deployment", spec: { deployments: [] } },
            },
          },
        ],
      },
    ],
  },
};
/** Of every wait here: what must be told within it would otherwise be waited for much longer. */
const LIMIT_MS = 60_000;
const WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
const hyperConvergeds = (namespace: string): string =>
  pathOf(KINDS.hyperConverged.group, KINDS.hyperConverged.version, KINDS.hyperConverged.plural, namespace);

let rig: OlmRig;
let stack: Day2Stack;
beforeAll(async () => {
  rig = await startOlmRig({ packages: GOOD, unpackTimeout: "15s" });
});
afterAll(() => rig?.dispose());
beforeEach(async () => {
  stack = await openDay2Stack(rig);
  await addStorageClass(rig.api, "fast");
});
afterEach(async () => {
  await stack?.destroy();
  await stack?.dispose();
});

const section = (more: object = {}): object => ({ startingCSV: csvName(VERSION), catalogSource: { address: rig.catalogAddress }, ...more });
const seen = async (): Promise<void> => {
  console.log(await rig.logs());
  console.log(stack.events.slice(-15));
};
const makeNamespace = (name = NAMESPACE): Promise<unknown> =>
  rig.api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
/** OLM has given up a namespace that it could not resolve, until something in it changes or a quarter of an hour has passed. */
const touchSubscription = (): Promise<unknown> => rig.api.patch(SUBSCRIPTION, { metadata: { annotations: { "test.virt-ipi/again": "1" } } });

async function causes(): Promise<readonly Cause[]> {
  const client = await connectKube({ kubeconfig: rig.cluster.kubeconfig });
  try {
    return diagnose(await observe(client, targetOf(okdVirtualization(section())), new Date()));
  } finally {
    client.close();
  }
}

const csvSucceeded = async (): Promise<boolean> =>
  (await rig.api.get<ClusterServiceVersion>(olmPath("clusterserviceversions", NAMESPACE, csvName(VERSION))))?.status?.phase === "Succeeded";

/** Milliseconds from the sign, seen in the cluster, to the error. */
async function answerTo(
  sign: () => Promise<boolean>,
  config: object,
): Promise<{ readonly error: { id: string; message: string; advice: string }; readonly ms: number }> {
  const running = stack.failure(config, LIMIT_MS);
  let seenAt: number | undefined;
  const watching = eventually("the sign", async () => ((await sign()) ? true : undefined), { timeoutMs: 240_000 }).then(() => (seenAt = Date.now()));
  const error = await running;
  await watching;
  return { error, ms: Date.now() - (seenAt ?? 0) };
}

describe("what goes wrong is told with its cause and its fix within a minute, and the run goes on afterwards", () => {
  /** @diagnoses VIRT_CATALOG_UNHEALTHY as OLM shows it */
  it("a catalog that nobody serves", async () => {
    onTestFailed(seen);
    await rig.stopCatalog();
    const path = olmPath("catalogsources", "openshift-marketplace", "virt-ipi");
    const { error, ms } = await answerTo(async () => (await rig.api.get(path)) !== undefined, section());
    expect(error).toMatchObject({ id: "VIRT_CATALOG_UNHEALTHY", message: expect.stringContaining("openshift-marketplace/virt-ipi") as string });
    expect(error.advice).toMatch(/gRPC address/);
    expect(ms).toBeLessThan(LIMIT_MS + 10_000);

    await rig.publish(GOOD);
    await stack.up(section());
  });

  /** @diagnoses VIRT_OPERATOR_GROUP as OLM shows it */
  it("a second OperatorGroup in the namespace", async () => {
    onTestFailed(seen);
    await makeNamespace();
    const groups = olmPath("operatorgroups", NAMESPACE);
    await rig.api.create(groups, {
      apiVersion: "operators.coreos.com/v1",
      kind: "OperatorGroup",
      metadata: { name: "mine", namespace: NAMESPACE },
      spec: {},
    });
    const { error, ms } = await answerTo(async () => (await rig.api.get(SUBSCRIPTION)) !== undefined, section());
    expect(error).toMatchObject({ id: "VIRT_OPERATOR_GROUP", message: expect.stringContaining("mine") as string });
    expect(error.advice).toContain("Delete all but kubevirt-hyperconverged-group");
    expect(ms).toBeLessThan(60_000);

    await rig.api.remove(`${groups}/mine`);
    await touchSubscription();
    await stack.up(section());
  });

  /** @diagnoses VIRT_UNPACK_FAILED as OLM shows it */
  it("a bundle whose image cannot be pulled", async () => {
    onTestFailed(seen);
    await rig.publish([hcoPackage("community", [{ version: VERSION, image: `${UNPULLABLE}bundle:v${VERSION}` }])]);
    const failed = async (): Promise<boolean> => {
      const { status } = (await rig.api.get<Subscription>(SUBSCRIPTION)) ?? {};
      return (status?.conditions ?? []).some(({ type, status: value }) => type === "BundleUnpackFailed" && value === "True");
    };
    const { error, ms } = await answerTo(failed, section());
    expect(error).toMatchObject({ id: "VIRT_UNPACK_FAILED" });
    expect(error.advice).toMatch(/registry/);
    expect(ms).toBeLessThan(60_000);

    // What its advice says, and the registry mended.
    await rig.publish(GOOD);
    for (const kind of ["/apis/batch/v1/namespaces/openshift-marketplace/jobs", "/api/v1/namespaces/openshift-marketplace/configmaps"])
      for (const { metadata } of await rig.api.list(kind)) if (metadata.name !== "kube-root-ca.crt") await rig.api.remove(`${kind}/${metadata.name}`);
    await touchSubscription();
    await stack.up(section());
  });

  /** @diagnoses VIRT_RESOLUTION_FAILED as OLM shows it */
  it("a version that the channel does not hold, beside a plan that is not ours", async () => {
    onTestFailed(seen);
    const catalog = { name: "others", namespace: "openshift-marketplace" };
    const others = olmPath("catalogsources", catalog.namespace);
    await rig.publish([...GOOD, OTHER]);
    await addCatalogSource(rig.api, catalog.name, catalog.namespace, rig.catalogAddress);
    await subscribe(rig.api, { name: "other", namespace: NAMESPACE, packageName: OTHER.name, catalog });
    const plans = (): Promise<readonly InstallPlan[]> => rig.api.list<InstallPlan>(olmPath("installplans", NAMESPACE));
    await eventually("the other plan", async () => ((await plans()).length > 0 ? true : undefined));
    const failed = async (): Promise<boolean> => {
      const { status } = (await rig.api.get<Subscription>(SUBSCRIPTION)) ?? {};
      return (status?.conditions ?? []).some(({ type, status: value }) => type === "ResolutionFailed" && value === "True");
    };
    const { error, ms } = await answerTo(failed, section({ startingCSV: csvName("1.17.3") }));
    expect(error).toMatchObject({ id: "VIRT_RESOLUTION_FAILED", message: expect.stringContaining("1.17.3") as string });
    expect(ms).toBeLessThan(60_000);
    for (const { spec } of await plans()) expect(spec).toMatchObject({ approved: false, clusterServiceVersionNames: ["other-operator.v1.0.0"] });

    await rig.api.remove(olmPath("subscriptions", NAMESPACE, "other"));
    await rig.api.remove(`${others}/${catalog.name}`);
    await rig.publish(GOOD);
    await stack.up(section());
  });

  /** @diagnoses VIRT_NO_STORAGE_CLASS as Kubernetes shows it */
  it("no default StorageClass", async () => {
    onTestFailed(seen);
    await rig.api.remove(`${CLASSES}/fast`);
    const { error, ms } = await answerTo(csvSucceeded, section());
    expect(error).toMatchObject({ id: "VIRT_NO_STORAGE_CLASS" });
    expect(ms).toBeLessThan(LIMIT_MS + 10_000);
    expect(await rig.api.get(`${hyperConvergeds(NAMESPACE)}/kubevirt-hyperconverged`)).toBeUndefined();

    await addStorageClass(rig.api, "fast");
    await stack.up(section());
  });

  /** @diagnoses VIRT_WEBHOOK_UNREACHABLE as Kubernetes shows it */
  it("a webhook of an earlier installation, behind which there is nobody", async () => {
    onTestFailed(seen);
    await makeNamespace();
    await rig.api.create(WEBHOOKS, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "validate-hco.kubevirt.io-old" },
      webhooks: [
        {
          name: "validate-hco.kubevirt.io",
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy: "Fail",
          clientConfig: { service: { namespace: NAMESPACE, name: "hco-webhook-old", path: "/validate", port: 443 } },
          rules: [{ apiGroups: ["hco.kubevirt.io"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }],
        },
      ],
    });
    const { error, ms } = await answerTo(csvSucceeded, section());
    expect(error).toMatchObject({ id: "VIRT_WEBHOOK_UNREACHABLE", message: expect.stringContaining("hco-webhook-old") as string });
    expect(error.advice).toContain("kubectl delete validatingwebhookconfiguration validate-hco.kubevirt.io-old");
    expect(ms).toBeLessThan(60_000);

    await rig.api.remove(`${WEBHOOKS}/validate-hco.kubevirt.io-old`);
    await stack.up(section());
  });

  /** @diagnoses VIRT_LEFTOVERS as Kubernetes shows it */
  it("a HyperConverged that is being deleted, kept by a finalizer that no operator here takes away", async () => {
    onTestFailed(seen);
    await makeNamespace();
    await rig.api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd({ ...KINDS.hyperConverged, spec: HYPER_CONVERGED_SPEC }));
    const path = `${hyperConvergeds(NAMESPACE)}/kubevirt-hyperconverged`;
    await eventually("the kind", () => rig.api.get(`${hyperConvergeds(NAMESPACE)}?limit=1`));
    await rig.api.create(hyperConvergeds(NAMESPACE), {
      apiVersion: "hco.kubevirt.io/v1beta1",
      kind: "HyperConverged",
      metadata: { name: "kubevirt-hyperconverged", finalizers: ["backup.example.com/kept"] },
      spec: {},
    });
    await rig.api.remove(path);
    // What is being deleted for less than half a minute may still go by itself.
    await eventually("a leftover", async () => ((await causes()).some(({ id }) => id === "VIRT_LEFTOVERS") ? true : undefined), { seen: causes });
    const { error, ms } = await answerTo(() => Promise.resolve(true), section());
    expect(error).toMatchObject({
      id: "VIRT_LEFTOVERS",
      message: expect.stringContaining("finalizers keep it: backup.example.com/kept") as string,
    });
    expect(error.advice).toContain('"finalizers":null');
    expect(ms).toBeLessThan(60_000);

    await rig.api.patch(path, { metadata: { finalizers: null } });
    await eventually("HyperConverged gone", async () => ((await rig.api.get(path)) === undefined ? true : undefined));
    await stack.up(section());
  });

  /** @diagnoses VIRT_WRONG_PLACE as Kubernetes shows it */
  it("a HyperConverged in another namespace, which its operator does not take", async () => {
    onTestFailed(seen);
    await rig.api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd({ ...KINDS.hyperConverged, spec: HYPER_CONVERGED_SPEC }));
    await eventually("the kind", () => rig.api.get(`${hyperConvergeds("default")}?limit=1`));
    await rig.api.create(hyperConvergeds("default"), {
      apiVersion: "hco.kubevirt.io/v1beta1",
      kind: "HyperConverged",
      metadata: { name: "kubevirt-hyperconverged" },
      spec: {},
    });
    await stack.up(section());
    const wrong = (await causes()).filter(({ id }) => id === "VIRT_WRONG_PLACE");
    expect(wrong).toEqual([
      expect.objectContaining({
        object: "HyperConverged default/kubevirt-hyperconverged",
        fix: expect.stringContaining("kubectl -n default delete") as string,
      }),
    ]);
    await rig.api.remove(`${hyperConvergeds("default")}/kubevirt-hyperconverged`);
    await eventually("no cause left", async () => ((await causes()).length === 0 ? true : undefined), { seen: causes });
  });

  it("nodes without /dev/kvm, where emulation is not wanted; where it is, KubeVirt emulates", async () => {
    onTestFailed(seen);
    await rig.setKvm(false);
    onTestFinished(() => rig.setKvm(true));
    const kubevirt = `${pathOf("kubevirt.io", "v1", "kubevirts", NAMESPACE)}/kubevirt-kubevirt-hyperconverged`;
    const { error, ms } = await answerTo(async () => (await rig.api.get(kubevirt)) !== undefined, section({ emulation: "Off" }));
    expect(error).toMatchObject({ id: "VIRT_NO_KVM", message: expect.stringContaining("worker-0") as string });
    expect(error.advice).toMatch(/nested=1/);
    expect(ms).toBeLessThan(90_000);

    await stack.up(section({ emulation: "Auto" }));
    expect((await rig.api.get(kubevirt))?.["spec"]).toMatchObject({ configuration: { developerConfiguration: { useEmulation: true } } });
  });
});
