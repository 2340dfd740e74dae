import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CustomResource, kubernetesProvider, KubernetesObject, Namespace, Secret, type Manifest } from "../../../src/pulumi/kubernetes/index.ts";
import type { StackDriver } from "../../../src/stack/index.ts";
import { DELETING_CONTROLLERS, widgetDefinition } from "../../helpers/kubernetes-plugin.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { stackBench, type StackBench } from "../../helpers/stack-bench.ts";

/** Each update starts an engine and its plugins. */
const MINUTE = 60_000;

let cluster: KubeControlPlane;
let bench: StackBench;
let driver: StackDriver;
let stop: AbortController;

beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: DELETING_CONTROLLERS });
});
afterAll(() => cluster?.dispose());
beforeEach(async () => {
  stop = new AbortController();
  bench = await stackBench();
  driver = await bench.open({ signal: stop.signal });
});
afterEach(async () => {
  // An update that a failed test has left behind.
  stop.abort();
  await bench?.remove();
});

type Options = pulumi.CustomResourceOptions;

/** A program whose objects lie in the cluster. */
const within =
  (declare: (options: Options) => void, kubeconfig = cluster.kubeconfig) =>
  () => {
    declare({ provider: kubernetesProvider("cluster", { kubeconfig, clusterIdentifier: "test" }) });
    return Promise.resolve({});
  };

const configMap = (name: string, namespace: string, data: Record<string, unknown>): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

/** Each thing with its own name, so that nothing of one test is in the way of another. */
const inNamespace = (name: string, declare: (options: Options) => void) =>
  within((options) => {
    const namespace = new Namespace(name, { metadata: { name } }, options);
    declare({ ...options, dependsOn: [namespace] });
  });

const status = async (path: string): Promise<number> => (await cluster.request("GET", path)).status;
const get = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await cluster.request("GET", path)).body) as Record<string, unknown>;
const count = async (namespace: string): Promise<number> =>
  ((await get(`/api/v1/namespaces/${namespace}/configmaps`))["items"] as { metadata: { name: string } }[]).filter(({ metadata }) =>
    metadata.name.startsWith("c-"),
  ).length;

async function stateText(): Promise<string> {
  const folder = join(bench.folder.state, ".pulumi", "stacks", "virt-ipi");
  const [file] = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return await readFile(join(folder, file ?? ""), "utf8");
}

describe("a program under Pulumi's engine", { timeout: 5 * MINUTE }, () => {
  it("makes objects, keeps them, and takes them away with all that is theirs", async () => {
    const program = inNamespace("life", (options) => {
      const definition = new KubernetesObject("widgets", widgetDefinition() as unknown as Manifest, options);
      const after = { ...options, dependsOn: [definition] };
      // The garbage collector takes half a minute to learn of a new kind, and the foreground waits for it.
      const metadata = { name: "w", namespace: "life", annotations: { "pulumi.com/deletionPropagationPolicy": "background" } };
      new CustomResource("w", { apiVersion: "test.example.com/v1", kind: "Widget", metadata, spec: { size: 3 } }, after);
      new KubernetesObject("c", configMap("c-1", "life", { a: "1" }), options);
    });
    expect((await driver.up(program)).changes).toEqual({ create: 6 });
    expect(await get("/apis/test.example.com/v1/namespaces/life/widgets/w")).toMatchObject({ spec: { size: 3 } });
    expect((await driver.up(program)).changes).toEqual({ same: 6 });
    await driver.destroy();
    expect(await status("/api/v1/namespaces/life")).toBe(404);
    expect(await status("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.test.example.com")).toBe(404);
  });

  it("shows in a preview what depends on something unknown, and makes it when it is known", async () => {
    const program = inNamespace("unknowns", (options) => {
      const first = new KubernetesObject("first", configMap("c-first", "unknowns", {}), options);
      const uid = first.metadata.apply(({ uid: known }) => `uid ${known}`);
      new KubernetesObject("second", configMap("c-second", "unknowns", { uid }), options);
    });
    expect(await driver.preview(program)).toMatchObject({ create: 5 });
    expect(await count("unknowns").catch(() => 0)).toBe(0);
    await driver.up(program);
    const { metadata } = (await get("/api/v1/namespaces/unknowns/configmaps/c-first")) as { metadata: { uid: string } };
    expect((await get("/api/v1/namespaces/unknowns/configmaps/c-second"))["data"]).toEqual({ uid: `uid ${metadata.uid}` });
  });

  it("makes anew what cannot be changed, and tells a conflict by its manager", async () => {
    // A kind whose deletion is over at once: one that is collected in the background may still be there when it is made again.
    const storageClass = (type: string): Manifest => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "changes" },
      provisioner: "example.com/none",
      parameters: { type },
    });
    const program = (type: string, value: string) =>
      inNamespace("changes", (options) => {
        new KubernetesObject("class", storageClass(type), options);
        new KubernetesObject("shared", configMap("c-shared", "changes", { value }), options);
      });
    await driver.up(program("a", "1"));
    expect(await driver.preview(program("b", "1"))).toMatchObject({ replace: 1, same: 4 });
    expect((await driver.up(program("b", "1"))).changes).toMatchObject({ replace: 1, same: 4 });
    expect(await get("/apis/storage.k8s.io/v1/storageclasses/changes")).toMatchObject({ parameters: { type: "b" } });
    await cluster.request("PATCH", "/api/v1/namespaces/changes/configmaps/c-shared?fieldManager=their-controller", { data: { value: "theirs" } });
    await expect(driver.up(program("b", "2"))).rejects.toMatchObject({
      id: "KUBE_CONFLICT",
      value: "shared",
      details: expect.arrayContaining([expect.stringContaining('.data.value is set by "their-controller"')]) as string[],
    });
  });

  it("has neither kubeconfig nor secrets in clear in the state", async () => {
    const planted = "planted-secret-value";
    const program = inNamespace("secrets", (options) => {
      new Secret("s", { metadata: { name: "s", namespace: "secrets" }, stringData: { password: planted } }, options);
      new KubernetesObject("c", configMap("c-1", "secrets", { inside: pulumi.secret(planted) }), options);
    });
    await driver.up(program);
    expect((await get("/api/v1/namespaces/secrets/configmaps/c-1"))["data"]).toEqual({ inside: planted });
    const state = await stateText();
    expect(state).toMatch(/"c-1"/);
    for (const secret of [planted, Buffer.from(planted).toString("base64"), "client-key-data"]) expect(state).not.toContain(secret);
    expect(JSON.stringify(bench.events)).not.toContain(planted);
  });

  it("loses nothing when the cluster does not answer", async () => {
    const declare = (options: Options): void => void new KubernetesObject("c", configMap("c-1", "default", { a: "1" }), options);
    await driver.up(within(declare));
    const elsewhere = cluster.kubeconfig.replace(/https:\/\/127\.0\.0\.1:\d+/, "https://127.0.0.1:1");
    const changed = (options: Options): void => void new KubernetesObject("c", configMap("c-1", "default", { a: "2" }), options);
    await expect(driver.up(within(changed, elsewhere))).rejects.toMatchObject({ id: "KUBE_UNREACHABLE" });
    expect((await driver.recover()).filter((urn) => urn.endsWith("::c"))).toHaveLength(1);
    // The same cluster by another kubeconfig: nothing is made anew.
    expect((await driver.up(within(changed))).changes).toMatchObject({ update: 2, same: 1 });
    await driver.destroy();
    expect(await status("/api/v1/namespaces/default/configmaps/c-1")).toBe(404);
  });
});

describe("many objects", { timeout: 10 * MINUTE }, () => {
  const program = (namespace: string, objects: number) =>
    inNamespace(namespace, (options) => {
      for (let index = 0; index < objects; index++)
        new KubernetesObject(`c-${index}`, configMap(`c-${index}`, namespace, { text: "x".repeat(200) }), options);
    });

  it("makes 500 in one update, keeps them, and takes them away", async () => {
    // The engine writes its whole state twice for each object, nine tenths of the time; that part is not the plugin's.
    const quick = await bench.open({ signal: stop.signal, env: { ...bench.env, PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } });
    expect((await quick.up(program("many", 500))).changes).toEqual({ create: 503 });
    expect(await count("many")).toBe(500);
    expect((await quick.up(program("many", 500))).changes).toEqual({ same: 503 });
    await quick.destroy();
    expect(await status("/api/v1/namespaces/many")).toBe(404);
  });

  it("goes on when the API server restarts in the middle of an update", async () => {
    const updating = driver.up(program("restarted", 150));
    await expect.poll(() => count("restarted").catch(() => 0), { timeout: 5 * MINUTE, interval: 50 }).toBeGreaterThan(20);
    await cluster.stopApiServer();
    await cluster.startApiServer();
    expect((await updating).changes).toEqual({ create: 153 });
    expect(await count("restarted")).toBe(150);
  });
});
