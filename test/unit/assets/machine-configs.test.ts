import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { machineIgnition, parseKeyStore, readTemplates, renderAssets, type KeyStore, type RenderedAssets } from "../../../src/assets/index.ts";
import { fromResource, ignitionText, type IgnitionConfig } from "../../../src/assets/ignition/index.ts";
import { KUBERNETES_TLS } from "../../../src/assets/tls/index.ts";
import { planMachines } from "../../../src/config/machine-plan.ts";
import { IDENTITY, makeSpec } from "./spec.ts";

/** Which private keys are in what machines are given, over all that the cluster has. */
const TEST = join(import.meta.dirname, "../..");
const spec = makeSpec(3, 2);
/** What a compute machine needs to become a node, and no more. */
const OF_COMPUTE = new Set(["kubelet-bootstrap-client", "kube-proxy-client"]);
const ROWS = KUBERNETES_TLS.filter(({ kind }) => kind !== "bundle").map(({ name }) => name);

let keys: KeyStore;
let rendered: RenderedAssets;

beforeAll(async () => {
  keys = parseKeyStore(await readFile(join(TEST, "golden/assets/fixture-keys.json"), "utf8"));
  const templates = await readTemplates(join(TEST, "../templates"));
  rendered = await renderAssets({ spec, identity: IDENTITY, keys, installConfig: "apiVersion: v1\n", templates });
});

/** All text of a config: its files opened, those of configs in it too, and what is in base64 there as it stands. */
function textOf(config: IgnitionConfig): string {
  const resources = [...(config.ignition.config?.merge ?? []), ...(config.storage?.files ?? []).flatMap(({ contents }) => contents ?? [])];
  const texts = resources.map((resource) => {
    if (!resource.source.startsWith("data:")) return JSON.stringify(resource);
    const text = fromResource(resource).toString();
    return text.startsWith('{"ignition":') ? textOf(JSON.parse(text) as IgnitionConfig) : text;
  });
  return [...texts, ignitionText(config)].join("\n");
}

function holds(text: string, row: string): boolean {
  const pem = keys.keys[row]?.privateKey ?? expect.fail(`there is no key ${row}`);
  // As it is, and as a kubeconfig has it.
  return text.includes(pem.trim()) || text.includes(Buffer.from(pem).toString("base64").slice(0, -4));
}

const served = (pool: string): string => textOf(rendered.start.configs.get(pool) ?? expect.fail(`there is no config of ${pool}`));
const started = (name: string, bootstrapping: boolean): string => {
  const machine = planMachines(spec, IDENTITY).find((one) => one.name === `${IDENTITY.infraID}-${name}`) ?? expect.fail(name);
  return textOf(JSON.parse(machineIgnition({ ...rendered, spec, bootstrapping }, machine)) as IgnitionConfig);
};

describe.each(ROWS)("the private key of %s", (row) => {
  it("is with no compute machine, unless a node must have it", () => {
    const texts = [served("worker"), started("worker-0", true), started("worker-0", false), rendered.assets.get("worker.ign")?.content ?? ""];
    if (!OF_COMPUTE.has(row)) expect(texts.map((text) => holds(text, row))).toEqual([false, false, false, false]);
  });

  it("is in no pointer", () => {
    expect(holds(started("master-0", true), row)).toBe(false);
    expect(holds(textOf(JSON.parse(rendered.assets.get("master.ign")?.content ?? "") as IgnitionConfig), row)).toBe(false);
  });

  it("is with a control-plane machine that joins later if it is with the others", () => {
    expect(holds(started("master-0", false), row)).toBe(holds(served("master"), row));
  });
});

describe("what machines are given", () => {
  it("is found by this test where it is", () => {
    for (const row of ["kube-ca", "etcd-ca", "service-account", "admin-kubeconfig-client"])
      expect([row, holds(served("master"), row)]).toEqual([row, true]);
    for (const row of OF_COMPUTE) if (ROWS.includes(row)) expect([row, holds(served("worker"), row)]).toEqual([row, true]);
  });

  it("never has the key that signs tokens, also on the bootstrap machine", () => {
    expect(holds(started("bootstrap", true), "machine-token")).toBe(false);
  });

  it("has the control plane serve compute machines alone", () => {
    const pathsOf = (config: IgnitionConfig | undefined): string[] =>
      (config?.storage?.files ?? []).flatMap(({ path }) => (path.startsWith("/etc/virt-ipi/machine-configs/") ? [path] : []));
    expect(pathsOf(rendered.start.configs.get("master"))).toEqual(["/etc/virt-ipi/machine-configs/worker"]);
    expect(pathsOf(rendered.start.configs.get("worker"))).toEqual([]);
    expect(pathsOf(JSON.parse(rendered.assets.get("bootstrap.ign")?.content ?? "") as IgnitionConfig)).toEqual([
      "/etc/virt-ipi/machine-configs/master",
      "/etc/virt-ipi/machine-configs/worker",
    ]);
  });

  it("has each machine's own token, and no other's", () => {
    const tokens = rendered.start.tokens ?? expect.fail("there are no tokens");
    const machines = planMachines(spec, IDENTITY).filter(({ role }) => role !== "bootstrap");
    for (const { name, pool } of machines) {
      const text = started(name.slice(IDENTITY.infraID.length + 1), true);
      for (const other of machines)
        expect([name, other.name, text.includes(tokens({ pool: other.pool, machine: other.name }))]).toEqual([name, other.name, other.name === name]);
      expect(text).not.toContain(tokens({ pool }));
    }
  });
});
