import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Vcsim } from "../../../tools/vcsim/index.ts";
import { smallOva, type SmallOva } from "../../helpers/small-ova.ts";
import { testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain } from "../../helpers/vsphere-cluster.ts";
import { vsphereInstallation, type Run, type VSphereInstallation } from "../../helpers/vsphere-installation.ts";

/** Secrets that an install-config may have, in the form in which they would be seen. */
const PROXY = "Canary-Proxy-4711";
const PULL = "Q2FuYXJ5OlB1bGwtNDcxMg==";

let folder: string;
let ova: SmallOva;
let vcsim: Vcsim;
let cluster: VSphereInstallation;

beforeAll(async () => {
  folder = await mkdtemp("/tmp/vt-secrets-");
  ova = await smallOva(join(folder, "node.ova"));
  vcsim = await testVcsim({ password: "Canary-vCenter-4713" });
  cluster = await vsphereInstallation(oneDomain(vcsim), [vcsim], {
    platform: { clusterOSImage: ova.path },
    config: {
      pullSecret: JSON.stringify({ auths: { "registry.example.com": { auth: PULL } } }),
      proxy: { httpProxy: `http://user:${PROXY}@proxy.example.com:3128` },
    },
  });
});
afterAll(async () => {
  await cluster.dispose();
  await vcsim.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the user wrote, and what a secret is for: keys to the vCenter, and the configs of machines. */
const MAY_HOLD: Readonly<Record<string, RegExp>> = {
  password: /^(?:install-config\.yaml|metadata\.json)$/,
  proxy: /^install-config\.yaml$/,
  pullSecret: /^install-config\.yaml$/,
};

/** Where each secret is found in clear, compressed files opened. */
async function findings(run: Run): Promise<readonly string[]> {
  const secrets = { password: vcsim.password, proxy: PROXY, pullSecret: PULL };
  const texts: (readonly [string, string])[] = [["the output", run.output]];
  for (const entry of await readdir(cluster.dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    texts.push([relative(cluster.dir, path), (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1")]);
  }
  return Object.entries(secrets).flatMap(([name, secret]) =>
    texts.filter(([path, text]) => text.includes(secret) && MAY_HOLD[name]?.test(path) !== true).map(([path]) => `${name} in ${path}`),
  );
}

it("no secret stands in output, log, state, bundle or receipt of a cluster that is made, gathered and destroyed", async () => {
  const made = await cluster.createInfra();
  expect(made.code, made.output).toBe(0);
  const state = (await readdir(cluster.dir, { recursive: true })).filter((path) => path.includes("stacks/") && path.endsWith(".json"));
  expect(state).not.toEqual([]);
  expect(await findings(made)).toEqual([]);
  const gathered = await cluster.cli(["gather"]);
  expect(gathered.code, gathered.output).toBe(0);
  expect((await readdir(cluster.dir)).filter((name) => name.endsWith(".tar.gz"))).not.toEqual([]);
  expect(await findings(gathered)).toEqual([]);
  const destroyed = await cluster.cli(["destroy", "cluster"]);
  expect(destroyed.code, destroyed.output).toBe(0);
  expect((await readdir(cluster.dir)).filter((name) => name.startsWith("destroy-"))).not.toEqual([]);
  expect(await findings(destroyed)).toEqual([]);
});
