import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RESOURCES } from "../../../../src/plugin/registry.ts";
import type { Properties } from "../../../../src/pulumi/resource/values.ts";
import { identityProviders } from "../../../../src/virtualization/resources/identity-provider.ts";
import { OPERATOR_RESOURCES } from "../../../../src/virtualization/observe/kinds.ts";
import { startProvider, type ProviderClient, type ProviderFailure } from "../../../helpers/provider-client.ts";
import { serveCluster, type FakeApi } from "../../../helpers/virtualization-api.ts";
import { condition, CSV, type FakeCluster, GOOD, healthyCluster, node, NS, TARGET } from "../../../helpers/virtualization.ts";

/** The resources as the engine calls them, against an API server that speaks TLS. */

const TYPE = "virt-ipi:virtualization:";

let cluster: FakeCluster;
let api: FakeApi;
let client: ProviderClient;

beforeAll(async () => {
  api = await serveCluster(() => cluster);
});
afterAll(() => api?.close());
beforeEach(async () => {
  cluster = healthyCluster();
  client = await startProvider({}, { resources: RESOURCES });
});
afterEach(() => client.close());

const inputs = (changes: Properties = {}): Properties => ({
  infraID: "c-abcde",
  kubeconfig: api.kubeconfig,
  target: TARGET,
  timeoutSeconds: 0.2,
  ...changes,
});
const failureOf = (promise: Promise<unknown>): Promise<ProviderFailure> =>
  promise.then(
    () => expect.unreachable("did not fail"),
    (error: unknown) => error as ProviderFailure,
  );
const HYPERCONVERGED = { hyperConverged: { namespace: NS, name: "kubevirt-hyperconverged" }, version: "1.18.1", revision: "a" };
const OWNER = { owner: { kind: "HyperConverged", namespace: NS, name: "kubevirt-hyperconverged" }, revision: "a" };

describe("the waits", () => {
  it.each([
    ["CatalogReady", {}, { address: "c.m.svc:50051" }],
    ["InstallPlanApproval", {}, { csv: CSV }],
    ["OperatorReady", { csv: CSV, revision: "a" }, { csv: CSV, version: "1.18.1" }],
    ["StorageReady", {}, { storageClass: "hostpath-local" }],
    ["DeploymentsReady", { deployments: [{ namespace: NS, name: "virt-operator" }], revision: "a" }, {}],
    ["ComponentReady", { component: "cdis", name: "cdi-kubevirt-hyperconverged", revision: "a" }, { version: "v1.65.0" }],
    ["HyperConvergedReady", HYPERCONVERGED, { version: "1.18.1" }],
    ["Acceleration", OWNER, { accelerated: ["worker-0", "worker-1"], others: [], emulation: false }],
  ])("%s is ready where all is well", async (kind, more, outputs) => {
    const made = await client.create(`${TYPE}${kind}`, inputs(more));
    expect(made.outputs).toEqual({ ...outputs, ready: true });
  });

  it("keep what is not ready, with cause and fix, and go on the next time", async () => {
    cluster.change("catalogSources", "community-operators", { status: { connectionState: { lastObservedState: "TRANSIENT_FAILURE" } } });
    const failure = await failureOf(client.create(`${TYPE}CatalogReady`, inputs()));
    expect(failure.initFailed).toMatchObject({ id: "catalog-ready", outputs: { ready: false } });
    const [reason = ""] = failure.initFailed?.reasons ?? [];
    expect(reason).toMatch(/^VIRT_CATALOG_UNHEALTHY: CatalogSource community-operators did not become ready within 0\.2 s: .*TRANSIENT_FAILURE/);
    expect(reason.split("\n").at(-1)).toMatch(/^fix: Check that the catalog's pod runs/);
    cluster.change("catalogSources", "community-operators", { status: { connectionState: { lastObservedState: "READY", address: "c:1" } } });
    const old = { inputs: inputs(), outputs: failure.initFailed?.outputs ?? {} };
    expect(await client.update(`${TYPE}CatalogReady`, "catalog-ready", old, inputs())).toEqual({ address: "c:1", ready: true });
  });

  it("do not end for what comes only after them", async () => {
    cluster.remove("storageClasses", "hostpath-local");
    cluster.change("hostPathProvisioners", "hostpath-provisioner", { status: {} });
    const wanted = inputs({ component: "hostPathProvisioners", name: "hostpath-provisioner", revision: "a" });
    const failure = await failureOf(client.create(`${TYPE}ComponentReady`, wanted));
    expect(failure.initFailed?.reasons[0]).toMatch(/^VIRT_COMPONENT_NOT_READY: /);
    expect(failure.initFailed?.reasons[0]).not.toContain("StorageClass");
  });

  it("look again when what they depend on changes, and only then", async () => {
    const type = `${TYPE}HyperConvergedReady`;
    expect(await client.diff(type, inputs(HYPERCONVERGED), inputs({ ...HYPERCONVERGED, timeoutSeconds: 9, kubeconfig: "x" }))).toMatchObject({
      changed: false,
    });
    expect(await client.diff(type, inputs(HYPERCONVERGED), inputs({ ...HYPERCONVERGED, version: "1.19.0" }))).toMatchObject({
      diffs: ["version"],
      replaces: [],
    });
    expect(await client.diff(type, inputs(HYPERCONVERGED), inputs({ ...HYPERCONVERGED, infraID: "other" }))).toMatchObject({ replaces: ["infraID"] });
  });

  it.each([
    ["ComponentReady", { component: "cdis", name: "cdi-kubevirt-hyperconverged" }, "looking whether"],
    ["ComponentReady", { component: "networkAddonsConfigs", name: "cluster" }, "looking whether"],
    ["ComponentReady", { component: "hostPathProvisioners", name: "hostpath-provisioner" }, "looking whether"],
    ["HyperConvergedReady", HYPERCONVERGED, "looking whether"],
    ["ComponentReady", { component: "kubeVirts", name: "kubevirt-kubevirt-hyperconverged", namespace: NS }, undefined],
  ])("%s of %o does not believe what it sees first after a change, where nothing says which change it is of", async (kind, more, doubt) => {
    const type = `${TYPE}${kind}`;
    const changed = inputs({ ...more, revision: "b" });
    // After a wait that failed, too.
    for (const ready of [true, false]) {
      const old = { inputs: inputs({ ...more, revision: "a" }), outputs: { version: "", ready } };
      const updated = client.update(type, "id", old, changed);
      if (doubt === undefined) expect(await updated).toMatchObject({ ready: true });
      else expect((await failureOf(updated)).initFailed?.reasons[0]).toContain(doubt);
    }
  });

  it("wait for the new version of HyperConverged in an upgrade", async () => {
    const failure = await failureOf(client.create(`${TYPE}HyperConvergedReady`, inputs({ ...HYPERCONVERGED, version: "1.19.0" })));
    expect(failure.initFailed?.reasons[0]).toMatch(/still of version 1\.18\.1, not 1\.19\.0/);
  });
});

describe("acceleration", () => {
  const noKvm = (): void => ["worker-0", "worker-1"].forEach((name) => cluster.put("nodes", name, node("0")));
  const mode = (emulation: string): Properties => inputs({ ...OWNER, target: { ...TARGET, emulation } });
  const annotation = (): string | undefined =>
    cluster.get("hyperConvergeds", "kubevirt-hyperconverged").metadata?.annotations?.["kubevirt.kubevirt.io/jsonpatch"];
  /** HCO writes KubeVirt's spec from its own. */
  const follow = (): void => {
    cluster.onWrite = () =>
      void cluster.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
        spec: { configuration: { developerConfiguration: { useEmulation: annotation()?.includes("useEmulation") === true } } },
      });
  };

  it("is emulated where no node has /dev/kvm, and the annotations of others stay", async () => {
    noKvm();
    follow();
    const foreign = { op: "add", path: "/spec/configuration/vmRolloutStrategy", value: "LiveUpdate" };
    cluster.change("hyperConvergeds", "kubevirt-hyperconverged", {
      metadata: { annotations: { "kubevirt.kubevirt.io/jsonpatch": JSON.stringify([foreign]) } },
    });
    const { outputs } = await client.create(`${TYPE}Acceleration`, mode("Auto"));
    expect(outputs).toMatchObject({ emulation: true, accelerated: [], others: ["worker-0", "worker-1"] });
    expect(JSON.parse(annotation() ?? "")).toEqual([
      foreign,
      { op: "add", path: "/spec/configuration/developerConfiguration/useEmulation", value: true },
    ]);
    const old = { inputs: mode("Auto"), outputs };
    for (const name of ["worker-0", "worker-1"]) cluster.put("nodes", name, node("1k"));
    expect(await client.update(`${TYPE}Acceleration`, "acceleration", old, mode("Off"))).toMatchObject({ emulation: false });
    expect(JSON.parse(annotation() ?? "")).toEqual([foreign]);
  });

  it("fails where it must not be emulated", async () => {
    noKvm();
    const failure = await failureOf(client.create(`${TYPE}Acceleration`, mode("Off")));
    expect(failure.initFailed?.reasons[0]).toMatch(/^VIRT_NO_KVM: /);
    expect(cluster.writes).toEqual([]);
  });
});

describe("acceleration of KubeVirt without HyperConverged", () => {
  const NAME = "kubevirt-kubevirt-hyperconverged";
  const wanted = (): Properties => inputs({ owner: { kind: "KubeVirt", namespace: NS, name: NAME }, revision: "a" });
  /** KubeVirt deploys itself again for the change, which is its second generation. */
  const answer = (status: object): void => {
    cluster.onWrite = () => void cluster.change("kubeVirts", NAME, { metadata: { generation: 2 }, status });
  };
  beforeEach(() => ["worker-0", "worker-1"].forEach((name) => cluster.put("nodes", name, node("0"))));

  it.each([
    ["has not taken up the change", { observedGeneration: 1, conditions: GOOD }, /its last change is not taken up yet/],
    [
      "deploys itself again",
      { observedGeneration: 2, conditions: [condition("Degraded", "True", "DeploymentFailed", 'services "virt-api" already exists')] },
      /Degraded, DeploymentFailed: services "virt-api" already exists/,
    ],
  ])("is not settled while it %s", async (_, status, reason) => {
    answer(status);
    const failure = await failureOf(client.create(`${TYPE}Acceleration`, wanted()));
    expect(failure.initFailed?.reasons[0]).toMatch(reason);
    expect(cluster.get("kubeVirts", NAME)).toMatchObject({ spec: { configuration: { developerConfiguration: { useEmulation: true } } } });
  });

  it("is settled when it is deployed with the change", async () => {
    answer({ observedGeneration: 2, conditions: GOOD });
    expect((await client.create(`${TYPE}Acceleration`, wanted())).outputs).toMatchObject({ emulation: true, ready: true });
  });
});

describe("the day of the uninstallation", () => {
  const guard = (strategy: string): Properties => inputs({ strategy });

  it("keeps virtualization while there are machines and disks, but not for what controllers own", async () => {
    const { id, outputs } = await client.create(`${TYPE}WorkloadGuard`, guard("BlockUninstallIfWorkloadsExist"));
    cluster.put("dataVolumes", "boot-image", { metadata: { ownerReferences: [{ kind: "DataImportCron" }] } }, "images");
    await client.delete(`${TYPE}WorkloadGuard`, id, guard("BlockUninstallIfWorkloadsExist"), outputs);
    cluster.put("virtualMachines", "mine", {}, "vms");
    const failure = await failureOf(client.delete(`${TYPE}WorkloadGuard`, id, guard("BlockUninstallIfWorkloadsExist"), outputs));
    expect(failure.details).toMatch(/^VIRT_IN_USE: 1 virtual machines and disks are there: VirtualMachine vms\/mine/);
    expect(cluster.writes).toEqual([]);
  });

  it("removes them when it was told to", async () => {
    cluster.put("virtualMachines", "mine", {}, "vms");
    await client.delete(`${TYPE}WorkloadGuard`, "workloads", { ...guard("RemoveWorkloads"), timeoutSeconds: 10 }, { ready: true });
    expect(cluster.writes).toEqual(["remove VirtualMachine vms/mine"]);
  });

  it("takes away the installed versions, and none of others", async () => {
    cluster.put("clusterServiceVersions", "pipelines.v1.2.3", {}, NS);
    await client.delete(`${TYPE}InstalledVersions`, "installed-versions", inputs({ timeoutSeconds: 10 }), { ready: true });
    expect(cluster.writes).toEqual([`remove ClusterServiceVersion ${NS}/${CSV}`]);
  });

  it("takes away what is left cluster-wide: first what would refuse the rest", async () => {
    cluster.put("definitions", "virtualmachines.kubevirt.io");
    cluster.put("definitions", "machines.machine.openshift.io");
    cluster.put("validatingWebhooks", "somebody-else", { webhooks: [{ clientConfig: { service: { namespace: "other", name: "x" } } }] });
    await client.delete(`${TYPE}Leftovers`, "leftovers", inputs({ timeoutSeconds: 10 }), { ready: true });
    expect(cluster.writes).toEqual([
      "remove ValidatingWebhookConfiguration validate-hco.kubevirt.io",
      "remove CustomResourceDefinition virtualmachines.kubevirt.io",
    ]);
  });

  it("takes out of an object of others what a patch alone has set, before that goes", async () => {
    const claimPropertySets = [{ accessModes: ["ReadWriteMany"] }];
    const managedFields = [
      { manager: "us", operation: "Apply", fieldsV1: { "f:spec": { "f:claimPropertySets": {} } } },
      { manager: "cdi-controller", operation: "Update", fieldsV1: { "f:spec": {} } },
    ];
    const metadata = { annotations: { "pulumi.com/patchFieldManager": "us" }, managedFields };
    cluster.put("storageProfiles", "strange", { metadata, spec: { claimPropertySets } });
    const more = inputs({ component: "storageProfiles", name: "strange", keys: ["/claimPropertySets"], timeoutSeconds: 10 });
    await client.delete(`${TYPE}ReleasedKeys`, "storageProfiles/strange", more, { ready: true });
    expect(cluster.writes).toEqual(['patch StorageProfile strange {"metadata":{"resourceVersion":""},"spec":{"claimPropertySets":null}}']);
    // One that went with its StorageClass.
    await client.delete(`${TYPE}ReleasedKeys`, "storageProfiles/gone", { ...more, name: "gone" }, { ready: true });
    expect(cluster.writes).toHaveLength(1);
  });

  it("begins with nothing of an earlier installation in the way", async () => {
    expect((await client.create(`${TYPE}Leftovers`, inputs())).outputs).toEqual({ ready: true });
    cluster.put("namespaces", NS, {
      metadata: { deletionTimestamp: "2026-03-04T05:00:00Z" },
      status: { conditions: [condition("NamespaceContentRemaining", "True", "", "x")] },
    });
    const failure = await failureOf(client.create(`${TYPE}Leftovers`, inputs()));
    expect(failure).toMatchObject({ initFailed: undefined, details: expect.stringMatching(/^VIRT_LEFTOVERS: /) });
  });
});

describe("the beginning, while something of before still goes", () => {
  it.each(OPERATOR_RESOURCES)("waits for one of %s that was deleted a moment ago, and says what holds it", async (kind) => {
    const name = cluster.objects[kind]?.[0]?.metadata?.name ?? "of-before";
    const metadata = { deletionTimestamp: new Date().toISOString(), finalizers: ["example.com/kept"] };
    cluster.put(kind, name, { metadata });
    const failure = await failureOf(client.create(`${TYPE}Leftovers`, inputs()));
    expect(failure.details).toMatch(new RegExp(`^VIRT_TIMEOUT: .*${name} is being deleted, since .* and held by example.com/kept`));
    cluster.remove(kind, name);
    expect((await client.create(`${TYPE}Leftovers`, inputs())).outputs).toEqual({ ready: true });
  });
});

describe("identity providers", () => {
  const ours = { name: "htpasswd", secretName: "htpasswd-htpasswd" };
  const other = { name: "ldap", type: "LDAP" };

  it("keeps all others, where they are", () => {
    const [, made] = identityProviders([other], ours, true);
    expect(identityProviders([other], ours, true)).toEqual([other, made]);
    expect(made).toMatchObject({ name: "htpasswd", type: "HTPasswd", htpasswd: { fileData: { name: "htpasswd-htpasswd" } } });
    expect(identityProviders([made, other], ours, true)).toEqual([made, other]);
    expect(identityProviders([{ ...(made as object), htpasswd: { fileData: { name: "old" } } }, other], ours, true)).toEqual([made, other]);
    expect(identityProviders([made, other], ours, false)).toEqual([other]);
  });
});
