import { describe, expect, it } from "vitest";
import {
  explain,
  hyperConvergedFields,
  loadClusterSpec,
  parseInstallConfig,
  releaseOf,
  RELEASES,
  supportsKubernetes,
  type VirtualizationSpec,
} from "../../../src/config/index.ts";
import { redactInstallConfig } from "../../../src/config/redact.ts";
import { kvm, none, warningsOf, yamlOf } from "./verdicts/support.ts";

const spec = (base: typeof kvm, virtualization: unknown, more: Readonly<Record<string, unknown>> = {}): VirtualizationSpec | undefined =>
  loadClusterSpec(yamlOf(base, { virtualization, ...more })).virtualization;
const warnings = (base: typeof kvm, virtualization: unknown, more: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  warningsOf(yamlOf(base, { virtualization, ...more })).map(({ path, message }) => `${path}: ${message}`);

const SHA = "AB".repeat(32);
const HASH = "$2y$05$eW5hbm9vYmNyeXB0c2FsdOoN6GOQ7Hs0Q1bQmU0xqVx5yYp0cC1aS";

describe("the table of what is sent to HyperConverged", () => {
  it("has a row for every field that the schema knows, and for none else, each with its version", () => {
    const at = "virtualization.hyperConverged.";
    const rows = hyperConvergedFields().filter(({ key, gate }) => key.startsWith(at) && gate === undefined);
    expect(rows.map(({ key }) => key.slice(at.length)).toSorted()).toEqual(
      explain("virtualization.hyperConverged")
        ?.children.map(({ key }) => key)
        .toSorted(),
    );
    for (const { since } of hyperConvergedFields()) expect(since).toMatch(/^1\.\d+$/);
  });
});

describe("what is decided for the user", () => {
  it("on openshift", () => {
    expect(spec(none, {})).toEqual({
      operators: {
        source: "OLM",
        namespace: "openshift-cnv",
        targetNamespaces: ["openshift-cnv"],
        packageName: "kubevirt-hyperconverged",
        channel: "stable",
        approval: "Automatic",
        catalogSource: { name: "redhat-operators", namespace: "openshift-marketplace" },
        hyperConverged: {},
        bootSources: true,
      },
      emulation: "Auto",
      uninstallStrategy: "BlockUninstallIfWorkloadsExist",
      storage: { pools: [], profiles: [] },
      liveMigration: {},
    });
  });

  it("on okd: all namespaces, the community's package and catalog", () => {
    expect(spec(none, { startingCSV: "kubevirt-hyperconverged-operator.v1.18.1" }, { distribution: "okd" })?.operators).toEqual({
      source: "OLM",
      namespace: "kubevirt-hyperconverged",
      packageName: "community-kubevirt-hyperconverged",
      channel: "stable",
      startingCSV: "kubevirt-hyperconverged-operator.v1.18.1",
      approval: "Manual",
      catalogSource: { name: "community-operators", namespace: "openshift-marketplace" },
      hyperConverged: {},
      bootSources: true,
    });
  });

  it("on kubernetes: manifests, by the mirror where they are GitHub's", () => {
    const files = [
      { location: "https://github.com/kubevirt/kubevirt/releases/download/v1.8.4/kubevirt-operator.yaml", sha256: SHA },
      { location: "/srv/more.yaml", sha256: SHA },
    ];
    const component = { version: "v1.8.4", files };
    expect(spec(kvm, { manifests: { mirror: "https://mirror.example.com/gh/", kubevirt: component, cdi: component } })?.operators).toMatchObject({
      source: "Manifests",
      kubevirt: {
        version: "1.8.4",
        files: [
          { location: "https://mirror.example.com/gh/kubevirt/kubevirt/releases/download/v1.8.4/kubevirt-operator.yaml", sha256: SHA.toLowerCase() },
          { location: "/srv/more.yaml", sha256: SHA.toLowerCase() },
        ],
        spec: {},
      },
    });
  });

  it("nothing where virtual machines are not wanted", () => {
    expect(spec(none, { enabled: false })).toBeUndefined();
    expect(spec(none, undefined)).toBeUndefined();
  });

  it("names of StorageClasses, and of a catalog that is made here", () => {
    const it = spec(none, {
      catalogSource: { address: "10.0.0.9:50051" },
      storage: {
        hostPathProvisioner: {
          pools: [
            { name: "a", path: "/var/a" },
            { name: "b", path: "/var/b", storageClass: "slow" },
          ],
        },
      },
      pipelines: {},
    });
    expect(it?.storage.pools.map(({ storageClass }) => storageClass)).toEqual(["hostpath-a", "slow"]);
    expect(it?.operators).toMatchObject({ catalogSource: { name: "virt-ipi", namespace: "openshift-marketplace", address: "10.0.0.9:50051" } });
    expect(it?.pipelines).toEqual({ source: "OLM", channel: "latest" });
  });
});

describe("what should be known", () => {
  it.each([
    ["emulation on the product", none, { emulation: "On", storage: { storageClass: "x" } }, "virtualization.emulation: .*not supported"],
    ["no storage", none, {}, "virtualization.storage: .*default StorageClass"],
    [
      "a pinned version that OLM leaves at once",
      none,
      { startingCSV: "kubevirt-hyperconverged-operator.v4.22.0", approval: "Automatic", storage: {} },
      "virtualization.approval: .*past startingCSV",
    ],
    ["a version from the future", none, { startingCSV: "kubevirt-hyperconverged-operator.v4.99.0", storage: {} }, "startingCSV: .*does not know"],
    ["OLM on kubernetes", kvm, { source: "OLM", storage: {} }, "virtualization.source: .*brings no OLM"],
    [
      "components of different releases",
      kvm,
      {
        manifests: {
          kubevirt: { version: "1.8.4", files: [{ location: "/a", sha256: SHA }] },
          cdi: { version: "1.62.0", files: [{ location: "/a", sha256: SHA }] },
        },
      },
      "manifests.cdi.version: .*but 1.65",
    ],
  ])("%s", (_, base, virtualization, expected) => {
    const found = warnings(base, virtualization);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(expected));
  });
});

it("keeps password hashes out of messages and of the cluster's copy", () => {
  const source = yamlOf(none, { virtualization: { users: { htpasswd: `ada:${HASH}\nada:${HASH}` } } });
  const { errors } = parseInstallConfig(source);
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toContain(HASH);
  expect(redactInstallConfig(source)).not.toContain(HASH);
});

describe("the compatibility table", () => {
  it("has a row for each release, in order, no row twice", () => {
    for (const key of ["hco", "openshift", "kubernetes", "kubevirt", "cdi", "networkAddons"] as const) {
      const values = RELEASES.map((row) => row[key].split(".").map(Number));
      for (const [index, value] of values.entries()) {
        const before = values[index - 1];
        if (before !== undefined) expect((value[0] ?? 0) * 1_000 + (value[1] ?? 0)).toBeGreaterThan((before[0] ?? 0) * 1_000 + (before[1] ?? 0));
      }
    }
  });

  it("finds a row by the minor version of any component", () => {
    expect(releaseOf("kubevirt", "v1.7.0")?.hco).toBe("1.17.3");
    expect(releaseOf("openshift", "4.20.9")?.kubevirt).toBe("1.6.2");
    expect(releaseOf("kubevirt", "1.9.0")).toBeUndefined();
    expect(releaseOf("kubevirt", "latest")).toBeUndefined();
  });

  it("knows three versions of Kubernetes for each", () => {
    const row = RELEASES.at(-2) ?? expect.unreachable();
    expect(["1.31", "1.32.0", "v1.33.1", "1.34", "1.35", "x"].map((version) => supportsKubernetes(row, version))).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
