import { describe, expect, it } from "vitest";
import { loadClusterSpec, type VirtualizationSpec } from "../../../src/config/index.ts";
import { objectsOf } from "../../../src/virtualization/program/manifest-files.ts";
import {
  catalogSource,
  component,
  hostPathProvisioner,
  hyperConverged,
  operatorGroup,
  operatorNamespace,
  storageClass,
  subscription,
} from "../../../src/virtualization/program/objects.ts";
import { targetOf } from "../../../src/virtualization/program/target.ts";
import { none, yamlOf } from "../config/verdicts/support.ts";

function spec(distribution: "openshift" | "okd", virtualization: object = {}): VirtualizationSpec & { operators: { source: "OLM" } } {
  const found = loadClusterSpec(yamlOf(none, { distribution, virtualization })).virtualization;
  if (found?.operators.source !== "OLM") throw new Error("not by OLM");
  return found as VirtualizationSpec & { operators: { source: "OLM" } };
}

describe("what OLM is asked for", () => {
  it("on openshift: the own namespace, monitored", () => {
    const { operators } = spec("openshift");
    expect(operatorNamespace(operators)).toMatchObject({
      metadata: { name: "openshift-cnv", labels: { "openshift.io/cluster-monitoring": "true" } },
    });
    expect(operatorGroup(operators)).toMatchObject({ spec: { targetNamespaces: ["openshift-cnv"] } });
    expect(subscription(operators)).toMatchObject({
      metadata: { name: "hco-operatorhub", namespace: "openshift-cnv" },
      spec: {
        name: "kubevirt-hyperconverged",
        source: "redhat-operators",
        sourceNamespace: "openshift-marketplace",
        channel: "stable",
        installPlanApproval: "Automatic",
      },
    });
    expect(catalogSource(operators)).toBeUndefined();
  });

  it("on okd: all namespaces, since the community's version knows no other mode", () => {
    const { operators } = spec("okd", { startingCSV: "kubevirt-hyperconverged-operator.v1.18.1" });
    expect(operatorGroup(operators)).toMatchObject({ spec: {} });
    expect(operatorGroup(operators)["spec"] as object).toEqual({});
    expect(subscription(operators)).toMatchObject({
      spec: { installPlanApproval: "Manual", startingCSV: "kubevirt-hyperconverged-operator.v1.18.1" },
    });
  });

  it("a catalog of the user's own", () => {
    expect(catalogSource(spec("okd", { catalogSource: { name: "mine", image: "r.example.com/c:1" } }).operators)).toMatchObject({
      metadata: { name: "mine", namespace: "openshift-marketplace" },
      spec: { sourceType: "grpc", image: "r.example.com/c:1" },
    });
    expect(catalogSource(spec("okd", { catalogSource: { address: "10.0.0.9:50051" } }).operators)).toMatchObject({
      spec: { address: "10.0.0.9:50051" },
    });
  });

  it("HyperConverged, with what has keys of its own put in", () => {
    const it = spec("okd", {
      hyperConverged: { evictionStrategy: "None", defaultRuntimeClass: "kata" },
      bootSources: { enabled: false },
      liveMigration: { allowPostCopy: true },
      uninstallStrategy: "RemoveWorkloads",
    });
    expect(hyperConverged(it.operators, it)).toEqual({
      apiVersion: "hco.kubevirt.io/v1beta1",
      kind: "HyperConverged",
      metadata: { name: "kubevirt-hyperconverged", namespace: "kubevirt-hyperconverged" },
      spec: {
        evictionStrategy: "None",
        defaultRuntimeClass: "kata",
        enableCommonBootImageImport: false,
        uninstallStrategy: "RemoveWorkloads",
        liveMigrationConfig: { allowPostCopy: true },
      },
    });
  });
});

describe("storage", () => {
  const pools = {
    storage: {
      hostPathProvisioner: { nodeSelector: { disks: "yes" }, pools: [{ name: "a", path: "/var/a", pvcTemplate: { volumeMode: "Block" } }] },
    },
  };

  it("makes the provisioner with its pools, and a class for each", () => {
    const { storage } = spec("okd", pools);
    expect(hostPathProvisioner(storage)).toMatchObject({
      spec: { storagePools: [{ name: "a", path: "/var/a", pvcTemplate: { volumeMode: "Block" } }], workload: { nodeSelector: { disks: "yes" } } },
    });
    const [pool] = storage.pools;
    expect(storageClass(pool ?? expect.unreachable(), { virt: true, cluster: false })).toEqual({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "hostpath-a", annotations: { "storageclass.kubevirt.io/is-default-virt-class": "true" } },
      provisioner: "kubevirt.io.hostpath-provisioner",
      parameters: { storagePool: "a" },
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    });
  });
});

it("tells observers what they must know, and nothing that is secret", () => {
  const it = spec("okd", { users: { htpasswd: "ada:$2y$05$eW5hbm9vYmNyeXB0c2FsdOoN6GOQ7Hs0Q1bQmU0xqVx5yYp0cC1aS" } });
  expect(targetOf(it)).toEqual({
    source: "OLM",
    namespaces: ["kubevirt-hyperconverged"],
    emulation: "Auto",
    bootSources: true,
    olm: {
      subscription: "hco-operatorhub",
      packageName: "community-kubevirt-hyperconverged",
      channel: "stable",
      approval: "Automatic",
      catalogSource: { name: "community-operators", namespace: "openshift-marketplace" },
    },
  });
});

describe("manifests", () => {
  it("come in the order in which they can be made, without what is made here", () => {
    const text = ["Deployment", "CustomResourceDefinition", "ServiceAccount", "Namespace"]
      .map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}\n`)
      .join("---\n");
    expect(
      objectsOf(`${text}---\n---\napiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata: {name: kubevirt}\n`, "a.yaml").map(({ kind }) => kind),
    ).toEqual(["Namespace", "CustomResourceDefinition", "ServiceAccount", "Deployment"]);
  });

  it.each([
    ["broken YAML", "a: [", /document 1 of a\.yaml/],
    ["an object without a name", "apiVersion: v1\nkind: Pod\n", /metadata\.name/],
    ["something else", "- 1\n", /apiVersion/],
  ])("refuse %s", (_, text, message) => {
    expect(() => objectsOf(text, "a.yaml")).toThrow(
      expect.objectContaining({ id: "VIRT_MANIFEST_UNREADABLE", message: expect.stringMatching(message) }) as Error,
    );
  });

  it("leave the resources to the user's settings", () => {
    const it = { ...spec("okd", { liveMigration: { allowAutoConverge: true } }) };
    expect(component("kubevirt", { configuration: { cpuModel: "host-model" }, infra: { replicas: 1 } }, it)["spec"]).toEqual({
      uninstallStrategy: "BlockUninstallIfWorkloadsExist",
      infra: { replicas: 1 },
      configuration: { migrations: { allowAutoConverge: true }, cpuModel: "host-model" },
    });
    expect(component("networkAddons", {}, it)["spec"]).toEqual({ multus: {}, linuxBridge: {}, kubeMacPool: {} });
  });
});
