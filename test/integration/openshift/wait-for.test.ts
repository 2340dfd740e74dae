import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../../helpers/cli.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { until } from "../../helpers/machine-api.ts";
import { installOpenShiftApi } from "../../helpers/openshift-api.ts";
import { yamlOf, none } from "../../unit/config/verdicts/support.ts";

/**
 * `virt-ipi wait-for` with a real API server and OpenShift's own definition of ClusterVersion. Those of operators and routes come with a release image,
 * so that they are defined here as far as they are read.
 */

const CONFIG = "/apis/config.openshift.io/v1";
let plane: KubeControlPlane;
let folder: string;

beforeAll(async () => {
  plane = await startKubeControlPlane();
  await installOpenShiftApi(plane, "4.21", "");
  await define("config.openshift.io", "ClusterOperator", "Cluster");
  await define("route.openshift.io", "Route", "Namespaced");
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-wait-"));
  await writeFile(join(folder, "install-config.yaml"), yamlOf(none, {}), { mode: 0o600 });
  expect((await cli(["create", "ignition-configs", "--dir", folder])).code).toBe(0);
  // The cluster's name leads to nothing here: the same user with the address of this API server.
  await copyFile(await plane.file("admin", plane.kubeconfig), join(folder, "auth", "kubeconfig"));
}, 300_000);
afterAll(async () => {
  await plane?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const condition = (type: string, status: string, message = "") => ({
  type,
  status,
  message,
  reason: "AsExpected",
  lastTransitionTime: new Date().toISOString(),
});

async function define(group: string, kind: string, scope: "Cluster" | "Namespaced"): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  await plane.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema, ...(scope === "Cluster" ? { subresources: { status: {} } } : {}) }],
    },
  });
  await until(`${plural} are served`, async () => (await plane.request("GET", `/apis/${group}/v1/${plural}`)).status === 200, 60_000);
}

async function report(plural: string, name: string, status: object): Promise<void> {
  const before = JSON.parse((await plane.request("GET", `${CONFIG}/${plural}/${name}`)).body) as object;
  const { status: code, body } = await plane.request("PUT", `${CONFIG}/${plural}/${name}/status`, { ...before, status });
  if (code !== 200) throw new Error(body);
}

const version = (...conditions: readonly object[]): Promise<void> =>
  report("clusterversions", "version", {
    conditions,
    desired: { version: "4.21.0", image: "registry.example.com/release:1" },
    observedGeneration: 1,
    versionHash: "x",
    availableUpdates: [],
  });

describe("wait-for on machines that the user has started", () => {
  it("bootstrap-complete: out of time it says what was missing, then it goes by the ConfigMap", async () => {
    const early = await cli(["wait-for", "bootstrap-complete", "--dir", folder, "--timeout", "bootstrap=1s"]);
    expect([early.code, early.stderr]).toEqual([5, expect.stringContaining("no ConfigMap kube-system/bootstrap") as string]);
    expect(early.stderr).toContain("`virt-ipi wait-for bootstrap-complete` again");
    await plane.create("/api/v1/namespaces/kube-system/configmaps", {
      metadata: { name: "bootstrap" },
      data: { status: "complete" },
    });
    const { code, stdout } = await cli(["wait-for", "bootstrap-complete", "--dir", folder]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Remove the bootstrap machine") as string]);
  });

  it("install-complete: the version first, then quiet operators, then the console and who may log in there", async () => {
    await plane.create(`${CONFIG}/clusterversions`, {
      apiVersion: "config.openshift.io/v1",
      kind: "ClusterVersion",
      metadata: { name: "version" },
      spec: { clusterID: "00000000-0000-4000-8000-000000000000" },
    });
    await version(condition("Available", "False"), condition("Failing", "False"), condition("Progressing", "True", "654 of 900 done"));
    const early = await cli(["wait-for", "install-complete", "--dir", folder, "--timeout", "install=1s"]);
    expect([early.code, early.stderr]).toEqual([6, expect.stringContaining("654 of 900 done") as string]);

    await version(condition("Available", "True"), condition("Failing", "False"), condition("Progressing", "False"));
    await plane.create(`${CONFIG}/clusteroperators`, {
      apiVersion: "config.openshift.io/v1",
      kind: "ClusterOperator",
      metadata: { name: "console" },
      spec: {},
    });
    await report("clusteroperators", "console", { conditions: [condition("Progressing", "False")] });
    await plane.create("/api/v1/namespaces", { metadata: { name: "openshift-console" } });
    await plane.create("/apis/route.openshift.io/v1/namespaces/openshift-console/routes", {
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata: { name: "console" },
      status: { ingress: [{ host: "console-openshift-console.apps.demo.example.com" }] },
    });
    const { code, json } = await cli(["wait-for", "install-complete", "--dir", folder, "--output", "json"]);
    expect(code).toBe(0);
    expect(json().at(-1)).toMatchObject({
      type: "result",
      reached: "install-complete",
      kubeconfig: join(folder, "auth", "kubeconfig"),
      console: "https://console-openshift-console.apps.demo.example.com",
    });
    expect(json().some((event) => event["type"] === "waiting" && String(event["reason"]).includes("stopped progressing"))).toBe(true);
  });
});
