import { describe, expect, it } from "vitest";
import { diagnose, type Cause, type Target } from "../../../../src/virtualization/observe/index.ts";
import { CSV, GOOD, healthyCluster, node, NS, TARGET, webhook } from "../../../helpers/virtualization.ts";
import { CASES } from "./cases.ts";
import { CDI_CASES } from "./cdi-cases.ts";
import { all, csv, pod, type Stage, subscription, waiting } from "./signs.ts";

const causesOf = (stage: Stage, target: Target = TARGET): readonly Cause[] => {
  const cluster = healthyCluster();
  stage(cluster);
  return diagnose(cluster.seen(target));
};

describe("diagnose", () => {
  it("finds nothing wrong with what is well", () => {
    expect(causesOf(() => undefined)).toEqual([]);
  });

  it.each([...CASES, ...CDI_CASES].map(([title, ...rest]) => ({ title, rest })))("finds $title", ({ rest: [stage, id, message, fix] }) => {
    const causes = causesOf(stage);
    expect(causes[0], JSON.stringify(causes)).toMatchObject({ id, message: expect.stringMatching(message), fix: expect.stringMatching(fix) });
    expect(causes[0]?.message).not.toContain("\n");
  });

  it("covers every id of the catalogue that a cluster can show", () => {
    const ids = new Set(CASES.map(([, , id]) => id));
    expect(ids.size).toBeGreaterThanOrEqual(25);
  });

  it.each([
    ["that KubeVirt deploys", "a", ["VIRT_IMAGE_PULL", "VIRT_JOB_FAILED"]],
    ["that it no longer deploys", "b", []],
  ])("minds a Job for something %s", (_, target, ids) => {
    const job = `kubevirt-${"a".repeat(40)}-jobxyz12`;
    const stage = all(
      (it) =>
        void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", { status: { conditions: GOOD, targetDeploymentID: target.repeat(40) } }),
      (it) => void it.put("jobs", job, { status: { failed: 1, active: 1 } }, NS),
      pod(`${job}ab3de`, waiting("ImagePullBackOff")),
    );
    expect(causesOf(stage).map(({ id }) => id)).toEqual(ids);
  });

  it("takes emulation for an answer to missing /dev/kvm", () => {
    const stage = all(
      (it) => ["worker-0", "worker-1"].forEach((name) => it.put("nodes", name, node("0"))),
      (it) =>
        void it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
          spec: { configuration: { developerConfiguration: { useEmulation: true } } },
        }),
    );
    expect(causesOf(stage)).toEqual([]);
    expect(causesOf(stage, { ...TARGET, emulation: "Off" }).map(({ id }) => id)).toEqual(["VIRT_NO_KVM"]);
  });

  it("asks for no StorageClass where no boot image is imported", () => {
    expect(causesOf((it) => it.remove("storageClasses", "hostpath-local"), { ...TARGET, bootSources: false })).toEqual([]);
  });

  it("minds no other plan where one holds the version asked for, and no other HyperConverged beside the right one", () => {
    const plan =
      (name: string, csvs: readonly string[]): Stage =>
      (it) =>
        void it.put("installPlans", name, { spec: { approved: false, clusterServiceVersionNames: csvs }, status: { phase: "RequiresApproval" } }, NS);
    const offered = all((it) => void it.change("subscriptions", "hco-operatorhub", { status: {} }), plan("other", ["x.v1.0.0"]), plan("ours", [CSV]));
    expect(causesOf(offered)).toEqual([]);
    const [beside] = causesOf((it) => void it.put("hyperConvergeds", "mine", {}, "default"));
    expect(beside).toMatchObject({ id: "VIRT_WRONG_PLACE" });
    expect(beside).not.toHaveProperty("patienceMs");
  });

  it("minds no plan that another Subscription has brought about", () => {
    const plan = (owner: string): Stage =>
      all(
        (it) => void it.change("subscriptions", "hco-operatorhub", { status: {} }),
        (it) =>
          void it.put(
            "installPlans",
            "other",
            {
              metadata: { ownerReferences: [{ kind: "Subscription", name: owner }] },
              spec: { approved: false, clusterServiceVersionNames: ["x.v1.0.0"] },
              status: { phase: "RequiresApproval" },
            },
            NS,
          ),
        (it) => it.remove("installPlans", "install-abcde"),
      );
    expect(causesOf(plan("other-operator"))).toEqual([]);
    expect(causesOf(plan("hco-operatorhub")).map(({ id }) => id)).toEqual(["VIRT_INSTALL_PLAN_OTHER"]);
  });

  it("takes a copy of what is installed in another namespace for nothing of its own", () => {
    expect(causesOf(csv("Failed", "Copied", "The operator is running in other but is managing this namespace"))).toEqual([]);
  });

  it("waits no longer for what is required when the plan that would bring it is complete", () => {
    const required = csv("Pending", "RequirementsNotMet", "", {
      requirementStatus: [{ kind: "CustomResourceDefinition", name: "x", status: "NotPresent" }],
    });
    const plan =
      (phase: string): Stage =>
      (it) =>
        void it.put("installPlans", "install-abcde", { spec: { approved: true, clusterServiceVersionNames: [CSV] }, status: { phase } }, NS);
    expect(causesOf(all(required, plan("Installing")))[0]).not.toHaveProperty("patienceMs");
    expect(causesOf(all(required, plan("Complete")))[0]).toMatchObject({ id: "VIRT_REQUIREMENTS", patienceMs: 30_000 });
  });

  it("leaves alone what is only being deleted just now", () => {
    const cluster = healthyCluster();
    cluster.change("cdis", "cdi-kubevirt-hyperconverged", { metadata: { deletionTimestamp: "2026-03-04T05:06:00Z", finalizers: ["x"] } });
    expect(diagnose(cluster.seen())).toEqual([]);
  });

  it("takes the webhook by which KubeVirt's operator keeps machines away while it deploys for none that is broken", () => {
    const named = (name: string): readonly unknown[] =>
      causesOf((it) => void it.put("validatingWebhooks", name, webhook(NS, "fake-validation-service"))).map(({ id }) => id);
    expect(named("virt-operator-tmp-webhookx2dpx")).toEqual([]);
    expect(named("virt-api-validator")).toEqual(["VIRT_WEBHOOK_UNREACHABLE"]);
  });

  it("says of leftovers first what keeps a new installation away", () => {
    const [first] = causesOf(
      all(subscription("ResolutionFailed", "x"), (it) => void it.put("mutatingWebhooks", "virt-api-mutator", webhook("kubevirt", "virt-api"))),
    );
    expect(first?.id).toBe("VIRT_LEFTOVERS");
  });

  it("is patient with what OLM says between two versions", () => {
    const patience = (message: string): number | undefined => causesOf(subscription("ResolutionFailed", message))[0]?.patienceMs;
    const between = "clusterserviceversion kubevirt-hyperconverged-operator.v1.17.3 exists and is not referenced by a subscription";
    expect(patience(`constraints not satisfiable: ${between}`)).toBe(120_000);
    expect(patience("no operators found in channel stable")).toBe(15_000);
  });
});
