import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInfraID } from "../../src/config/index.ts";
import { isInstallerError } from "../../src/errors/index.ts";
import type { Runner } from "../../src/exec/index.ts";
import { platformFor, type OwnedObject, type Platform, type PlatformMetadata } from "../../src/providers/index.ts";

/** What a finder would read as more than one name. */
const PATTERN = /(?<!\\)[*?[]/;
const HOSTILE = ["*", "?", "[a-z]", "..", "/", "\\", "'", "\n", " ", "payroll-db", "customer-*", "demo-x7k2p"];
const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(...HOSTILE),
  fc.array(fc.constantFrom(...HOSTILE, "demo", "-", "x7k2p", "master-0"), { maxLength: 5 }).map((parts) => parts.join("")),
);
const ID = "demo-x7k2p";
/** Now and then a word is a name of that form as well. */
const infraID = fc.oneof(fc.constant(ID), word);
const machines = fc.array(
  fc.oneof(
    word,
    word.map((rest) => `${ID}-${rest}`),
  ),
  { maxLength: 3 },
);

/** What a vCenter tells of somebody else's machine. */
const FOREIGN = JSON.stringify([
  { name: "name", val: "payroll-db" },
  { name: "summary.vm", val: { type: "VirtualMachine", value: "vm-7" } },
  { name: "runtime.powerState", val: "poweredOn" },
]);

/** Scans, then removes all that was found, and once more what nobody found. @returns the arguments of every program that was run */
async function walk(platform: Platform, id: string, metadata: PlatformMetadata, answer: (args: readonly string[]) => string): Promise<string[][]> {
  const calls: string[][] = [];
  const run: Runner = (_file, args) => {
    calls.push([...args]);
    return Promise.resolve({ stdout: answer(args), stderr: "", exitCode: 0 });
  };
  const context = { run, signal: new AbortController().signal, env: {} };
  try {
    const kinds = ["domain", "network", "volume", "pool", "vm", "folder", "tag", "cluster-rule"];
    const planted = kinds.map((kind): OwnedObject => ({ kind, name: "payroll-db", id: "vc.example.com/payroll-db" }));
    for (const object of [...(await platform.scan(id, metadata, context)), ...planted])
      await platform.remove(id, object, metadata, context).catch((error: unknown) => {
        if (!isInstallerError(error)) throw error;
      });
  } catch (error) {
    if (!isInstallerError(error)) throw error;
  }
  return calls;
}

describe("whatever metadata.json holds", () => {
  it("on KVM only volumes of the cluster's own form are removed, and nothing is asked for a name that is none", async () =>
    await fc.assert(
      fc.asyncProperty(infraID, machines, word, fc.boolean(), async (id, names, pool, poolOwned) => {
        const metadata = { platform: "kvm", uri: "test:///default", pool, poolOwned, machines: names };
        const volumes = ["payroll-db", "payroll-db.qcow2", ...names.map((name) => `${name}.qcow2`)];
        const calls = await walk(platformFor("kvm"), id, metadata, ([, , , command]) => {
          if (command === "pool-dumpxml") return `<pool type='dir'><name>${ID}</name><uuid>u</uuid><target><path>/p</path></target></pool>`;
          if (command === "vol-list") return volumes.map((name) => ` ${name}  /p/${name}`).join("\n");
          return "";
        });
        const removed = calls.filter((args) => args.includes("vol-delete")).map((args) => args.at(-1) ?? "");
        for (const name of removed) expect(name.startsWith(`${id}-`) && /^[a-z0-9.-]+$/.test(name), name).toBe(true);
        // A pool may have any name: the user's own keeps the cluster's volumes where `poolOwned` is false.
        const targets = (args: readonly string[]): readonly string[] => args.filter((_arg, index) => args[index - 1] !== "--pool");
        for (const args of calls.filter((each) => /delete|destroy|undefine/.test(each.join(" ")))) expect(targets(args)).not.toContain("payroll-db");
        if (calls.length > 0) expect(isInfraID(id), id).toBe(true);
      }),
      { numRuns: 300 },
    ));

  it("on vSphere no name is a pattern, but the one that ends the cluster's own", async () =>
    await fc.assert(
      fc.asyncProperty(infraID, machines, word, word, word, async (id, names, cluster, folder, zone) => {
        const metadata = {
          platform: "vsphere",
          VCenters: [{ vCenter: "vc.example.com", username: "u", password: "p" }],
          failureDomains: [{ name: zone, vCenter: "vc.example.com", computeCluster: `/DC/host/${cluster}`, folder: `/DC/vm/${folder}` }],
          machines: names,
        };
        const calls = await walk(platformFor("vsphere"), id, metadata, ([command]) => (command === "object.collect" ? FOREIGN : "null"));
        for (const args of calls) for (const arg of args) if (arg !== `${id}-*`) expect(arg).not.toMatch(PATTERN);
        expect(calls.filter(([command]) => /destroy|rm$|remove|power/.test(command ?? ""))).toEqual([]);
        if (calls.length > 0) expect(isInfraID(id), id).toBe(true);
      }),
      { numRuns: 300 },
    ));
});
