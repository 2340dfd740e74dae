import { describe, expect, it } from "vitest";
import { verifyRows, type VerifyInput } from "../../../src/virtualization/verify/rows.ts";
import { verifyTable } from "../../../src/cli/render/verify.ts";
import { condition, daemonSet, deployment, endpoints, type FakeCluster, healthyCluster, node, NS, CSV } from "../../helpers/virtualization.ts";

/** What people see, to the letter: `npx vitest run test/golden/virtualization -u` writes the tables anew. */

const input = (cluster: FakeCluster, more: Partial<VerifyInput> = {}): VerifyInput => ({
  seen: cluster.seen(),
  distribution: "okd",
  tasks: undefined,
  downloads: [{ metadata: { name: "virtctl-clidownloads-kubevirt-hyperconverged" }, spec: { links: [{}, {}] } }],
  ...more,
});

/** The operators run, HyperConverged has just been made. */
function halfReady(): FakeCluster {
  const it = healthyCluster();
  for (const name of ["virt-api", "virt-controller"]) it.put("deployments", name, deployment(0, 2), NS);
  it.put("daemonSets", "virt-handler", daemonSet(1, 2), NS);
  it.put("nodes", "worker-1", node("0", false));
  for (const name of ["cdi-uploadproxy", "virt-template-validator"]) it.remove("deployments", name);
  it.change("kubeVirts", "kubevirt-kubevirt-hyperconverged", {
    status: { phase: "Deploying", conditions: [condition("Available", "False", "DeploymentInProgress", "Deploying version v1.8.4")] },
  });
  it.change("hyperConvergeds", "kubevirt-hyperconverged", {
    status: {
      conditions: [
        condition("ReconcileComplete", "True"),
        condition("Available", "False", "KubeVirtNotAvailable", "KubeVirt is not available"),
        condition("Progressing", "True", "KubeVirtProgressing", "KubeVirt is progressing"),
      ],
    },
  });
  it.remove("hostPathProvisioners", "hostpath-provisioner");
  it.remove("daemonSets", "hostpath-provisioner-csi");
  return it;
}

/** Nothing that could go wrong does not. */
function broken(): FakeCluster {
  const it = healthyCluster();
  it.change("catalogSources", "community-operators", { status: { connectionState: { lastObservedState: "TRANSIENT_FAILURE" } } });
  it.change("clusterServiceVersions", CSV, {
    status: { phase: "Failed", reason: "ComponentUnhealthy", message: "installing: waiting for deployment hco-webhook to become ready" },
  });
  it.put(
    "deployments",
    "hco-webhook",
    deployment(0, 1, [condition("Progressing", "False", "ProgressDeadlineExceeded", 'ReplicaSet "hco-webhook-7d" has timed out progressing.')]),
    NS,
  );
  it.put("endpointSlices", "hco-webhook-x", endpoints("hco-webhook", false), NS);
  it.put(
    "pods",
    "hco-webhook-7d-abcde",
    {
      status: {
        phase: "Pending",
        containerStatuses: [
          {
            name: "hco-webhook",
            image: "quay.io/kubevirt/hco-webhook:1.18.1",
            state: { waiting: { reason: "ImagePullBackOff", message: "no such host" } },
          },
        ],
      },
    },
    NS,
  );
  it.change("cdis", "cdi-kubevirt-hyperconverged", {
    status: { conditions: [condition("Degraded", "True", "DeployFailed", "cannot make cdi-apiserver")] },
  });
  // Its conditions are still those of its better days.
  it.change("ssps", "ssp-kubevirt-hyperconverged", {
    metadata: { deletionTimestamp: "2026-03-04T05:00:00Z", finalizers: ["finalize.ssp.kubevirt.io"] },
  });
  for (const name of ["worker-0", "worker-1"]) it.put("nodes", name, node("0"));
  it.remove("storageClasses", "hostpath-local");
  it.put(
    "dataImportCrons",
    "fedora-image-cron",
    { status: { conditions: [condition("UpToDate", "False", "ImportFailed", "no such host")] } },
    "kubevirt-os-images",
  );
  it.put("hyperConvergeds", "kubevirt-hyperconverged", {}, "default");
  return it;
}

describe("virt-ipi verify", () => {
  it.each([
    ["healthy", healthyCluster],
    ["half-ready", halfReady],
    ["broken", broken],
  ])("over a %s cluster", async (name, make) => {
    const { rows, causes } = verifyRows(input(make()));
    await expect(`${verifyTable(rows, causes)}\n`).toMatchFileSnapshot(`${name}.txt`);
  });

  it("has every row of the documents", () => {
    const { rows } = verifyRows(input(healthyCluster()));
    const components = new Set(rows.map(({ component }) => component));
    const wanted = [
      "community-operators hco-operatorhub hco-operator hco-webhook hyperconverged-cluster-cli-download kubevirt-hyperconverged",
      "virt-operator virt-api virt-controller virt-handler cdi-operator cdi-deployment cdi-apiserver cdi-uploadproxy",
      "cluster-network-addons-operator bridge-marker kubemacpool-mac-controller-manager kube-cni-linux-bridge-plugin",
      "ssp-operator virt-template-validator hostpath-provisioner-operator hostpath-provisioner hostpath-provisioner-csi tekton-tasks-operator",
      "create-vm-from-template copy-template modify-vm-template modify-data-object cleanup-vm disk-virt-customize disk-virt-sysprep wait-for-vmi-status",
    ].flatMap((line) => line.split(" "));
    expect(wanted.filter((name) => !components.has(name))).toEqual([]);
  });

  it("asks for nothing of OpenShift's on plain Kubernetes", () => {
    const cluster = healthyCluster();
    for (const name of ["ssp-operator", "virt-template-validator", "hyperconverged-cluster-cli-download"]) cluster.remove("deployments", name);
    cluster.remove("ssps", "ssp-kubevirt-hyperconverged");
    cluster.put("daemonSets", "multus", daemonSet(2, 2), NS);
    const { rows } = verifyRows(input(cluster, { distribution: "kubernetes", downloads: undefined }));
    expect(rows.filter(({ state }) => !["ok", "absent"].includes(state))).toEqual([]);
  });

  it("knows operators that are newer than its table", () => {
    const cluster = healthyCluster();
    const csv = cluster.get("clusterServiceVersions", CSV);
    const spec = { ...(csv["spec"] as object), install: { spec: { deployments: [{ name: "hco-operator" }, { name: "brand-new-operator" }] } } };
    cluster.change("clusterServiceVersions", CSV, { spec });
    const { rows } = verifyRows(input(cluster));
    expect(rows.find(({ component }) => component === "brand-new-operator")).toMatchObject({
      state: "missing",
      why: expect.stringContaining("ClusterServiceVersion"),
    });
  });
});
