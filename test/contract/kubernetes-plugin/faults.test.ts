import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Properties } from "../../../src/pulumi/resource/values.ts";
import { configMap, DELETING_CONTROLLERS, failureOf, startPlugin, TOKENS, widget, widgetDefinition } from "../../helpers/kubernetes-plugin.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import type { ProviderClient } from "../../helpers/provider-client.ts";

let cluster: KubeControlPlane;
let plugin: ProviderClient;

beforeAll(async () => {
  cluster = await startKubeControlPlane({ controllers: DELETING_CONTROLLERS });
  plugin = await startPlugin({ kubeconfig: cluster.kubeconfig });
  await plugin.create(TOKENS.crd, widgetDefinition());
});
afterAll(async () => {
  plugin?.close();
  await cluster?.dispose();
});

const get = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse((await cluster.request("GET", path)).body) as Record<string, unknown>;
const configMapPath = (name: string): string => `/api/v1/namespaces/default/configmaps/${name}`;
const widgetPath = (name: string): string => `/apis/test.example.com/v1/namespaces/default/widgets/${name}`;

describe("a field that another manager has changed", () => {
  const controller = (name: string, data: Properties) => cluster.request("PATCH", `${configMapPath(name)}?fieldManager=their-controller`, { data });
  const make = async (name: string): Promise<(data: Properties, annotations?: Properties, ignore?: readonly string[]) => Promise<Properties>> => {
    const inputs = configMap(name, { shared: "ours", own: "1" });
    const made = await plugin.create(TOKENS.configMap, inputs);
    await controller(name, { shared: "theirs" });
    return (data, annotations = {}, ignore = []) =>
      plugin.update(TOKENS.configMap, made.id, { inputs, outputs: made.outputs }, configMap(name, data, { annotations }), { ignore });
  };

  it("is a conflict, told with the field and the manager's name, also in a preview", async () => {
    const update = await make("conflict");
    const failure = await failureOf(update({ shared: "ours again", own: "2" }));
    expect(failure.details).toMatch(
      /^KUBE_CONFLICT: ConfigMap default\/conflict: 1 field belongs to their-controller\n\.data\.shared is set by "their-controller"/,
    );
    expect(failure.details).toMatch(/ignoreChanges.*pulumi\.com\/patchForce/);
    // Nothing of a refused update has come through.
    expect((await get(configMapPath("conflict")))["data"]).toEqual({ shared: "theirs", own: "1" });
    const inputs = configMap("conflict", { shared: "ours" });
    const preview = plugin.update(TOKENS.configMap, "default/conflict", { inputs, outputs: {} }, configMap("conflict", { shared: "no" }), {
      preview: true,
    });
    expect((await failureOf(preview)).details).toMatch(/^KUBE_CONFLICT/);
  });

  it("is taken over with pulumi.com/patchForce", async () => {
    const update = await make("forced");
    await update({ shared: "ours again", own: "1" }, { "pulumi.com/patchForce": "true" });
    expect((await get(configMapPath("forced")))["data"]).toEqual({ shared: "ours again", own: "1" });
  });

  it("stays theirs under ignoreChanges, whatever the program says", async () => {
    const update = await make("ignored");
    await update({ shared: "ours", own: "2" }, {}, ["data.shared"]);
    expect((await get(configMapPath("ignored")))["data"]).toEqual({ shared: "theirs", own: "2" });
  });
});

describe("pulumi.com/waitFor", () => {
  const report = (name: string, status: Properties) => cluster.request("PATCH", `${widgetPath(name)}/status`, { status });

  it("waits for a condition, then has the object as it is at last", async () => {
    const making = plugin.create(TOKENS.widget, widget("slow", {}, { "pulumi.com/waitFor": "condition=Available" }));
    await expect.poll(async () => (await cluster.request("GET", widgetPath("slow"))).status).toBe(200);
    await report("slow", { conditions: [{ type: "Available", status: "True" }] });
    expect((await making).outputs["status"]).toEqual({ conditions: [{ type: "Available", status: "True" }] });
  });

  it("waits for all of a list, paths and conditions", async () => {
    const waitFor = JSON.stringify([
      "jsonpath={.status.phase}=Deployed",
      "condition=Degraded=False",
      "jsonpath={.status.parts[?(@.name=='b')].ok}=true",
    ]);
    const inputs = widget("many", {}, { "pulumi.com/waitFor": waitFor, "pulumi.com/timeoutSeconds": "1" });
    const failure = await failureOf(plugin.create(TOKENS.widget, inputs));
    expect(failure.details).toMatch(/not ready after 1 s: \.status\.phase is not there yet/);
    await report("many", { phase: "Deployed", conditions: [{ type: "Degraded", status: "False" }], parts: [{ name: "b", ok: true }] });
    await plugin.update(TOKENS.widget, "default/many", { inputs, outputs: failure.initFailed?.outputs ?? {} }, inputs);
  });

  it("keeps what is not ready in the state, with the last cause; the next update goes on waiting", async () => {
    const inputs = widget("stuck", {}, { "pulumi.com/waitFor": "condition=Available", "pulumi.com/timeoutSeconds": "2" });
    const making = failureOf(plugin.create(TOKENS.widget, inputs));
    await expect.poll(async () => (await cluster.request("GET", widgetPath("stuck"))).status).toBe(200);
    await report("stuck", { conditions: [{ type: "Available", status: "False", reason: "NoStorage", message: "no default class" }] });
    const failure = await making;
    expect(failure.details).toMatch(
      /^KUBE_NOT_READY: Widget default\/stuck is not ready after 2 s: condition Available is False \(NoStorage: no default class\)/,
    );
    expect(failure.initFailed).toMatchObject({ id: "default/stuck", outputs: { kind: "Widget", __inputs: inputs } });
    const waiting = plugin.update(TOKENS.widget, "default/stuck", { inputs, outputs: failure.initFailed?.outputs ?? {} }, inputs);
    await report("stuck", { conditions: [{ type: "Available", status: "True" }] });
    await waiting;
  });

  it("ends with Cancel, and keeps the object in the state", async () => {
    const other = await startPlugin({ kubeconfig: cluster.kubeconfig });
    const making = failureOf(other.create(TOKENS.widget, widget("cancelled", {}, { "pulumi.com/waitFor": "condition=Available" })));
    await expect.poll(async () => (await cluster.request("GET", widgetPath("cancelled"))).status).toBe(200);
    await other.cancel();
    const failure = await making;
    other.close();
    expect(failure.details).toMatch(/^INTERRUPTED/);
    expect(failure.initFailed?.id).toBe("default/cancelled");
  });

  it("does without with pulumi.com/skipAwait", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "idle", namespace: "default" },
      spec: { containers: [{ name: "c", image: "x" }] },
    };
    await cluster.create("/api/v1/namespaces/default/serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
    const annotated = (annotations: Properties): Properties => ({ ...pod, metadata: { ...pod.metadata, annotations } });
    const failure = await failureOf(plugin.create("kubernetes:core/v1:Pod", annotated({ "pulumi.com/timeoutSeconds": "1" })));
    expect(failure.details).toMatch(/Pod default\/idle is not ready after 1 s: it is Pending/);
    await plugin.update(
      "kubernetes:core/v1:Pod",
      "default/idle",
      { inputs: pod, outputs: failure.initFailed?.outputs ?? {} },
      annotated({ "pulumi.com/skipAwait": "true" }),
    );
  });
});

describe("admission", () => {
  let webhook: Server;
  let port: number;

  beforeAll(async () => {
    const pair = await cluster.authority.issue({ subject: { commonName: "webhook" }, usage: "server", names: [{ type: "ip", value: "127.0.0.1" }] });
    webhook = createServer({ cert: pair.cert, key: pair.key }, (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
      request.on("end", () => {
        const { uid } = (JSON.parse(body) as { request: { uid: string } }).request;
        const answer = { uid, allowed: false, status: { code: 403, message: "widgets need a colour" } };
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
      });
    }).listen(0, "127.0.0.1");
    await once(webhook, "listening");
    ({ port } = webhook.address() as AddressInfo);
  });
  afterAll(() => webhook?.close());

  const guard = (name: string, url: string): Properties => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: `${name}.test.example.com`,
        clientConfig: { url, caBundle: Buffer.from(cluster.authority.cert).toString("base64") },
        objectSelector: { matchLabels: { guard: name } },
        rules: [{ apiGroups: ["test.example.com"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["widgets"] }],
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        timeoutSeconds: 2,
      },
    ],
  });
  const guarded = (name: string): Properties => {
    const inputs = widget(name, {});
    return { ...inputs, metadata: { ...(inputs["metadata"] as object), labels: { guard: name } } };
  };
  /** Webhooks take effect a moment after they are made. */
  const install = async (name: string, url: string): Promise<void> => {
    await cluster.create("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", guard(name, url));
    await delay(2_000);
  };

  it("shows which webhook refuses and what it says, in the preview already", async () => {
    await install("denies", `https://127.0.0.1:${port}/`);
    for (const preview of [true, false]) {
      const failure = await failureOf(plugin.create(TOKENS.widget, guarded("denies"), { preview }));
      expect(failure.details).toMatch(
        /^KUBE_DENIED: Widget default\/denies: the webhook denies\.test\.example\.com refuses it: widgets need a colour/,
      );
      expect(failure.initFailed).toBeUndefined();
    }
  });

  it("says that a webhook does not answer, after having tried for a while", async () => {
    await install("absent", "https://127.0.0.1:1/");
    const failure = await failureOf(plugin.create(TOKENS.widget, guarded("absent")));
    expect(failure.details).toMatch(
      /^KUBE_WEBHOOK_FAILED: Widget default\/absent: the webhook absent\.test\.example\.com does not answer: .*connection refused/,
    );
  });
});

describe("secrets", () => {
  it("marks what a Secret holds in everything that goes to the state", async () => {
    const inputs = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "default" }, stringData: { password: "planted-secret" } };
    const { raw } = await plugin.check(TOKENS.secret, inputs);
    expect(JSON.stringify(raw.getInputs()?.toJavaScript())).toMatch(/1b47061264138c4ac30d75fd1eb44270/);
    const made = await plugin.createRaw(TOKENS.secret, inputs);
    const planted = [/"planted-secret"/, new RegExp(Buffer.from("planted-secret").toString("base64"))];
    // Without what is wrapped as secret nothing of it is left.
    const open = JSON.stringify(made, (_key, value: unknown) =>
      typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value ? "secret" : value,
    );
    for (const pattern of planted) {
      expect(JSON.stringify(made)).toMatch(pattern);
      expect(open).not.toMatch(pattern);
    }
  });

  it("marks in the outputs what is secret in the inputs, at any depth", async () => {
    const made = await plugin.createRaw(TOKENS.widget, widget("deep", { a: [{ token: "planted" }], open: "x" }), ["spec"]);
    expect((made as { spec: object }).spec).toHaveProperty("4dabf18193072939515e22adb298388d");
    expect((made as { __inputs: { spec: object } }).__inputs.spec).toHaveProperty("4dabf18193072939515e22adb298388d");
  });

  it("does not quote a Secret's values when the server does", async () => {
    const inputs = { apiVersion: "v1", kind: "Secret", metadata: { name: "bad", namespace: "default" }, data: { password: ["planted-secret"] } };
    const failure = await failureOf(plugin.create(TOKENS.secret, inputs));
    expect(failure.details).toMatch(/^KUBE_REFUSED: Secret default\/bad/);
    expect(failure.details).not.toMatch(/planted-secret/);
  });
});

describe("an object that is too large", () => {
  it("is told as that, be it etcd that refuses it or a check before", async () => {
    const definition = widgetDefinition("Gadget") as { spec: { versions: { schema: { openAPIV3Schema: object } }[] } };
    for (const { schema } of definition.spec.versions) Object.assign(schema.openAPIV3Schema, { description: "x".repeat(1_700_000) });
    const large: readonly (readonly [string, Properties, RegExp])[] = [
      [TOKENS.crd, definition as unknown as Properties, /^KUBE_TOO_LARGE: CustomResourceDefinition gadgets\.test\.example\.com: .*too large/],
      [TOKENS.configMap, configMap("large", { text: "x".repeat(1_100_000) }), /^KUBE_TOO_LARGE: ConfigMap default\/large: .*Too long/],
    ];
    for (const [token, inputs, expected] of large) {
      const failure = await failureOf(plugin.create(token, inputs));
      expect(failure.details).toMatch(expected);
      expect(failure.details).toMatch(/--max-request-bytes/);
      expect(failure.details?.length).toBeLessThan(2_000);
    }
  });
});

describe("a cluster that does not answer", () => {
  const elsewhere = (): string => cluster.kubeconfig.replace(/https:\/\/127\.0\.0\.1:\d+/, "https://127.0.0.1:1");
  const state = configMap("far", {});

  it("is a clear error after a while, at once for everything that follows, and loses nothing", async () => {
    const lost = await startPlugin({ kubeconfig: elsewhere() });
    const failure = await failureOf(lost.create(TOKENS.configMap, state));
    expect(failure.details).toMatch(/^KUBE_UNREACHABLE: connection to 127\.0\.0\.1:1 refused/);
    const start = performance.now();
    for (const call of [
      lost.read(TOKENS.configMap, "default/far", state, state),
      lost.update(TOKENS.configMap, "default/far", { inputs: state, outputs: state }, configMap("far", { a: "1" })),
      lost.delete(TOKENS.configMap, "default/far", state, state),
    ])
      expect((await failureOf(call)).details).toMatch(/^KUBE_UNREACHABLE/);
    expect(performance.now() - start).toBeLessThan(1_000);
    lost.close();
  });

  it("stops no preview", async () => {
    const lost = await startPlugin({ kubeconfig: elsewhere() });
    expect((await lost.create(TOKENS.configMap, state, { preview: true })).outputs).toEqual(state);
    lost.close();
  });

  it("is given up on demand only", async () => {
    const lost = await startPlugin({ kubeconfig: elsewhere(), deleteUnreachable: "true" });
    expect(await lost.read(TOKENS.configMap, "default/far", state, state)).toBeUndefined();
    await lost.delete(TOKENS.configMap, "default/far", state, state);
    lost.close();
  });

  it("is waited for when it comes back: the API server restarts under a create, a wait and a deletion", async () => {
    const doomed = await plugin.create(TOKENS.configMap, configMap("doomed", {}));
    const waiting = plugin.create(TOKENS.widget, widget("over", {}, { "pulumi.com/waitFor": "condition=Available" }));
    await expect.poll(async () => (await cluster.request("GET", widgetPath("over"))).status).toBe(200);
    await cluster.stopApiServer();
    const calls = [
      waiting,
      plugin.create(TOKENS.configMap, configMap("during", { a: "1" })),
      plugin.delete(TOKENS.configMap, doomed.id, configMap("doomed", {}), doomed.outputs),
    ];
    await delay(1_000);
    await cluster.startApiServer();
    await cluster.request("PATCH", `${widgetPath("over")}/status`, { status: { conditions: [{ type: "Available", status: "True" }] } });
    await Promise.all(calls);
    expect((await get(configMapPath("during")))["data"]).toEqual({ a: "1" });
    expect((await cluster.request("GET", configMapPath("doomed"))).status).toBe(404);
  });
});
