import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/exec/index.ts";
import { connectKube } from "../../src/kube/index.ts";
import { targetOf } from "../../src/virtualization/index.ts";
import { diagnose, observe, planApproved, type Cause, type Target } from "../../src/virtualization/observe/index.ts";
import { okdVirtualization } from "../helpers/olm/day2.ts";
import type { CatalogPackage } from "../helpers/olm/catalog.ts";
import { csvName } from "../helpers/olm/hco.ts";
import { crd } from "../helpers/olm/crds.ts";
import { eventually } from "../helpers/olm/kube-api.ts";
import { pathOf, type KubeObject } from "../helpers/olm/objects.ts";
import { refuseDefinitions } from "../helpers/olm/refusal.ts";
import { startOlmRig, type OlmRig } from "../helpers/olm/rig.ts";
import { smallPackage, type SmallVersion } from "../helpers/olm/small-operator.ts";
import { UNPULLABLE } from "../helpers/olm/stages.ts";
import { supplied } from "../helpers/supplied.ts";
import { addCatalogSource, approvePlanOf, csvSucceeded, olmPath, subscribe } from "../helpers/olm/subscription.ts";

/** What OLM itself shows of what goes wrong, and what is read from it. Each case has a namespace, a package and a catalog of its own, so that all go on at once. */

/** The packages and namespaces of the cases. OLM finds a version by its name alone, so that each has one of its own. */
const NAMES = [
  "refused",
  "forbidden",
  "large",
  "required",
  "too-old",
  "no-deployment",
  "image",
  "no-node",
  "modes",
  "other",
  "leap",
  "not-upgradeable",
] as const;
type Name = (typeof NAMES)[number];
/** @param minor 17 is the one before, and 19 the one after */
const versionOf = (name: Name, minor = 18): string => `1.${minor}.${NAMES.indexOf(name)}`;
const csvOf = (name: Name, minor?: number): string => csvName(versionOf(name, minor));
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const definition = (group: string, plural: string, spec?: object): KubeObject =>
  crd({ group, version: "v1", kind: `Kind${plural}`, plural, scope: "Namespaced", ...(spec === undefined ? {} : { spec: { ...spec } }) });
/** Of the limit of etcd, 1.5 MiB, two thirds. */
const LARGE = { type: "object", description: "x".repeat(1_000_000) };
const NOBODYS = { name: "wanted.nobody.example.com", version: "v1", kind: "Kindwanted", displayName: "wanted", description: "wanted" };

const small = (name: Name, ...more: readonly Omit<SmallVersion, "version">[]): CatalogPackage =>
  smallPackage(
    name,
    more.map((each, index) => ({ version: versionOf(name, more.length === 1 ? 18 : 17 + index), ...each })),
  );
const PACKAGES = [
  small("refused", { objects: [definition("refused.example.com", "refused")] }),
  small("forbidden", { objects: [definition("forbidden.example.com", "forbidden")] }),
  small("large", { objects: ["one", "two"].map((name) => definition("large.example.com", name, LARGE)) }),
  small("required", { spec: { customresourcedefinitions: { required: [NOBODYS] } } }),
  small("too-old", { spec: { minKubeVersion: "9.9.9" } }),
  small("no-deployment", { container: { name: "Not_A_Name" } }),
  small("image", { container: { image: `${UNPULLABLE}hco:v1` }, deployment: { progressDeadlineSeconds: 5 } }),
  small("no-node", { pod: { nodeSelector: { "example.com/none": "" } } }),
  small("modes", { spec: { installModes: [{ type: "AllNamespaces", supported: true }] } }),
  small("other", {}, {}),
  smallPackage("leap", [{ version: versionOf("leap", 17) }, { version: versionOf("leap", 19) }]),
  small("not-upgradeable", {}, {}),
];

let rig: OlmRig;
beforeAll(async () => {
  rig = await startOlmRig({ packages: PACKAGES });
});
afterAll(() => rig?.dispose());

const targetIn = (namespace: string, startingCSV = csvName("1.18.1"), catalog: object = { name: "own", namespace }): Target =>
  targetOf(okdVirtualization({ namespace, startingCSV, catalogSource: catalog }));

async function causesOf(target: Target): Promise<readonly Cause[]> {
  const client = await connectKube({ kubeconfig: rig.cluster.kubeconfig });
  try {
    return diagnose(await observe(client, target, new Date()));
  } finally {
    client.close();
  }
}

/** The first cause once it has the id, beside the ids of all. */
const firstCause = (target: Target, id: Cause["id"]): Promise<Cause> =>
  eventually(
    id,
    async () => {
      const [first] = (await causesOf(target)).filter(({ id: each }) => !/STORAGE|LEFTOVERS/.test(each));
      return first?.id === id ? first : undefined;
    },
    { timeoutMs: 300_000, seen: () => causesOf(target) },
  );

/** Subscribes to the package of that name in a namespace of that name. */
async function subscribed(name: Name, startingCSV = csvOf(name)): Promise<Target> {
  await rig.api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await addCatalogSource(rig.api, "own", name, rig.catalogAddress);
  await subscribe(rig.api, { namespace: name, packageName: name, catalog: { name: "own", namespace: name }, startingCSV, targetNamespaces: [name] });
  return targetIn(name, startingCSV);
}

/** As far as OLM comes with what we approve. */
async function installing(name: Name, startingCSV = csvOf(name)): Promise<Target> {
  const target = await subscribed(name, startingCSV);
  await approvePlanOf(rig.api, name, startingCSV);
  return target;
}

/** By the command of a fix. */
async function subscribeAgain(name: Name, fix: string): Promise<void> {
  const [get, replace] = ["get subscriptions.operators.coreos.com hco-operatorhub -o yaml", "replace --force -f"] as const;
  expect(fix).toContain(`kubectl -n ${name} ${get} | kubectl ${replace} -`);
  const kubeconfig = await rig.cluster.file("kubectl.kubeconfig", rig.cluster.kubeconfig);
  const kubectl = (...args: readonly string[]) => run(supplied("kubectl"), ["--kubeconfig", kubeconfig, "-n", name, ...args]);
  const { stdout } = await kubectl(...get.split(" "));
  await kubectl(...replace.split(" "), await rig.cluster.file(`${name}.yaml`, stdout));
}

describe.concurrent("catalogs", () => {
  /** @diagnoses VIRT_CATALOG_MISSING as OLM shows it */
  it("a catalog that is not there", async () => {
    await addCatalogSource(rig.api, "another", "openshift-marketplace", rig.catalogAddress);
    const cause = await firstCause(targetIn("none", undefined, { name: "absent" }), "VIRT_CATALOG_MISSING");
    expect(cause).toMatchObject({ object: "CatalogSource openshift-marketplace/absent", patienceMs: 15_000 });
    expect(cause.message).toContain("openshift-marketplace/another");
  });

  /** @diagnoses VIRT_CATALOG_UNHEALTHY as OLM (with a pod that kwok plays) shows it */
  it("a catalog whose image cannot be pulled", async () => {
    const name = "no-catalog";
    await rig.api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const metadata = { name: "own", namespace: name };
    const spec = { sourceType: "grpc", image: `${UNPULLABLE}catalog:v1`, displayName: "own", grpcPodConfig: { securityContextConfig: "restricted" } };
    await rig.api.create(olmPath("catalogsources", name), { apiVersion: "operators.coreos.com/v1alpha1", kind: "CatalogSource", metadata, spec });
    const pulled = async (): Promise<Cause | undefined> =>
      (await causesOf(targetIn(name))).find(({ id, message }) => id === "VIRT_CATALOG_UNHEALTHY" && message.includes("cannot pull"));
    const cause = await eventually("the catalog's pod", pulled, { timeoutMs: 300_000, seen: () => causesOf(targetIn(name)) });
    expect(cause.fix).toContain("pull secret");
  });
});

describe.concurrent("plans", () => {
  /** @diagnoses VIRT_INSTALL_PLAN_FAILED as OLM shows it */
  it("a plan that the cluster refuses; without the refusal and by the fix it is installed", async () => {
    const allow = await refuseDefinitions(rig.api, "refused.example.com", "Invalid");
    const target = await installing("refused");
    // OLM tries for a minute, in which it may still go well.
    const tried = await firstCause(target, "VIRT_INSTALL_PLAN_FAILED");
    expect(tried.message).toContain("refused.example.com");
    const failed = async (): Promise<Cause | undefined> =>
      (await causesOf(target)).find(({ id, patienceMs }) => id === tried.id && patienceMs === 15_000);
    const cause = await eventually("the plan given up", failed, { timeoutMs: 300_000, seen: () => causesOf(target) });
    expect(cause.message).toContain("refused.example.com");

    await allow();
    await rig.api.remove(olmPath("clusterserviceversions", "refused", csvOf("refused")));
    await subscribeAgain("refused", cause.fix);
    await approvePlanOf(rig.api, "refused", csvOf("refused"));
    await csvSucceeded(rig.api, "refused", csvOf("refused"));
    expect((await causesOf(target)).map(({ id }) => id)).not.toContain("VIRT_INSTALL_PLAN_FAILED");
  });

  /** @diagnoses VIRT_INSTALL_PLAN_FAILED as OLM shows it */
  it("a plan that OLM may not carry out, and tries for ever", async () => {
    const allow = await refuseDefinitions(rig.api, "forbidden.example.com", "Forbidden");
    const target = await installing("forbidden");
    const cause = await firstCause(target, "VIRT_INSTALL_PLAN_FAILED");
    expect(cause.message).toMatch(/^OLM tries again what failed: .*forbidden/);
    expect(cause).not.toHaveProperty("patienceMs");
    await allow();
    await csvSucceeded(rig.api, "forbidden", csvOf("forbidden"));
  });

  /** @diagnoses VIRT_DEFINITION_TOO_LARGE as OLM and etcd show it */
  it("a plan that is too large to be written down", async () => {
    const cause = await firstCause(await subscribed("large"), "VIRT_DEFINITION_TOO_LARGE");
    expect(cause).toMatchObject({ object: "Subscription large/hco-operatorhub", patienceMs: 15_000 });
    expect(cause.message).toContain("etcdserver: request is too large");
  });

  /** @diagnoses VIRT_INSTALL_PLAN_OTHER as OLM shows it */
  it("a plan of another version than the one asked for later", async () => {
    await subscribed("other");
    const path = olmPath("subscriptions", "other", "hco-operatorhub");
    const plans = (): Promise<readonly KubeObject[]> => rig.api.list(olmPath("installplans", "other"));
    await eventually("the plan", async () => ((await plans()).some(({ status }) => status !== undefined) ? true : undefined), { seen: plans });
    await rig.api.patch(path, { spec: { startingCSV: csvOf("other", 17) } });
    const cause = await firstCause(targetIn("other", csvOf("other", 17)), "VIRT_INSTALL_PLAN_OTHER");
    expect(cause).toMatchObject({ patienceMs: 15_000, message: expect.stringContaining(`${csvOf("other")}, not ${csvOf("other", 17)}`) as string });

    await subscribeAgain("other", cause.fix);
    await approvePlanOf(rig.api, "other", csvOf("other", 17));
    await csvSucceeded(rig.api, "other", csvOf("other", 17));
  });

  /** @diagnoses VIRT_UPGRADE_STEP as OLM shows it */
  it("a plan that leaves out a version", async () => {
    const target = await installing("leap", csvOf("leap", 17));
    await csvSucceeded(rig.api, "leap", csvOf("leap", 17));
    const wanted = targetIn("leap", csvOf("leap", 19));
    const client = await connectKube({ kubeconfig: rig.cluster.kubeconfig });
    try {
      const look = planApproved("leap", wanted.olm ?? expect.unreachable(), () => undefined);
      const refused = (): Promise<unknown> =>
        look(client, undefined).then(
          (found) => (found.done ? expect.unreachable() : undefined),
          (error: unknown) => error,
        );
      expect(await eventually("the refusal", refused, { timeoutMs: 300_000 })).toMatchObject({ id: "VIRT_UPGRADE_STEP", value: csvOf("leap", 19) });
    } finally {
      client.close();
    }
    expect((await causesOf(target)).map(({ id }) => id)).not.toContain("VIRT_INSTALL_PLAN_OTHER");
  });
});

describe.concurrent("versions", () => {
  /** @diagnoses VIRT_REQUIREMENTS as OLM shows it */
  it("a version that waits for a definition which nobody brings, until somebody does", async () => {
    const target = await installing("required");
    const waiting = async (): Promise<Cause | undefined> =>
      (await causesOf(target)).find(({ id, patienceMs }) => id === "VIRT_REQUIREMENTS" && patienceMs !== undefined);
    const cause = await eventually("what it requires", waiting, { timeoutMs: 300_000, seen: () => causesOf(target) });
    expect(cause.message).toMatch(/: CustomResourceDefinition wanted\.nobody\.example\.com \(NotPresent: CRD is not present\)$/);
    await rig.api.create(DEFINITIONS, definition("nobody.example.com", "wanted"));
    await csvSucceeded(rig.api, "required", csvOf("required"));
  });

  /** @diagnoses VIRT_REQUIREMENTS as OLM shows it */
  it("a version that wants a newer Kubernetes", async () => {
    const cause = await firstCause(await installing("too-old"), "VIRT_REQUIREMENTS");
    expect(cause.message).toMatch(/minKubeVersion \(9\.9\.9\) > server version/);
    expect(cause).toMatchObject({ patienceMs: 30_000, fix: expect.stringContaining("upgrade the cluster") as string });
  });

  /** @diagnoses VIRT_CSV_FAILED as OLM shows it */
  it("a version whose Deployment the API server refuses, also while OLM tries again", async () => {
    const target = await installing("no-deployment");
    const cause = await firstCause(target, "VIRT_CSV_FAILED");
    expect(cause.message).toMatch(/^Failed, InstallComponentFailed: .*Not_A_Name/);
    for (let look = 0; look < 10; look += 1) expect(await causesOf(target)).toContainEqual(cause);
  });

  /** @diagnoses VIRT_IMAGE_PULL, VIRT_CSV_FAILED as OLM (with pods that kwok plays) shows them */
  it("a version whose image cannot be pulled, which is said before that it is not ready in time", async () => {
    const target = await installing("image");
    const ids = async (): Promise<true | undefined> => {
      const found = (await causesOf(target)).map(({ id }) => id).filter((id) => id === "VIRT_IMAGE_PULL" || id === "VIRT_CSV_FAILED");
      return found.join() === ["VIRT_IMAGE_PULL", "VIRT_CSV_FAILED"].join() ? true : undefined;
    };
    await eventually("both causes", ids, { timeoutMs: 300_000, seen: () => causesOf(target) });
  });

  /** @diagnoses VIRT_POD_UNSCHEDULABLE as the scheduler shows it */
  it("a version whose pod fits on no node", async () => {
    const cause = await firstCause(await installing("no-node"), "VIRT_POD_UNSCHEDULABLE");
    expect(cause.message).toMatch(/^fits on no node: 0\/2 nodes are available: 2 node\(s\) didn't match Pod's node affinity\/selector/);
  });

  /** @diagnoses VIRT_OPERATOR_GROUP as OLM shows it */
  it("a version that does not support its OperatorGroup", async () => {
    const cause = await firstCause(await installing("modes"), "VIRT_OPERATOR_GROUP");
    expect(cause.message).toBe("supports AllNamespaces only, but OperatorGroup kubevirt-hyperconverged-group targets modes");
    await rig.api.patch(pathOf("operators.coreos.com", "v1", "operatorgroups", "modes", "kubevirt-hyperconverged-group"), {
      spec: { targetNamespaces: null },
    });
    await csvSucceeded(rig.api, "modes", csvOf("modes"));
  });

  /** @diagnoses VIRT_NOT_UPGRADEABLE as OLM shows it */
  it("a version that its operator does not let upgrade, until it does", async () => {
    const name = "not-upgradeable" satisfies Name;
    await installing(name, csvOf(name, 17));
    await csvSucceeded(rig.api, name, csvOf(name, 17));
    const upgradeable = (status: "True" | "False"): Promise<unknown> =>
      rig.api.patch(pathOf("operators.coreos.com", "v2", "operatorconditions", name, csvOf(name, 17)), {
        spec: {
          conditions: [
            { type: "Upgradeable", status, reason: "Progressing", message: "HCO is progressing", lastTransitionTime: new Date().toISOString() },
          ],
        },
      });
    await upgradeable("False");
    await approvePlanOf(rig.api, name, csvOf(name));
    const target = targetIn(name, csvOf(name));
    const cause = await firstCause(target, "VIRT_NOT_UPGRADEABLE");
    expect(cause.message).toContain("the operator is not upgradeable: HCO is progressing");
    await upgradeable("True");
    await csvSucceeded(rig.api, name, csvOf(name));
  });
});
