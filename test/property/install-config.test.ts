import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import {
  formatIssue,
  loadClusterSpec,
  makeIdentity,
  type ParsedInstallConfig,
  parseInstallConfig,
  planMachines,
  redactInstallConfig,
  type ClusterSpec,
  type MachinePlan,
} from "../../src/config/index.ts";
import type { VSpherePlatformSpec } from "../../src/config/platforms/vsphere/index.ts";
import { cpuTime } from "../helpers/cpu-time.ts";
import { systemClock, systemEntropy } from "../../src/util/index.ts";
import { BASES, PATHS, value, VSPHERE_BASES, VSPHERE_PATHS } from "../helpers/odd-install-configs.ts";
import { share } from "../helpers/share.ts";
import { yamlOf } from "../unit/config/verdicts/support.ts";

const SLOWEST = 2000;

/** Every promise that holds for whatever is given. */
function checkPromises(source: string | Uint8Array): ParsedInstallConfig {
  const { result: parsed, milliseconds } = cpuTime(() => parseInstallConfig(source));
  expect(milliseconds).toBeLessThan(SLOWEST);
  expect(parsed.spec === undefined).toBe(parsed.errors.length > 0);
  let before = 0;
  for (const issue of [...parsed.errors]) {
    expect(issue.line).toBeGreaterThanOrEqual(Math.max(1, before));
    expect(issue.column).toBeGreaterThanOrEqual(1);
    expect(issue.message).not.toBe("");
    expect(formatIssue(issue).length).toBeLessThan(2500);
    before = issue.line;
  }
  if (parsed.spec !== undefined) {
    const plan = planMachines(parsed.spec, makeIdentity(parsed.spec.name, systemClock, systemEntropy));
    const addresses = [...plan.flatMap(({ ipAddress }) => ipAddress ?? []), ...new Set([...parsed.spec.vips.api, ...parsed.spec.vips.ingress])];
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(new Set(plan.map(({ name }) => name)).size).toBe(plan.length);
    expect(new Set(plan.map(({ macAddress }) => macAddress)).size).toBe(plan.length);
    // What is stored in the cluster says the same, but for the secrets.
    const stored = redactInstallConfig(source);
    const secret = parsed.spec.pullSecret !== undefined || parsed.spec.platform.name === "vsphere" || stored.includes("<redacted>");
    if (!secret) expect(loadClusterSpec(stored)).toEqual(parsed.spec);
    if (parsed.spec.platform.name === "vsphere") checkVsphere(parsed, parsed.spec, parsed.spec.platform, plan);
  }
  return parsed;
}

/** What the program that makes machines on vSphere builds on. */
function checkVsphere(
  { warnings }: ParsedInstallConfig,
  { distribution, hosts }: ClusterSpec,
  platform: VSpherePlatformSpec,
  plan: readonly MachinePlan[],
): void {
  // OpenShift's installer does not look at what defaultMachinePlatform makes of machines.
  const oddSockets = warnings.some(({ path }) => /^platform\.vsphere\.defaultMachinePlatform\.(?:cpus|coresPerSocket)$/.test(path));
  if (distribution === "kubernetes") expect(oddSockets).toBe(false);
  const domains = new Set(platform.failureDomains.map(({ name }) => name));
  const servers = new Set(platform.vcenters.map(({ server }) => server));
  expect(domains.size).toBe(platform.failureDomains.length);
  expect(servers.size).toBe(platform.vcenters.length);
  for (const { server, topology } of platform.failureDomains) {
    expect(servers).toContain(server);
    // OpenShift's older versions do not look for it.
    if (distribution === "kubernetes")
      expect(platform.vcenters.find((vcenter) => vcenter.server === server)?.datacenters).toContain(topology.datacenter);
    for (const path of [topology.datastore, topology.folder, topology.template].filter((one) => one !== undefined))
      expect(path).toMatch(/^\/[^/].*[^/]$/);
    if (!platform.userProvisioned) expect(topology.resourcePool.startsWith(`${topology.computeCluster}/`)).toBe(true);
    if (!platform.userProvisioned) expect(topology.networks.length).toBeGreaterThan(0);
  }
  for (const machine of plan) {
    expect(domains).toContain(machine.vsphere?.failureDomain);
    if (!oddSockets) expect(machine.cpus % (machine.vsphere?.coresPerSocket ?? 0)).toBe(0);
  }
  // All or none.
  if (hosts.length > 0) expect(plan.filter(({ staticHost }) => staticHost !== undefined)).toHaveLength(plan.length);
}

describe("whatever is in the file, parseInstallConfig answers", { timeout: 900_000 }, () => {
  it("to a valid file with a few changes of any kind", () => {
    let ran = 0;
    let valid = 0;
    const change = fc.tuple(fc.constantFrom(...PATHS), fc.option(value, { nil: undefined }));
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(change, { maxLength: 3 }), (base, changes) => {
        let text: string;
        try {
          text = yamlOf(base, Object.fromEntries(changes));
        } catch (error) {
          // A change inside what an earlier one made a text.
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        ran++;
        if (checkPromises(text).spec !== undefined) valid++;
      }),
      { numRuns: share(6000) },
    );
    expect(ran).toBeGreaterThan(share(5000));
    expect(valid).toBeGreaterThan(share(600));
  });

  it("to a valid file for vSphere with a few changes of any kind", () => {
    let ran = 0;
    let valid = 0;
    const change = fc.tuple(fc.constantFrom(...VSPHERE_PATHS), fc.option(value, { nil: undefined }));
    fc.assert(
      fc.property(fc.constantFrom(...VSPHERE_BASES), fc.array(change, { maxLength: 2 }), (base, changes) => {
        let text: string;
        try {
          text = yamlOf(base, Object.fromEntries(changes));
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        ran++;
        if (checkPromises(text).spec !== undefined) valid++;
      }),
      { numRuns: share(2000) },
    );
    expect(ran).toBeGreaterThan(share(1600));
    expect(valid).toBeGreaterThan(share(300));
  });

  it("to a tree of known keys and any values", () => {
    const known = fc.constantFrom(
      ...new Set(
        PATHS.map(
          (path) =>
            path
              .replaceAll(/\[\d\]/g, "")
              .split(".")
              .at(-1) ?? "",
        ),
      ),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        value,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(known, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(known, tree, { maxKeys: 8 }), (top) => {
        checkPromises(stringify({ apiVersion: "v1", ...top }, { version: "1.1", aliasDuplicateObjects: false }));
      }),
      { numRuns: share(2000) },
    );
  });

  it("to YAML that was cut, doubled or sprinkled", () => {
    const noise = fc.constantFrom(
      "\t",
      ":",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!!set ",
      "|",
      ">",
      "'",
      '"',
      "\n",
      "---\n",
      "...\n",
      "%",
      "#",
      "\u2028",
      "\r",
      "?",
      "<<: ",
      "\u0000",
      "é",
    );
    const edit = fc.tuple(fc.nat(), fc.oneof(noise, fc.constant("")), fc.nat(30));
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(edit, { minLength: 1, maxLength: 4 }), (base, edits) => {
        let text = yamlOf(base, {});
        for (const [at, inserted, removed] of edits)
          text = text.slice(0, at % text.length) + inserted + text.slice((at % text.length) + (inserted === "" ? removed : 0));
        checkPromises(text);
      }),
      { numRuns: share(2000) },
    );
  });

  it("to any text and any bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.uint8Array({ maxLength: 300 })), (source) => void checkPromises(source)),
      { numRuns: share(2000) },
    );
  });
});
