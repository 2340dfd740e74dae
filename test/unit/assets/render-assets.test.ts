import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeClusterKeys, rendererOf, renderAssets, type AssetInput, type DistributionRenderer, type KeyStore } from "../../../src/assets/index.ts";
import { fromResource, IgnitionBuilder, ignitionText, type IgnitionConfig } from "../../../src/assets/ignition/index.ts";
import { countingEntropy, IDENTITY, makeSpec } from "./spec.ts";
import { contentHash } from "../../../src/util/index.ts";

/** The smallest distribution: all that `renderAssets` itself does shows, and nothing else. */
const plain: DistributionRenderer = {
  distribution: "kubernetes",
  tlsTable: [
    { kind: "signer", name: "root-ca", subject: { commonName: "root-ca" }, validity: { years: 10 } },
    { kind: "leaf", name: "admin", signer: "root-ca", subject: { commonName: "system:admin" }, usages: ["client"], validity: { years: 10 } },
  ],
  kubeconfigs: [
    { path: "auth/kubeconfig", server: "api", ca: "root-ca", client: "admin", user: "admin" },
    { path: "/etc/kubernetes/loopback", server: "localhost", ca: "root-ca", client: "admin", user: "loopback" },
  ],
  kubeadminPassword: true,
  manifests: () => [{ path: "manifests/secret.yaml", objects: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }] }],
  machineConfigs: (context) => new Map([["master", new IgnitionBuilder().file({ path: "/etc/name", contents: context.spec.name }).build()]]),
  bootstrapIgnition: (context) =>
    new IgnitionBuilder()
      .file(
        ...[...context.manifests].map(([path, contents]) => ({
          path: `/opt/${path}`,
          contents,
          mode: context.secretManifests.has(path) ? 0o600 : 0o644,
        })),
      )
      .file(
        { path: "/opt/hash", contents: context.kubeadmin?.hash ?? "none" },
        { path: "/opt/master", contents: ignitionText(context.machineConfigs.get("master") as IgnitionConfig) },
      )
      .build(),
};

let keys: KeyStore;
beforeAll(async () => {
  keys = await makeClusterKeys(plain, countingEntropy());
});

const input = (change: Partial<AssetInput> = {}): AssetInput => ({
  spec: makeSpec(1, 1),
  identity: IDENTITY,
  keys,
  installConfig: "apiVersion: v1\npullSecret: PLANTED\n",
  templates: new Map(),
  renderer: plain,
  ...change,
});

async function bootstrapFiles(change: Partial<AssetInput> = {}): Promise<Record<string, string>> {
  const { assets } = await renderAssets(input(change));
  const config = JSON.parse(assets.get("bootstrap.ign")?.content ?? "") as IgnitionConfig;
  return Object.fromEntries((config.storage?.files ?? []).map((file) => [file.path, fromResource(file.contents ?? { source: "data:," }).toString()]));
}

describe("renderAssets", () => {
  it("makes every file of the cluster folder, the secret ones 0600", async () => {
    const { assets } = await renderAssets(input());
    expect([...assets].map(([path, file]) => `${path} ${file.mode.toString(8)}`)).toEqual([
      "manifests/cluster-config.yaml 644",
      "manifests/secret.yaml 600",
      "auth/kubeconfig 600",
      "auth/kubeadmin-password 600",
      "master.ign 600",
      "worker.ign 600",
      "bootstrap.ign 600",
      "metadata.json 600",
    ]);
    expect(assets.get("auth/kubeadmin-password")?.content).toBe(keys.kubeadmin?.password);
  });

  it("has no key in a file that others can read, and the pull secret nowhere", async () => {
    const { assets } = await renderAssets(input());
    for (const [path, { content, mode }] of assets) {
      expect(content, path).not.toContain("PLANTED");
      if (mode !== 0o600) expect(content, path).not.toMatch(/PRIVATE KEY|client-key-data/);
    }
  });

  it("points the user's kubeconfig where he says, and no other", async () => {
    const seen: ReadonlyMap<string, string>[] = [];
    const renderer: DistributionRenderer = {
      ...plain,
      bootstrapIgnition: (context) => (seen.push(context.kubeconfigs), plain.bootstrapIgnition(context)),
    };
    const { assets } = await renderAssets(input({ apiAddress: "192.168.126.5", renderer }));
    expect(parse(assets.get("auth/kubeconfig")?.content ?? "")).toMatchObject({ clusters: [{ cluster: { server: "https://192.168.126.5:6443" } }] });
    expect(parse(seen[0]?.get("auth/kubeconfig") ?? "")).toMatchObject({ clusters: [{ cluster: { server: "https://api.demo.example.com:6443" } }] });
  });

  it("lets the user's manifests flow into the bootstrap machine's config", async () => {
    const edited = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine }\n";
    const onDisk = new Map([
      ["manifests/secret.yaml", edited],
      ["openshift/extra.yaml", "apiVersion: v1\nkind: Secret\nmetadata: { name: x }\n"],
    ]);
    const written = new Map([
      ["manifests/secret.yaml", contentHash("as rendered")],
      ["manifests/cluster-config.yaml", contentHash("as rendered")],
    ]);
    const change = { manifestsOnDisk: onDisk, manifestsWritten: written };
    const { assets, manifests } = await renderAssets(input(change));
    expect(manifests).toMatchObject({
      edited: ["manifests/secret.yaml"],
      extra: ["openshift/extra.yaml"],
      removed: ["manifests/cluster-config.yaml"],
    });
    expect(assets.get("manifests/secret.yaml")).toEqual({ content: edited, mode: 0o644 });
    expect(assets.get("openshift/extra.yaml")?.mode).toBe(0o600);
    const files = await bootstrapFiles(change);
    expect(files["/opt/manifests/secret.yaml"]).toBe(edited);
    expect(Object.keys(files)).toContain("/opt/openshift/extra.yaml");
    expect(Object.keys(files)).not.toContain("/opt/manifests/cluster-config.yaml");
  });

  it("hands the hash of the password to the cluster, never the password", async () => {
    const files = await bootstrapFiles();
    expect(files["/opt/hash"]).toBe(keys.kubeadmin?.hash);
    expect(JSON.stringify(files)).not.toContain(keys.kubeadmin?.password);
  });

  it("makes no password where the distribution has no such user", async () => {
    const without = { ...plain, kubeadminPassword: false };
    const ownKeys = await makeClusterKeys(without, countingEntropy());
    const { assets } = await renderAssets(input({ renderer: without, keys: ownKeys }));
    expect(ownKeys).not.toHaveProperty("kubeadmin");
    expect([...assets.keys()]).not.toContain("auth/kubeadmin-password");
  });

  it("says so when the key store belongs to a distribution without one", async () => {
    const { kubeadmin: _, ...rest } = keys;
    await expect(renderAssets(input({ keys: rest }))).rejects.toMatchObject({ id: "KEYS_INVALID" });
  });
});

describe("distributions", () => {
  it.each(["openshift", "okd"] as const)("%s is not yet supported", async (distribution) => {
    const { renderer: _, ...rest } = input({ spec: makeSpec(1, 1, { distribution }) });
    await expect(renderAssets(rest)).rejects.toMatchObject({ id: "DISTRIBUTION_UNSUPPORTED", value: distribution, exitCode: 3 });
  });

  it("kubernetes is", () => {
    expect(rendererOf(makeSpec(1, 1)).distribution).toBe("kubernetes");
  });
});

it("keeps the password when keys are completed", async () => {
  const again = await makeClusterKeys(plain, countingEntropy(), keys);
  expect(again).toEqual(keys);
});
