import { describe, expect, it } from "vitest";
import { InstallerError } from "../../../../src/errors/index.ts";
import {
  componentReady,
  hyperConvergedReady,
  KINDS,
  operatorReady,
  planApproved,
  watchTarget,
  type OlmTarget,
  type WatchOptions,
} from "../../../../src/virtualization/observe/index.ts";
import { condition, CSV, endpoints, type FakeCluster, GOOD, healthyCluster, NS, TARGET, webhook } from "../../../helpers/virtualization.ts";
import type { Look } from "../../../../src/kube/index.ts";
import { FakeClock } from "../../kube/fixtures.ts";

const options = (cluster: FakeCluster, more: Partial<WatchOptions> = {}): WatchOptions => ({
  connect: () => Promise.resolve(cluster.client()),
  target: TARGET,
  timeoutMs: 300_000,
  clock: new FakeClock(),
  ...more,
});
const never: Look<undefined> = () => Promise.resolve({ done: false, reason: "it is not there" });
const olm = (changes: Partial<OlmTarget> = {}): OlmTarget => ({
  ...(TARGET.olm ?? expect.unreachable()),
  ...changes,
});
const v = (version: string): string => `kubevirt-hyperconverged-operator.v${version}`;

describe("watch", () => {
  it("ends within a minute of a sign that takes a person, with its cause first", async () => {
    const cluster = healthyCluster();
    cluster.remove("storageClasses", "hostpath-local");
    const clock = new FakeClock();
    const told: string[] = [];
    const result = await watchTarget(never, options(cluster, { clock, onWait: (text) => told.push(text) }));
    expect(result).toMatchObject({ outcome: "stuck", reason: "it is not there", causes: [{ id: "VIRT_NO_STORAGE_CLASS" }] });
    expect(clock.now().getTime()).toBeLessThan(60_000);
    expect(told.at(-1)).toMatch(/^it is not there; StorageClass: none is the default/);
    expect(cluster.closed).toBe(1);
  });

  it("does not end for a cause that passes in time, nor for one that it does not depend on", async () => {
    const cluster = healthyCluster();
    cluster.remove("storageClasses", "hostpath-local");
    const clock = new FakeClock();
    clock.at(
      12_000,
      () => void cluster.put("storageClasses", "late", { metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } }),
    );
    const look: Look<string> = () => Promise.resolve(clock.now().getTime() > 90_000 ? { done: true, value: "yes" } : { done: false, reason: "no" });
    expect(await watchTarget(look, options(cluster, { clock }))).toEqual({ outcome: "done", value: "yes" });
    const other = healthyCluster();
    other.remove("storageClasses", "hostpath-local");
    expect(await watchTarget(never, options(other, { concerns: ["VIRT_CATALOG_MISSING"] }))).toMatchObject({ outcome: "timeout", causes: [] });
  });

  it("takes an API server that is away for a reason to wait", async () => {
    const cluster = healthyCluster();
    cluster.down = Object.assign(new Error("x"), { code: "ECONNREFUSED", address: "10.0.0.5", port: 6443 });
    const clock = new FakeClock();
    clock.at(30_000, () => (cluster.down = undefined));
    const told: string[] = [];
    const look = operatorReady({ namespace: NS, subscription: "hco-operatorhub", csv: CSV });
    expect(await watchTarget(look, options(cluster, { clock, onWait: (text) => told.push(text) }))).toMatchObject({
      outcome: "done",
      value: { csv: CSV, version: "1.18.1" },
    });
    expect(told[0]).toMatch(/connection to 10\.0\.0\.5:6443 refused/);
  });

  it("throws what is our own at once, and the signal's reason", async () => {
    const refuse: Look<never> = () => Promise.reject(new InstallerError("VIRT_UPGRADE_STEP", "too far"));
    await expect(watchTarget(refuse, options(healthyCluster()))).rejects.toMatchObject({ id: "VIRT_UPGRADE_STEP" });
    const signal = AbortSignal.abort(new InstallerError("INTERRUPTED", "stop"));
    await expect(watchTarget(never, options(healthyCluster(), { signal }))).rejects.toMatchObject({ id: "INTERRUPTED" });
  });
});

describe("hyperConvergedReady and componentReady", () => {
  it("do not take for ready what is being deleted, however well it was", async () => {
    const cluster = healthyCluster();
    const hyperConverged = { namespace: NS, name: "kubevirt-hyperconverged" };
    const cdi = { name: "cdi-kubevirt-hyperconverged" };
    const looks = [hyperConvergedReady(hyperConverged, undefined), componentReady(KINDS.cdis, cdi)];
    for (const look of looks) expect(await look(cluster.client(), undefined)).toMatchObject({ done: true });
    const metadata = { deletionTimestamp: "2026-03-04T05:06:00Z", finalizers: ["example.com/kept"] };
    cluster.change("hyperConvergeds", hyperConverged.name, { metadata });
    cluster.change("cdis", cdi.name, { metadata });
    const reason = expect.stringContaining("being deleted, since 2026-03-04T05:06:00Z and held by example.com/kept") as string;
    for (const look of looks) expect(await look(cluster.client(), undefined)).toEqual({ done: false, reason });
  });
});

describe("componentReady on what KubeVirt itself writes", () => {
  const name = { namespace: NS, name: "kubevirt-kubevirt-hyperconverged" };
  const versions = { observedKubeVirtVersion: "v1.7.0", targetKubeVirtVersion: "v1.7.0" };
  const said = "An error occurred during deployment: unable to create virtualmachineclusterinstancetypes: connection refused";
  const allOf = (...conditions: readonly (readonly [string, string])[]): object[] =>
    conditions.map(([type, status]) => condition(type, status, "UpdateInProgress", "Transitioning from previous version v1.6.0"));
  it.each<readonly [string, object, string]>([
    [
      "a change that it has not taken up",
      { metadata: { generation: 3 }, status: { ...versions, conditions: GOOD, observedGeneration: 2 } },
      "KubeVirt kubevirt-kubevirt-hyperconverged: its last change is not taken up yet",
    ],
    [
      "an update, during which it is available, progressing and degraded at once",
      { status: { ...versions, conditions: allOf(["Available", "True"], ["Progressing", "True"], ["Degraded", "True"]) } },
      "KubeVirt kubevirt-kubevirt-hyperconverged is Progressing, UpdateInProgress: Transitioning from previous version v1.6.0",
    ],
    [
      "an error of the operator",
      {
        status: {
          conditions: ["Synchronized", "Available", "Progressing"]
            .map((type) => condition(type, "False", "DeploymentFailed", said))
            .concat(condition("Degraded", "True", "DeploymentFailed", said)),
        },
      },
      `KubeVirt kubevirt-kubevirt-hyperconverged is Degraded, DeploymentFailed: ${said}`,
    ],
    [
      "one that the operator does not take, of which it says one condition only",
      { status: { conditions: [condition("Synchronized", "False", "ExistingDeployment", "There is an active KubeVirt deployment")] } },
      "KubeVirt kubevirt-kubevirt-hyperconverged is not Synchronized, ExistingDeployment: There is an active KubeVirt deployment",
    ],
  ])("waits for %s", async (_, fields, reason) => {
    const cluster = healthyCluster();
    cluster.change("kubeVirts", name.name, fields as Readonly<Record<string, unknown>>);
    expect(await componentReady(KINDS.kubeVirts, name)(cluster.client(), undefined)).toEqual({ done: false, reason });
  });
});

describe("componentReady of a KubeVirt whose settings have changed", () => {
  const name = { namespace: NS, name: "kubevirt-kubevirt-hyperconverged" };
  const [LABELS, OTHERS] = [{ "app.kubernetes.io/managed-by": "virt-operator" }, {}];
  const done = { done: true, value: { version: expect.any(String) as string } };
  const waits = (text: string) => ({ done: false, reason: `KubeVirt kubevirt-kubevirt-hyperconverged waits for ${text}` });
  it.each<readonly [string, object, number, object, object]>([
    [
      "an old pod that is ready beside a new one that is not",
      LABELS,
      2,
      { replicas: 3, readyReplicas: 2, updatedReplicas: 1 },
      waits("virt-api (1 of 2 of the new version)"),
    ],
    [
      "the same with one replica",
      LABELS,
      1,
      { replicas: 2, readyReplicas: 1, updatedReplicas: 1 },
      waits("virt-api (1 of the old version still there)"),
    ],
    [
      "a change that its controller has not seen",
      LABELS,
      2,
      { replicas: 2, readyReplicas: 2, updatedReplicas: 2, observedGeneration: 3 },
      waits("virt-api (0 of 2 of the new version)"),
    ],
    ["new pods only, one of which is ready", LABELS, 2, { replicas: 2, readyReplicas: 1, updatedReplicas: 2 }, done],
    ["somebody else's Deployment", OTHERS, 2, { replicas: 3, readyReplicas: 2, updatedReplicas: 1 }, done],
  ])("%s", async (_, labels, replicas, status, expected) => {
    const cluster = healthyCluster();
    const metadata = { namespace: NS, name: "virt-api", labels, generation: 4 };
    cluster.change("deployments", "virt-api", { metadata, spec: { replicas }, status: { observedGeneration: 4, ...status } });
    expect(await componentReady(KINDS.kubeVirts, name)(cluster.client(), undefined)).toEqual(expected);
  });
});

describe("componentReady after a new version of the operator", () => {
  const name = { namespace: NS, name: "kubevirt-kubevirt-hyperconverged" };
  it.each([
    ["v1.6.0", "1.7.0", "KubeVirt kubevirt-kubevirt-hyperconverged is still of version v1.6.0, not 1.7.0"],
    ["v1.7.0", "1.6.9", "KubeVirt kubevirt-kubevirt-hyperconverged is still of version v1.7.0, not 1.6.9"],
    ["v1.7.0", "1.7.0", undefined],
    ["v1.7.0-20-gabcdef0", "1.7.0", undefined],
    ["devel", "1.7.0", undefined],
    ["v1.7.0", undefined, undefined],
  ])("that is %s where %s is wanted: %s", async (observed, wanted, reason) => {
    const cluster = healthyCluster();
    const status = { observedKubeVirtVersion: observed, targetKubeVirtVersion: observed, conditions: GOOD };
    cluster.change("kubeVirts", name.name, { status });
    const found = await componentReady(KINDS.kubeVirts, name, wanted)(cluster.client(), undefined);
    expect(found).toEqual(reason === undefined ? { done: true, value: { version: observed } } : { done: false, reason });
  });

  it("says how an error ends, after the object that KubeVirt writes out in the middle of it", async () => {
    const cause = 'DaemonSet.apps "virt-handler" is invalid: spec.template.spec.containers[0].securityContext.privileged: Forbidden';
    const message = `An error occurred during deployment: unable to create daemonset &DaemonSet{${"Selector:nil, ".repeat(100)}}: ${cause}`;
    const cluster = healthyCluster();
    cluster.change("kubeVirts", name.name, { status: { conditions: [condition("Degraded", "True", "DeploymentFailed", message)] } });
    const found = await componentReady(KINDS.kubeVirts, name)(cluster.client(), undefined);
    expect(found).toMatchObject({
      reason: expect.stringMatching(
        /Degraded, DeploymentFailed: An error occurred during deployment: unable to create daemonset .*… .*Forbidden$/,
      ) as string,
    });
  });
});

describe("operatorReady", () => {
  const reasonFor = async (stage: (cluster: FakeCluster) => void, csv: string | undefined = CSV): Promise<string> => {
    const cluster = healthyCluster();
    stage(cluster);
    const found = await operatorReady({ namespace: NS, subscription: "hco-operatorhub", csv })(cluster.client(), undefined);
    return found.done ? "ready" : found.reason;
  };

  it.each([
    ["no Subscription", (it: FakeCluster) => it.remove("subscriptions", "hco-operatorhub"), /does not exist yet/],
    [
      "nothing installed",
      (it: FakeCluster) => void it.change("subscriptions", "hco-operatorhub", { status: { state: "UpgradePending" } }),
      /nothing is installed .*UpgradePending/,
    ],
    [
      "a version that installs",
      (it: FakeCluster) => void it.change("clusterServiceVersions", CSV, { status: { phase: "Installing", reason: "InstallWaiting", message: "x" } }),
      /is Installing \(InstallWaiting: x\)/,
    ],
    [
      "a kind that is not served",
      (it: FakeCluster) => (it.texts["/apis/hco.kubevirt.io/v1beta1"] = JSON.stringify({ resources: [] })),
      /does not serve hyperconvergeds\.hco\.kubevirt\.io\/v1beta1/,
    ],
    [
      "a webhook that nobody answers",
      (it: FakeCluster) => void it.put("endpointSlices", "hco-webhook-x", endpoints("hco-webhook", false), NS),
      /no ready endpoint behind service kubevirt-hyperconverged\/hco-webhook/,
    ],
  ])("waits for %s", async (_, stage, expected) => {
    expect(await reasonFor(stage)).toMatch(expected);
  });

  it("does not wait for webhooks of what the operator deploys, which a setting may have taken down that is to be changed", async () => {
    expect(
      await reasonFor((it) => void it.put("validatingWebhooks", "virt-api-validator", webhook(NS, "virt-api", "virtualmachines.kubevirt.io"))),
    ).toBe("ready");
    expect(
      await reasonFor((it) => void it.put("validatingWebhooks", "virt-operator-validator", webhook(NS, "virt-operator", "kubevirts.kubevirt.io"))),
    ).toMatch(/no ready endpoint behind service kubevirt-hyperconverged\/virt-operator/);
  });

  it("waits for the pinned version, or for the newest of the channel", async () => {
    expect(await reasonFor(() => undefined, v("1.19.0"))).toMatch(/v1\.18\.1 is installed, not .*v1\.19\.0 yet/);
    const newer = (it: FakeCluster): void =>
      void it.change("subscriptions", "hco-operatorhub", { status: { installedCSV: CSV, currentCSV: v("1.19.0"), state: "UpgradeAvailable" } });
    expect(
      await operatorReady({ namespace: NS, subscription: "hco-operatorhub" })(
        (() => {
          const it = healthyCluster();
          newer(it);
          return it.client();
        })(),
        undefined,
      ),
    ).toMatchObject({ reason: expect.stringMatching(/continues from/) });
    expect(await reasonFor(() => undefined)).toBe("ready");
  });
});

describe("planApproved", () => {
  const plan = (it: FakeCluster, name: string, ...csvs: readonly string[]): void =>
    void it.put("installPlans", name, { spec: { approved: false, clusterServiceVersionNames: csvs }, status: { phase: "RequiresApproval" } }, NS);
  const subscribed = (it: FakeCluster, installedCSV: string, currentCSV: string): void =>
    void it.change("subscriptions", "hco-operatorhub", { status: { installedCSV, currentCSV, state: "UpgradePending" } });
  const notes: string[] = [];
  const look = (changes: Partial<OlmTarget> = {}): Look<{ csv: string }> => planApproved(NS, olm(changes), (text) => notes.push(text));

  it("approves the plan that holds the version, and no other", async () => {
    const cluster = healthyCluster();
    subscribed(cluster, "", CSV);
    plan(cluster, "install-other", "pipelines.v1.2.3");
    plan(cluster, "install-newer", v("1.19.0"));
    plan(cluster, "install-right", CSV, "aaq.v1.0.0");
    expect(await look()(cluster.client(), undefined)).toMatchObject({ done: false });
    expect(cluster.writes).toEqual([`patch InstallPlan ${NS}/install-right {"spec":{"approved":true}}`]);
    expect(notes.at(-1)).toMatch(/install-right for .*v1\.18\.1, which also holds aaq\.v1\.0\.0/);
    subscribed(cluster, CSV, v("1.19.0"));
    expect(await look()(cluster.client(), undefined)).toEqual({ done: true, value: { csv: CSV } });
    expect(cluster.writes).toHaveLength(1);
  });

  it("goes up one step after the other", async () => {
    const cluster = healthyCluster();
    subscribed(cluster, v("1.16.0"), v("1.17.3"));
    plan(cluster, "one", v("1.17.3"));
    // The catalog of the cluster installs what is approved.
    cluster.onWrite = (write) => {
      if (write.includes("/one ")) {
        subscribed(cluster, v("1.17.3"), CSV);
        plan(cluster, "two", CSV);
      } else subscribed(cluster, CSV, CSV);
    };
    const result = await watchTarget(look(), options(cluster, { concerns: [] }));
    expect(result).toEqual({ outcome: "done", value: { csv: CSV } });
    expect(cluster.writes.map((write) => write.split(" ")[2])).toEqual([`${NS}/one`, `${NS}/two`]);
  });

  it("refuses to leave out a minor version", async () => {
    const cluster = healthyCluster();
    subscribed(cluster, v("1.16.0"), CSV);
    plan(cluster, "leap", CSV);
    await expect(look()(cluster.client(), undefined)).rejects.toMatchObject({ id: "VIRT_UPGRADE_STEP" });
    expect(cluster.writes).toEqual([]);
  });

  it("takes what the Subscription calls current where no version is pinned", async () => {
    const cluster = healthyCluster();
    subscribed(cluster, "", v("1.17.3"));
    plan(cluster, "install-x", v("1.17.3"));
    await look({ startingCSV: undefined })(cluster.client(), undefined);
    expect(cluster.writes).toHaveLength(1);
  });
});
