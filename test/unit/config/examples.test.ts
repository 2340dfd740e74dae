import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  type ClusterSpec,
  type CredentialSource,
  loadClusterSpec,
  type MachinePlan,
  makeIdentity,
  parseInstallConfig,
  planMachines,
} from "../../../src/config/index.ts";
import { systemClock, systemEntropy } from "../../../src/util/index.ts";

const examples = (await readdir("examples")).map((name) => `examples/${name}`);
const files = ["install-config.example.yaml", ...examples];

/** Whoever runs an example has set what it refers to. */
const CREDENTIALS: CredentialSource = { env: () => "set", file: () => ({ text: "there" }) };
const load = async (file: string): Promise<ClusterSpec> => loadClusterSpec(await readFile(file), file, CREDENTIALS);
const plan = (spec: ClusterSpec): readonly MachinePlan[] => planMachines(spec, makeIdentity(spec.name, systemClock, systemEntropy));

/** Control-plane machines, compute machines, and whether virt-ipi knows their addresses. */
const SIZES: Readonly<Record<string, readonly [number, number, boolean]>> = {
  "install-config.example.yaml": [3, 2, true],
  "examples/kvm-single-node.yaml": [1, 0, true],
  "examples/kvm-compact.yaml": [3, 0, true],
  "examples/kvm-3-plus-2.yaml": [3, 2, true],
  "examples/kvm-demo.yaml": [1, 1, true],
  "examples/vsphere.yaml": [3, 2, false],
  "examples/vsphere-zones.yaml": [3, 4, false],
  "examples/vsphere-static.yaml": [1, 2, true],
};

describe("the examples", () => {
  it("are all known here", () => {
    expect(files.toSorted()).toEqual(Object.keys(SIZES).toSorted());
  });

  it.each(files)("%s is valid, without warnings", async (file) => {
    const { errors, warnings, spec } = parseInstallConfig(await readFile(file), file);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(spec?.distribution).toBe("kubernetes");
  });

  it.each(Object.entries(SIZES))("%s has the machines it promises", async (file, [controlPlane, compute, known]) => {
    const machines = plan(await load(file));
    expect(machines.filter(({ role }) => role === "control-plane")).toHaveLength(controlPlane);
    expect(machines.filter(({ role }) => role === "compute")).toHaveLength(compute);
    expect(machines.every(({ ipAddress }) => (ipAddress !== undefined) === known)).toBe(true);
  });

  it("spread over zones as their comments say", async () => {
    const machines = plan(await load("examples/vsphere-zones.yaml"));
    expect(machines.map(({ role, vsphere }) => `${role} ${vsphere?.failureDomain ?? ""} ${vsphere?.dataDisks.length ?? 0}`)).toEqual([
      "bootstrap east-1 0",
      "control-plane east-1 0",
      "control-plane east-2 0",
      "control-plane west-1 0",
      "compute east-1 1",
      "compute west-1 1",
      "compute east-1 1",
      "compute west-1 1",
    ]);
  });

  it("has the course cluster's name", async () => {
    expect((await load("install-config.example.yaml")).clusterDomain).toBe("ocp4.example.com");
  });

  it("has a demo that fits a small host", async () => {
    const machines = plan(await load("examples/kvm-demo.yaml"));
    expect(machines.reduce((sum, { memoryMB }) => sum + memoryMB, 0)).toBeLessThanOrEqual(7168);
  });
});
