import { createHash } from "node:crypto";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ManifestComponent, VirtualizationSpec } from "../../../src/config/index.ts";
import { virtualization } from "../../../src/virtualization/index.ts";
import { PLUGIN_FOLDER } from "../../../src/stack/project-settings.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { stackBench, type StackBench } from "../../helpers/stack-bench.ts";
import { definition, operatorManifest, Reactor } from "../../helpers/virtualization-reactor.ts";

/** The program for plain Kubernetes, by a real engine and both plugins, against a real API server. */

let kube: KubeControlPlane;
let reactor: Reactor;
let bench: StackBench;

const TEXTS = {
  kubevirt: stringifyAll(
    operatorManifest("kubevirt", "virt-operator", [
      definition("kubevirt.io", "v1", "KubeVirt", "Namespaced"),
      definition("kubevirt.io", "v1", "VirtualMachine", "Namespaced"),
      definition("kubevirt.io", "v1", "VirtualMachineInstance", "Namespaced"),
    ]),
  ),
  cdi: stringifyAll(
    operatorManifest("cdi", "cdi-operator", [
      definition("cdi.kubevirt.io", "v1beta1", "CDI", "Cluster"),
      definition("cdi.kubevirt.io", "v1beta1", "DataVolume", "Namespaced"),
    ]),
  ),
};

function stringifyAll(objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join("---\n");
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const component = (text: string, spec = {}): ManifestComponent => ({
  version: "1.8.4",
  files: [{ location: "/operator.yaml", sha256: sha256(text) }],
  spec,
});

const SPEC = {
  operators: { source: "Manifests", kubevirt: component(TEXTS.kubevirt, { infra: { replicas: 1 } }), cdi: component(TEXTS.cdi) },
  emulation: "Auto",
  uninstallStrategy: "BlockUninstallIfWorkloadsExist",
  storage: { pools: [], profiles: [] },
  liveMigration: { parallelMigrationsPerCluster: 3 },
} as const satisfies VirtualizationSpec;

const program =
  (spec: VirtualizationSpec | undefined): PulumiFn =>
  async () => {
    if (spec !== undefined)
      await virtualization("virtualization", {
        spec,
        distribution: "kubernetes",
        infraID: "test-abcde",
        kubeconfig: kube.kubeconfig,
        timeoutMs: 120_000,
        manifests: new Map(Object.values(TEXTS).map((text) => [sha256(text), text])),
        dependsOn: [],
      });
    return {};
  };

beforeAll(async () => {
  kube = await startKubeControlPlane({ controllers: ["namespace-controller", "garbage-collector-controller"] });
  reactor = new Reactor(kube);
});
afterAll(async () => {
  await kube?.dispose();
});
beforeEach(async () => {
  bench = await stackBench();
  reactor.start();
});
afterEach(async () => {
  await reactor.stop();
  await bench.remove();
});

const get = async (path: string): Promise<{ status: number; object: Record<string, never> }> => {
  const { status, body } = await kube.request("GET", path);
  // A group that is gone is told by a page, not by an object.
  return { status, object: (status === 200 ? JSON.parse(body) : {}) as Record<string, never> };
};
const KUBEVIRT = "/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt";
const VM = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";

describe("virtualization from manifests", () => {
  it("comes up, stays as it is, is kept while there are machines, and goes without a trace", async () => {
    await reactor.node("worker-0", { kvm: false });
    const driver = await bench.open({ pluginFolder: PLUGIN_FOLDER });
    const first = await driver.up(program(SPEC));
    expect(first.changes.create).toBeGreaterThan(15);
    const { object: kubevirt } = await get(KUBEVIRT);
    expect(kubevirt).toMatchObject({
      spec: {
        infra: { replicas: 1 },
        uninstallStrategy: "BlockUninstallIfWorkloadsExist",
        configuration: {
          migrations: { parallelMigrationsPerCluster: 3 },
          // Nobody asked for it, but no node has /dev/kvm.
          developerConfiguration: { useEmulation: true },
        },
      },
    });

    const { create, update, delete: removed, replace } = (await driver.up(program(SPEC))).changes;
    expect({ create, update, removed, replace }).toEqual({});

    await kube.create(VM, { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", metadata: { name: "mine" }, spec: {} });
    await expect(driver.up(program(undefined))).rejects.toMatchObject({
      id: "VIRT_IN_USE",
      message: expect.stringContaining("VirtualMachine default/mine"),
    });
    expect((await get(KUBEVIRT)).status).toBe(200);

    await kube.request("DELETE", `${VM}/mine`);
    bench.events.length = 0;
    await driver.up(program(undefined));
    expect((await get(KUBEVIRT)).status).toBe(404);
    expect((await get("/api/v1/namespaces/kubevirt")).status).toBe(404);
    const { object: definitions } = await get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    expect(definitions).toMatchObject({ items: [] });
    const gone = bench.events.flatMap((event) =>
      event.type === "resource" && event.operation === "delete" && event.status === "done" ? [event.kind] : [],
    );
    const at = (kind: string): number => gone.findIndex((each) => each.endsWith(kind));
    expect(at("WorkloadGuard")).toBeLessThan(at(":KubeVirt"));
    expect(at(":KubeVirt")).toBeLessThan(at("DeploymentsReady"));
    expect(gone.lastIndexOf("kubernetes:core/v1:Namespace")).toBeGreaterThan(at(":Deployment"));
  });

  it("tells why an operator does not come up, and goes on when it is mended", async () => {
    await reactor.node("worker-0", { kvm: true });
    reactor.broken = "virt-operator";
    const driver = await bench.open({ pluginFolder: PLUGIN_FOLDER });
    const began = Date.now();
    // Shorter than what an image may take: the cause is told all the same.
    const { cdi: _, ...alone } = SPEC.operators;
    const up = driver.up(program({ ...SPEC, operators: alone, liveMigration: {} }));
    await expect
      .poll(() => bench.events.some((event) => event.type === "waiting" && /cannot pull quay\.io\/kubevirt\/virt-operator/.test(event.reason)), {
        timeout: 90_000,
        interval: 500,
      })
      .toBe(true);
    expect(Date.now() - began).toBeLessThan(90_000);
    reactor.broken = undefined;
    await up;
    expect((await get(KUBEVIRT)).object).not.toMatchObject({ spec: { configuration: { developerConfiguration: { useEmulation: true } } } });
    // Without CDI's manifests it is whole as well.
    expect((await get("/apis/cdi.kubevirt.io/v1beta1/cdis")).status).toBe(404);
    await driver.up(program(undefined));
  });
});
