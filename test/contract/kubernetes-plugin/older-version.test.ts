import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { CustomResourcePatch, KubernetesObject, kubernetesProvider, withFieldManager, type Manifest } from "../../../src/pulumi/kubernetes/index.ts";
import { unawaited } from "../../../src/virtualization/program/manifests.ts";
import { cacheFolder } from "../../../setup/paths.ts";
import { DELETING_CONTROLLERS } from "../../helpers/kubernetes-plugin.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { stackBench, type StackBench } from "../../helpers/stack-bench.ts";

/** What virt-ipi left whose objects in a cluster were made by a kubernetes plugin of its own, by Pulumi 3.230. */
const OLDER = resolve("test/fixtures/cluster-of-our-kubernetes-plugin");
const STATE = ".virt-ipi/state/.pulumi/stacks/virt-ipi/test.json";
const STORAGE_CLASS = "/apis/storage.k8s.io/v1/storageclasses/theirs";
const MARK = "storageclass.kubevirt.io/is-default-virt-class";

const objects = (value: string): Readonly<Record<string, Manifest>> => ({
  namespace: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } },
  settings: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "kept" }, data: { value } },
  secret: { apiVersion: "v1", kind: "Secret", metadata: { name: "secret", namespace: "kept" }, data: { password: "aGVsbG8gd29ybGQ=" } },
  operator: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "operator", namespace: "kept" },
    spec: {
      selector: { matchLabels: { app: "a" } },
      template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "registry.test/c" }] } },
    },
  },
});
const mark = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "theirs", annotations: { [MARK]: "true" } } };

let cluster: KubeControlPlane;
let bench: StackBench;
beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: DELETING_CONTROLLERS });
});
afterAll(() => cluster?.dispose());
beforeEach(async () => {
  bench = await stackBench();
});
afterEach(() => bench?.remove());

const program = (value: string) => () => {
  const parent = new pulumi.ComponentResource("virt-ipi:virtualization:Virtualization", "virtualization");
  const provider = kubernetesProvider("cluster", { kubeconfig: cluster.kubeconfig, clusterIdentifier: "test" }, { parent });
  const { namespace, ...others } = objects(value);
  const options = { parent, provider };
  const dependsOn = namespace === undefined ? [] : [new KubernetesObject("namespace", namespace, options)];
  for (const [name, manifest] of Object.entries(others)) new KubernetesObject(name, unawaited(manifest), { ...options, dependsOn });
  const type = "kubernetes:storage.k8s.io/v1:StorageClassPatch";
  new CustomResourcePatch("mark", { ...mark, metadata: withFieldManager(mark.metadata, "mark", type, options) }, { ...options, dependsOn });
  return Promise.resolve({});
};

/** The objects as that version left them, each under the field manager that the state names. */
async function makeObjects(): Promise<void> {
  const { checkpoint } = JSON.parse(await readFile(join(OLDER, STATE), "utf8")) as {
    checkpoint: { latest: { resources: readonly { urn: string; outputs?: { __fieldManager?: string } }[] } };
  };
  const kubeconfig = await cluster.file("apply.kubeconfig", cluster.kubeconfig);
  for (const [name, manifest] of Object.entries({ ...objects("1"), mark })) {
    const manager = checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.__fieldManager;
    const file = await cluster.file(`${name}.json`, JSON.stringify(manifest));
    await run(join(cacheFolder(), "bin/kubectl"), [
      "apply",
      "--server-side",
      `--field-manager=${manager}`,
      `--kubeconfig=${kubeconfig}`,
      `--filename=${file}`,
    ]);
  }
}

it("goes on with what an older version made, replaces nothing, and removes it", async () => {
  await cluster.create("/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "theirs" },
    provisioner: "example.com/none",
  });
  await makeObjects();
  await cp(OLDER, bench.folder.root, { recursive: true });
  await writeFile(bench.folder.stack, JSON.stringify({ stack: "test", backend: `file://${bench.folder.state}` }));
  const driver = await bench.open();
  expect(Object.keys(await driver.preview(program("1"))).filter((operation) => !["same", "update"].includes(operation))).toEqual([]);
  expect(Object.keys((await driver.up(program("1"))).changes).toSorted()).toEqual(["same", "update"]);
  expect((await driver.up(program("1"))).changes).toEqual({ same: 8 });
  expect((await driver.up(program("2"))).changes).toEqual({ same: 7, update: 1 });
  const get = async (path: string): Promise<{ readonly status: number; readonly body: string }> => await cluster.request("GET", path);
  expect((await get("/api/v1/namespaces/kept/configmaps/settings")).body).toContain('"value":"2"');
  expect((await get(STORAGE_CLASS)).body).toContain(`"${MARK}":"true"`);
  await driver.destroy();
  expect((await get("/api/v1/namespaces/kept")).status).toBe(404);
  const left = await get(STORAGE_CLASS);
  expect(left.status).toBe(200);
  expect(left.body).not.toContain(MARK);
});
