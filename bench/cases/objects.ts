import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesObject, kubernetesProvider, Namespace, type Manifest } from "../../src/pulumi/kubernetes/index.ts";
import { run } from "../../src/exec/index.ts";
import { clusterFolder, openStack } from "../../src/stack/index.ts";
import { systemClock } from "../../src/util/index.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../test/helpers/kube-control-plane.ts";
import { cacheFolder } from "../../setup/paths.ts";
import { engineAlone } from "../engine-alone.ts";
import { compare, type Comparison } from "../measure.ts";

const COUNT = 500;
const TARGET = 1.5;
const RUNS = 3;

/** Objects in a cluster through `up` with the kubernetes plugin, against kubectl's server-side apply of the same to the same API server. */
export async function objects(): Promise<readonly Comparison[]> {
  const work = await mkdtemp(join(tmpdir(), "bench-"));
  const cluster = await startKubeControlPlane();
  const kubeconfig = join(work, "kubeconfig");
  let number = 0;
  let namespace = "";
  const next = async (): Promise<void> => {
    namespace = `bench-${++number}`;
    await writeFile(
      join(work, `${namespace}.json`),
      JSON.stringify({ apiVersion: "v1", kind: "List", items: [namespaceOf(namespace), ...manifests(namespace)] }),
    );
  };
  try {
    await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
    return [
      await compare({
        name: `objects-${COUNT}`,
        runs: RUNS,
        target: TARGET,
        floor: engineAlone(() => COUNT),
        ours: {
          title: `${COUNT} objects by the Pulumi program`,
          before: next,
          run: () => applyByPulumi(cluster, join(work, `${namespace}.d`), namespace),
          after: () => proven(cluster, namespace),
        },
        baseline: {
          title: `${COUNT} objects by kubectl apply --server-side`,
          before: next,
          run: () =>
            run(
              join(cacheFolder(), "bin", "kubectl"),
              ["apply", "--server-side", "--kubeconfig", kubeconfig, "-f", join(work, `${namespace}.json`)],
              {
                timeoutMs: 600_000,
              },
            ),
          after: () => proven(cluster, namespace),
        },
      }),
    ];
  } finally {
    await cluster.dispose();
    await rm(work, { recursive: true, force: true });
  }
}

const namespaceOf = (name: string): Manifest => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const manifests = (namespace: string): readonly Manifest[] =>
  Array.from({ length: COUNT }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `object-${index}`, namespace, labels: { "app.kubernetes.io/part-of": "bench" } },
    data: { index: String(index), text: "x".repeat(200) },
  }));

async function applyByPulumi(cluster: KubeControlPlane, folder: string, name: string): Promise<void> {
  const driver = await openStack({
    folder: clusterFolder(folder),
    clusterName: "bench",
    reporter: { emit: () => undefined },
    clock: systemClock,
    signal: new AbortController().signal,
    env: process.env,
  });
  await driver.up(() => {
    const provider = kubernetesProvider("cluster", { kubeconfig: cluster.kubeconfig, clusterIdentifier: "bench" });
    const namespace = new Namespace(name, { metadata: { name } }, { provider });
    for (const [index, manifest] of manifests(name).entries())
      new KubernetesObject(`object-${index}`, manifest, { provider, dependsOn: [namespace] });
    return Promise.resolve({});
  });
}

/** A side that has not made all of them has not been measured. */
async function proven(cluster: KubeControlPlane, namespace: string): Promise<void> {
  const { body } = await cluster.request("GET", `/api/v1/namespaces/${namespace}/configmaps?labelSelector=app.kubernetes.io/part-of=bench`);
  const { items } = JSON.parse(body) as { items: readonly unknown[] };
  if (items.length !== COUNT) throw new Error(`${items.length} objects are in ${namespace}, not ${COUNT}`);
}
