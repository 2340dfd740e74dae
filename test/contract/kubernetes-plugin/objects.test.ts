import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN, type Properties } from "../../../src/pulumi/resource/values.ts";
import { configMap, DELETING_CONTROLLERS, failureOf, startPlugin, TOKENS, widgetDefinition } from "../../helpers/kubernetes-plugin.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import type { ProviderClient } from "../../helpers/provider-client.ts";

let cluster: KubeControlPlane;
let plugin: ProviderClient;

beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: DELETING_CONTROLLERS });
  plugin = await startPlugin({ kubeconfig: cluster.kubeconfig });
});
afterAll(async () => {
  plugin?.close();
  await cluster?.dispose();
});

const get = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await cluster.request("GET", path)).body) as Record<string, unknown>;
const configMapPath = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;

describe("an object's life", () => {
  it("is made by server-side apply, and applying the same again changes nothing", async () => {
    const inputs = configMap("life", { a: "1" });
    const made = await plugin.create(TOKENS.configMap, inputs);
    expect(made.id).toBe("default/life");
    const first = (await get(configMapPath("life")))["metadata"] as {
      resourceVersion: string;
      managedFields: { operation: string; manager: string }[];
    };
    expect(first.managedFields).toEqual([expect.objectContaining({ operation: "Apply", manager: made.outputs["__fieldManager"] })]);
    await plugin.update(TOKENS.configMap, made.id, { inputs, outputs: made.outputs }, inputs);
    expect((await get(configMapPath("life")))["metadata"]).toMatchObject({ resourceVersion: first.resourceVersion });
  });

  it("loses a field that the program no longer has", async () => {
    const inputs = configMap("fields", { keep: "1", drop: "2" });
    const made = await plugin.create(TOKENS.configMap, inputs);
    await plugin.update(TOKENS.configMap, made.id, { inputs, outputs: made.outputs }, configMap("fields", { keep: "1" }));
    expect((await get(configMapPath("fields")))["data"]).toEqual({ keep: "1" });
  });

  it("is gone for good when its deletion returns", async () => {
    const inputs = configMap("gone", {});
    const made = await plugin.create(TOKENS.configMap, inputs);
    await plugin.delete(TOKENS.configMap, made.id, inputs, made.outputs);
    expect((await cluster.request("GET", configMapPath("gone"))).status).toBe(404);
    expect(await plugin.read(TOKENS.configMap, made.id, inputs, made.outputs)).toBeUndefined();
    await plugin.delete(TOKENS.configMap, made.id, inputs, made.outputs);
  });

  it("waits for the finalizers of what it deletes, and names those that stay", async () => {
    const inputs = configMap("held", {}, { finalizers: ["test.example.com/hold"], annotations: { "pulumi.com/timeoutSeconds": "2" } });
    const made = await plugin.create(TOKENS.configMap, inputs);
    const failure = await failureOf(plugin.delete(TOKENS.configMap, made.id, inputs, made.outputs));
    expect(failure.details).toMatch(/^KUBE_DELETION_STUCK: ConfigMap default\/held is not gone after 2 s: .*test\.example\.com\/hold/);
    const waiting = plugin.delete(TOKENS.configMap, made.id, inputs, made.outputs);
    await cluster.request("PATCH", configMapPath("held"), { metadata: { finalizers: null } });
    await waiting;
    expect((await cluster.request("GET", configMapPath("held"))).status).toBe(404);
  });

  it("deletes a namespace with all that is in it", async () => {
    const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "full" } };
    const made = await plugin.create(TOKENS.namespace, inputs);
    await plugin.create(TOKENS.configMap, { ...configMap("inside", {}), metadata: { name: "inside", namespace: "full" } });
    await plugin.delete(TOKENS.namespace, made.id, inputs, made.outputs);
    expect((await cluster.request("GET", "/api/v1/namespaces/full")).status).toBe(404);
  });

  it("takes what exists already for somebody else's, unless told to take it over", async () => {
    await cluster.create("/api/v1/namespaces/default/configmaps", configMap("theirs", { who: "them" }));
    const inputs = configMap("theirs", { ours: "1" });
    expect((await failureOf(plugin.create(TOKENS.configMap, inputs))).details).toMatch(/^KUBE_EXISTS: ConfigMap default\/theirs exists already/);
    const upserting = await startPlugin({ kubeconfig: cluster.kubeconfig, upsertExistingObjects: "true" });
    await upserting.create(TOKENS.configMap, inputs).finally(() => upserting.close());
    expect((await get(configMapPath("theirs")))["data"]).toEqual({ who: "them", ours: "1" });
  });

  it("goes on with what a killed run has made but not recorded", async () => {
    const inputs = configMap("killed", { a: "1" });
    await plugin.create(TOKENS.configMap, inputs);
    expect((await plugin.create(TOKENS.configMap, configMap("killed", { a: "2" }))).outputs["data"]).toEqual({ a: "2" });
  });

  it("waits for a kind and a namespace that come while it is made", async () => {
    const definition = widgetDefinition("Latecomer", "late.example.com");
    const inputs = { apiVersion: "late.example.com/v1", kind: "Latecomer", metadata: { name: "x", namespace: "late" }, spec: { a: 1 } };
    const making = plugin.create("kubernetes:late.example.com/v1:Latecomer", inputs);
    await plugin.create(TOKENS.crd, definition);
    await plugin.create(TOKENS.namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "late" } });
    expect((await making).id).toBe("late/x");
  });
});

describe("reading", () => {
  it("finds what drifted, and only that", async () => {
    const quota = (cpu: string): Properties => ({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "limits", namespace: "default" },
      spec: { limits: [{ type: "Container", max: { cpu, memory: "1Gi" } }] },
    });
    const token = "kubernetes:core/v1:LimitRange";
    const made = await plugin.create(token, quota("1000m"));
    // The server says 1 for 1000m: no drift.
    expect(((made.outputs["spec"] as never)["limits"] as never)[0]).toMatchObject({ max: { cpu: "1" } });
    const same = await plugin.read(token, made.id, quota("1000m"), made.outputs);
    expect(same?.inputs).toEqual(quota("1000m"));
    await cluster.request("PATCH", "/api/v1/namespaces/default/limitranges/limits", {
      spec: { limits: [{ type: "Container", max: { cpu: "2", memory: "1Gi" } }] },
    });
    const drifted = await plugin.read(token, made.id, quota("1000m"), made.outputs);
    expect((drifted?.inputs["spec"] as never)["limits"]).toEqual([{ type: "Container", max: { cpu: "2", memory: "1Gi" } }]);
    expect((await plugin.diff(token, drifted?.inputs ?? {}, quota("1000m"))).changed).toBe(true);
  });

  it("imports an object by its namespace and name, without what only the server writes", async () => {
    await cluster.create("/api/v1/namespaces/default/configmaps", configMap("foreign", { a: "1" }, { labels: { app: "x" } }));
    const found = await plugin.read(TOKENS.configMap, "default/foreign");
    expect(found?.inputs).toEqual(configMap("foreign", { a: "1" }, { labels: { app: "x" } }));
    expect(found?.outputs["metadata"]).toMatchObject({ uid: expect.any(String) as string });
    expect((await plugin.diff(TOKENS.configMap, found?.inputs ?? {}, configMap("foreign", { a: "1" }, { labels: { app: "x" } }))).changed).toBe(
      false,
    );
  });
});

describe("a Patch", () => {
  it("changes some fields of an object that another owns, and gives them back", async () => {
    await cluster.create("/api/v1/namespaces/default/configmaps", configMap("owned", { theirs: "1" }));
    const inputs = configMap("owned", { ours: "1" });
    const made = await plugin.create(TOKENS.configMapPatch, inputs);
    expect((await get(configMapPath("owned")))["data"]).toEqual({ theirs: "1", ours: "1" });
    const changed = await plugin.update(TOKENS.configMapPatch, made.id, { inputs, outputs: made.outputs }, configMap("owned", { ours: "2" }));
    expect((await get(configMapPath("owned")))["data"]).toEqual({ theirs: "1", ours: "2" });
    await plugin.delete(TOKENS.configMapPatch, made.id, inputs, changed);
    expect((await get(configMapPath("owned")))["data"]).toEqual({ theirs: "1" });
  });

  it("leaves an object that is gone alone when it is taken back", async () => {
    await cluster.create("/api/v1/namespaces/default/configmaps", configMap("vanished", { theirs: "1" }));
    const inputs = configMap("vanished", { ours: "1" });
    const made = await plugin.create(TOKENS.configMapPatch, inputs);
    await cluster.request("DELETE", configMapPath("vanished"));
    await plugin.delete(TOKENS.configMapPatch, made.id, inputs, made.outputs);
    expect((await cluster.request("GET", configMapPath("vanished"))).status).toBe(404);
  });
});

describe("a preview", () => {
  it("asks the server in a dry run, which leaves nothing behind", async () => {
    const made = await plugin.create(TOKENS.deployment, deployment("dry", "web"), { preview: true });
    // What the server fills in is seen, what only the real thing has is unknown.
    expect(made.outputs["spec"]).toMatchObject({ replicas: 1, strategy: { type: "RollingUpdate" } });
    expect(made.outputs["metadata"]).toMatchObject({ uid: UNKNOWN });
    expect(made.outputs["status"]).toBeUndefined();
    expect((await cluster.request("GET", "/apis/apps/v1/namespaces/default/deployments/dry")).status).toBe(404);
  });

  it("says what the server would refuse", async () => {
    const inputs = { ...deployment("bad", "web"), spec: { replicas: -1, ...(deployment("bad", "web")["spec"] as object) } };
    expect((await failureOf(plugin.create(TOKENS.deployment, inputs, { preview: true }))).details).toMatch(
      /^KUBE_REFUSED: Deployment default\/bad: .*spec\.replicas/,
    );
  });

  it.each([
    ["an input is unknown", { ...configMap("later", { a: UNKNOWN }) }, TOKENS.configMap],
    ["the namespace does not exist yet", { ...configMap("later", {}), metadata: { name: "later", namespace: "not-yet" } }, TOKENS.configMap],
    ["the kind does not exist yet", { apiVersion: "not.yet/v1", kind: "Thing", metadata: { name: "later" } }, "kubernetes:not.yet/v1:Thing"],
  ])("takes the inputs for the outputs where %s", async (_case, inputs: Properties, token) => {
    expect((await plugin.create(token, inputs, { preview: true })).outputs).toEqual(inputs);
  });
});

describe("what cannot be changed in place", () => {
  it("is made anew, the old one first when both have one name", async () => {
    const [old, news] = [deployment("web", "web"), deployment("web", "other")];
    const found = await plugin.diff(TOKENS.deployment, old, news);
    expect(found.replaces).toContain("spec.selector.matchLabels.app");
    expect(found.deleteBeforeReplace).toBe(true);
    const renamed = await plugin.diff(TOKENS.deployment, old, deployment("web2", "web"));
    expect(renamed).toMatchObject({ replaces: ["metadata.name"], deleteBeforeReplace: false });
  });

  it("is an error with the field where making anew could lose something", async () => {
    const storageClass = (reclaimPolicy: string): Properties => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "slow" },
      provisioner: "example.com/none",
      reclaimPolicy,
    });
    const made = await plugin.create(TOKENS.storageClass, storageClass("Delete"));
    const failure = await failureOf(
      plugin.update(TOKENS.storageClass, made.id, { inputs: storageClass("Delete"), outputs: made.outputs }, storageClass("Retain")),
    );
    expect(failure.details).toMatch(/^KUBE_IMMUTABLE: StorageClass slow: reclaimPolicy: /);
    expect(failure.details).toMatch(/replaceOnChanges/);
  });
});

describe("check", () => {
  it("names what has no name, and keeps the name", async () => {
    const nameless = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default" } };
    const { raw } = await plugin.check(TOKENS.configMap, nameless);
    const named = raw.getInputs()?.toJavaScript() as { metadata: { name: string; annotations: object } };
    expect(named.metadata.name).toMatch(/^it-[0-9a-f]{8}$/);
    const again = await plugin.check(TOKENS.configMap, nameless, named as never);
    expect(again.raw.getInputs()?.toJavaScript()).toEqual(named);
  });

  it.each([
    ["a list", "kubernetes:core/v1:ConfigMapList", { metadata: {} }, /holds other objects/],
    ["a Patch without a name", TOKENS.configMapPatch, { metadata: {} }, /has to name the object/],
    ["a generated name", TOKENS.configMap, { metadata: { generateName: "x-" } }, /needs a name/],
    [
      "a wait that nobody understands",
      TOKENS.configMap,
      { metadata: { name: "x", annotations: { "pulumi.com/waitFor": "ready" } } },
      /has to begin with condition=/,
    ],
  ])("refuses %s", async (_case, token, inputs, reason) => {
    expect((await plugin.check(token, inputs)).failures.join("\n")).toMatch(reason);
  });
});

function deployment(name: string, app: string): Properties {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { containers: [{ name: "main", image: "example.com/none" }] } },
    },
  };
}
