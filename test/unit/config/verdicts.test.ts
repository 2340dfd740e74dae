import { describe, expect, it } from "vitest";
import { parseInstallConfig } from "../../../src/config/index.ts";
import { BAREMETAL } from "./verdicts/baremetal.ts";
import { GATES } from "./verdicts/gates.ts";
import { IDENTITY } from "./verdicts/identity.ts";
import { KVM } from "./verdicts/kvm.ts";
import { LENIENT } from "./verdicts/lenient.ts";
import { LENIENT_VALUES } from "./verdicts/lenient-values.ts";
import { MACHINE_API } from "./verdicts/machine-api.ts";
import { MODES } from "./verdicts/modes.ts";
import { NETWORKING } from "./verdicts/networking.ts";
import { POOLS } from "./verdicts/pools.ts";
import { RELEASE } from "./verdicts/release.ts";
import { type Case, yamlOf } from "./verdicts/support.ts";
import { VIPS } from "./verdicts/vips.ts";
import { DOMAINS } from "./verdicts/vsphere-domains.ts";
import { MACHINES } from "./verdicts/vsphere-machines.ts";
import { DISK_SETUP } from "./verdicts/disk-setup.ts";
import { NETWORK_SENSE } from "./verdicts/network-sense.ts";
import { VCENTERS } from "./verdicts/vsphere-vcenters.ts";
import { VIRTUALIZATION } from "./verdicts/virtualization.ts";

const TABLES: Readonly<Record<string, readonly Case[]>> = {
  IDENTITY,
  NETWORKING,
  VIPS,
  POOLS,
  MODES,
  KVM,
  MACHINE_API,
  VCENTERS,
  DOMAINS,
  MACHINES,
  VIRTUALIZATION,
  NETWORK_SENSE,
  DISK_SETUP,
  RELEASE,
  GATES,
  BAREMETAL,
};

const pairs = (list: readonly { path: string; kind: string }[]): string[] => list.map(({ path, kind }) => `${path}: ${kind}`).toSorted();

describe.each(Object.entries(TABLES))("verdicts of %s", (_, cases) => {
  it.each(cases.map((one) => ({ title: one[0], one })))("$title", ({ one: [, base, change, ...expected] }) => {
    const { errors, spec } = parseInstallConfig(yamlOf(base, change));
    expect(pairs(errors)).toEqual(pairs(expected.map(([path, kind]) => ({ path, kind }))));
    for (const [path, kind, fragment] of expected)
      expect(errors.filter((error) => error.path === path && error.kind === kind).map(({ message }) => message)).toContainEqual(
        expect.stringContaining(fragment),
      );
    expect(spec === undefined).toBe(expected.length > 0);
  });
});

describe("what OpenShift's installer accepts", () => {
  it.each([...LENIENT, ...LENIENT_VALUES].map((row) => ({ title: row[0], row })))("$title", ({ row: [, base, change, path, fragment, upstream] }) => {
    const { errors, warnings, spec } = parseInstallConfig(yamlOf(base, change));
    expect(errors).toEqual([]);
    expect(spec).toBeDefined();
    const told = warnings.filter((warning) => warning.path === path && warning.message.includes(fragment));
    expect(told.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/; OpenShift's installer accepts it(?: for manifests and Ignition configs, but not to create the machines itself)?$/),
    );
    if (upstream === undefined) return;
    const kubernetes = parseInstallConfig(yamlOf(upstream, change)).errors.filter((error) => error.path === path);
    expect(kubernetes.map(({ message }) => message)).toContainEqual(expect.stringContaining(fragment));
    expect(kubernetes.some(({ message }) => message.includes("accepts it"))).toBe(false);
  });
});

describe("the tables", () => {
  const all = Object.values(TABLES).flat();

  it("hold at least 150 cases, of which a good part must pass", () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(all.filter((one) => one.length === 3).length).toBeGreaterThanOrEqual(50);
  });

  it("hold at least 150 cases of vsphere, of which a good part must pass", () => {
    const vsphere = [...VCENTERS, ...DOMAINS, ...MACHINES];
    expect(vsphere.length).toBeGreaterThanOrEqual(150);
    expect(vsphere.filter((one) => one.length === 3).length).toBeGreaterThanOrEqual(50);
  });

  it("say nothing twice", () => {
    expect(new Set(all.map(([title]) => title)).size).toBe(all.length);
  });
});
