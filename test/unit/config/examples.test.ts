import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { loadClusterSpec, makeIdentity, parseInstallConfig, planMachines } from "../../../src/config/index.ts";
import { systemClock, systemEntropy } from "../../../src/util/index.ts";

const kvmExamples = (await readdir("examples")).filter((name) => name.startsWith("kvm-")).map((name) => `examples/${name}`);
const files = ["install-config.example.yaml", ...kvmExamples];

/** Control-plane machines, compute machines. */
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  "install-config.example.yaml": [3, 2],
  "examples/kvm-single-node.yaml": [1, 0],
  "examples/kvm-compact.yaml": [3, 0],
  "examples/kvm-3-plus-2.yaml": [3, 2],
  "examples/kvm-demo.yaml": [1, 1],
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

  it.each(Object.entries(SIZES))("%s has the machines it promises", async (file, [controlPlane, compute]) => {
    const spec = loadClusterSpec(await readFile(file));
    const plan = planMachines(spec, makeIdentity(spec.name, systemClock, systemEntropy));
    expect(plan.filter(({ role }) => role === "control-plane")).toHaveLength(controlPlane);
    expect(plan.filter(({ role }) => role === "compute")).toHaveLength(compute);
    expect(plan.every(({ ipAddress }) => ipAddress !== undefined)).toBe(true);
  });

  it("has the course cluster's name", async () => {
    expect(loadClusterSpec(await readFile("install-config.example.yaml")).clusterDomain).toBe("ocp4.example.com");
  });

  it("has a demo that fits a small host", async () => {
    const spec = loadClusterSpec(await readFile("examples/kvm-demo.yaml"));
    const plan = planMachines(spec, makeIdentity(spec.name, systemClock, systemEntropy));
    expect(plan.reduce((sum, { memoryMB }) => sum + memoryMB, 0)).toBeLessThanOrEqual(7168);
  });
});
