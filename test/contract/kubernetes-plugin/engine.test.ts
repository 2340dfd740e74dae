import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigGroup } from "@pulumi/kubernetes/yaml/v2/configGroup.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { InstallerError } from "../../../src/errors/index.ts";
import { CustomResource, kubernetesProvider, KubernetesObject, Namespace, Secret, type Manifest } from "../../../src/pulumi/kubernetes/index.ts";
import { unawaited } from "../../../src/virtualization/program/manifests.ts";
import type { StackDriver } from "../../../src/stack/index.ts";
import { DELETING_CONTROLLERS, widgetDefinition } from "../../helpers/kubernetes-plugin.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { share } from "../../helpers/share.ts";
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

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const rule = (apiGroup: string, resource: string): object => ({
  apiGroups: [apiGroup],
  apiVersions: ["v1"],
  operations: ["CREATE"],
  resources: [resource],
});
const GUARDS: Readonly<Record<"KUBE_WEBHOOK_FAILED" | "KUBE_DENIED", readonly (readonly [string, object])[]>> = {
  KUBE_WEBHOOK_FAILED: [
    [
      "validatingwebhookconfigurations",
      {
        metadata: { name: "absent" },
        webhooks: [
          {
            name: "absent.test.example.com",
            clientConfig: { url: "https://127.0.0.1:1/" },
            rules: [rule("coordination.k8s.io", "leases")],
            admissionReviewVersions: ["v1"],
            sideEffects: "None",
            timeoutSeconds: 2,
          },
        ],
      },
    ],
  ],
  KUBE_DENIED: [
    [
      "validatingadmissionpolicies",
      {
        metadata: { name: "none" },
        spec: {
          matchConstraints: { resourceRules: [rule("networking.k8s.io", "networkpolicies")] },
          validations: [{ expression: "false", message: "no policies here" }],
        },
      },
    ],
    ["validatingadmissionpolicybindings", { metadata: { name: "none" }, spec: { policyName: "none", validationActions: ["Deny"] } }],
  ],
};

/** Where a guarded object is made. */
const GUARDED: Readonly<Record<keyof typeof GUARDS, string>> = {
  KUBE_WEBHOOK_FAILED: "/apis/coordination.k8s.io/v1/namespaces/default/leases",
  KUBE_DENIED: "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
};

const isGuard = (id: string): id is keyof typeof GUARDS => id in GUARDS;

/** Makes the guard and waits until it refuses `manifest`: the API server learns of it a while after it is made. */
async function install(guard: keyof typeof GUARDS, manifest: Manifest): Promise<void> {
  const kinds: Readonly<Record<string, string>> = {
    validatingwebhookconfigurations: "ValidatingWebhookConfiguration",
    validatingadmissionpolicies: "ValidatingAdmissionPolicy",
    validatingadmissionpolicybindings: "ValidatingAdmissionPolicyBinding",
  };
  for (const [resource, object] of GUARDS[guard])
    await cluster.create(`${ADMISSION}/${resource}`, { apiVersion: "admissionregistration.k8s.io/v1", kind: kinds[resource], ...object });
  const tried = async (): Promise<number> => (await cluster.request("POST", `${GUARDED[guard]}?dryRun=All`, manifest)).status;
  await expect.poll(tried, { timeout: MINUTE, interval: 200 }).not.toBe(201);
}

describe("a program under Pulumi's engine", () => {
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

  it("replaces what cannot be changed, after the old object is gone", async () => {
    const deployment = (app: string): Manifest =>
      unawaited({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "d", namespace: "changes" },
        spec: {
          selector: { matchLabels: { app } },
          template: { metadata: { labels: { app } }, spec: { containers: [{ name: "c", image: "registry.test/c" }] } },
        },
      });
    const storageClass = (type: string): Manifest => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "changes" },
      provisioner: "example.com/none",
      parameters: { type },
    });
    const program = (value: string) =>
      inNamespace("changes", (options) => {
        new KubernetesObject("deployment", deployment(value), options);
        new KubernetesObject("class", storageClass(value), options);
      });
    await driver.up(program("a"));
    expect(await driver.preview(program("b"))).toMatchObject({ replace: 2, same: 3 });
    expect((await driver.up(program("b"))).changes).toMatchObject({ replace: 2, same: 3 });
    expect(await get("/apis/storage.k8s.io/v1/storageclasses/changes")).toMatchObject({ parameters: { type: "b" } });
    const { metadata, spec } = await get("/apis/apps/v1/namespaces/changes/deployments/d");
    expect(metadata).not.toHaveProperty("deletionTimestamp");
    expect(spec).toMatchObject({ selector: { matchLabels: { app: "b" } } });
  });

  it("makes what a component of the plugin's holds, each kind under its own token", async () => {
    const program = within((options) => {
      const objs = [
        configMap("c-1", "default", {}),
        { apiVersion: "apps/v1", kind: "ControllerRevision", metadata: { name: "r" }, revision: 1, data: {} },
      ];
      new ConfigGroup("group", { objs }, options);
    });
    expect((await driver.up(program)).changes).toEqual({ create: 5 });
    const types = [...(await stateText()).matchAll(/"type": ?"(kubernetes:[^"]+)"/g)].map(([, type]) => type);
    expect(types).toEqual(expect.arrayContaining(["kubernetes:core/v1:ConfigMap", "kubernetes:apps/v1:ControllerRevision"]));
    expect((await driver.up(program)).changes).toEqual({ same: 5 });
  });

  it("tells a conflict by its manager, and takes the field over when asked to", async () => {
    const path = "/api/v1/namespaces/shared/configmaps/c-shared";
    const program = (value: string) =>
      inNamespace("shared", (options) => new KubernetesObject("shared", configMap("c-shared", "shared", { value }), options));
    await driver.up(program("1"));
    await cluster.request("PATCH", `${path}?fieldManager=their-controller`, { data: { value: "theirs" } });
    await expect(driver.up(program("2"))).rejects.toMatchObject({
      id: "KUBE_CONFLICT",
      value: "shared",
      details: expect.arrayContaining([expect.stringMatching(/their-controller.*\.data\.value/)]) as string[],
    });
    const forcing = await bench.open({ signal: stop.signal, env: { ...bench.env, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" } });
    await forcing.up(program("2"));
    expect((await get(path))["data"]).toEqual({ value: "2" });
  });

  it("names a key that cannot be taken out since an operator has it as an empty object, and goes on when it is taken out", async () => {
    const definition = widgetDefinition("Gadget");
    const schema = {
      type: "object",
      properties: { spec: { type: "object", properties: { own: { type: "object", properties: { a: { type: "string" } } } } } },
    };
    const [version] = (definition["spec"] as { versions: { schema: object }[] }).versions;
    if (version !== undefined) version.schema = { openAPIV3Schema: schema };
    const gadget = (spec: object): Manifest => ({
      apiVersion: "test.example.com/v1",
      kind: "Gadget",
      metadata: { name: "held", namespace: "default" },
      spec,
    });
    const program = (spec: object) =>
      within((options) => {
        const made = new KubernetesObject("definition", definition as unknown as Manifest, options);
        new KubernetesObject("held", gadget(spec), { ...options, dependsOn: [made] });
      });
    const path = "/apis/test.example.com/v1/namespaces/default/gadgets/held";
    await driver.up(program({}));
    await cluster.request("PATCH", `${path}?fieldManager=operator`, { spec: { own: {} } });
    await driver.up(program({ own: { a: "1" } }));
    await expect(driver.up(program({}))).rejects.toMatchObject({
      id: "KUBE_KEY_HELD",
      value: "held",
      message: expect.stringContaining("spec.own") as string,
    });
    await cluster.request("PATCH", path, { spec: { own: null } });
    await driver.up(program({}));
    expect((await get(path))["spec"]).toEqual({});
  });

  it("takes up an object whose create was lost, whatever has changed since", async () => {
    const program = (value: string) =>
      inNamespace("lost", (options) => {
        const parent = new pulumi.ComponentResource("virt-ipi:test:Group", "group");
        new KubernetesObject("c", configMap("c-1", "lost", { value }), { ...options, parent });
      });
    await driver.up(program("1"));
    // The same stack, without its state.
    const other = await stackBench();
    try {
      await (await other.open({ signal: stop.signal })).up(program("2"));
    } finally {
      await other.remove();
    }
    expect((await get("/api/v1/namespaces/lost/configmaps/c-1"))["data"]).toEqual({ value: "2" });
  });

  it.each<readonly [string, Manifest, string, RegExp]>([
    ["KUBE_TOO_LARGE", configMap("large", "default", { text: "x".repeat(1_100_000) }), "large", /1048576/],
    ["KUBE_REFUSED", configMap("Not_A_Name", "default", {}), "refused", /RFC 1123/],
    [
      "KUBE_WEBHOOK_FAILED",
      { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "guarded", namespace: "default" } },
      "guarded",
      /absent\.test\.example\.com/,
    ],
    [
      "KUBE_DENIED",
      { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "denied", namespace: "default" }, spec: { podSelector: {} } },
      "denied",
      /no policies here/,
    ],
  ])("says %s of an object that the cluster does not take", async (id, manifest, name, says) => {
    if (isGuard(id)) await install(id, manifest);
    // A webhook may be back soon, so it is asked again.
    const error = await (await bench.open({ pausesMs: [10, 20] })).up(within((options) => void new KubernetesObject(name, manifest, options))).then(
      () => undefined,
      (failure: unknown) => failure as InstallerError,
    );
    expect(error).toMatchObject({ id, value: name });
    expect([error?.message, ...(error?.details ?? [])].join("\n")).toMatch(says);
    expect([error?.message, ...(error?.details ?? [])].join("\n").length).toBeLessThan(3_000);
  });

  it("says by what an object is kept that does not go", async () => {
    const path = "/api/v1/namespaces/default/configmaps/c-kept";
    const kept: Manifest = configMap("c-kept", "default", {});
    const metadata = { ...kept.metadata, finalizers: ["test.example.com/kept"], annotations: { "pulumi.com/timeoutSeconds": "10" } };
    await driver.up(within((options) => void new KubernetesObject("kept", { ...kept, metadata }, options)));
    await expect(driver.destroy()).rejects.toMatchObject({
      id: "KUBE_DELETION_STUCK",
      value: "kept",
      details: expect.arrayContaining([expect.stringContaining("test.example.com/kept")]) as string[],
    });
    await cluster.request("PATCH", path, { metadata: { finalizers: null } });
    await driver.destroy();
    expect(await status(path)).toBe(404);
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
    const impatient = await bench.open({ signal: stop.signal, pausesMs: [10, 20] });
    await expect(impatient.up(within(changed, elsewhere))).rejects.toMatchObject({ id: "KUBE_UNREACHABLE" });
    expect(bench.events.filter(({ type }) => type === "waiting")).toHaveLength(2);
    expect((await driver.recover()).filter((urn) => urn.endsWith("::c"))).toHaveLength(1);
    // The same cluster by another kubeconfig: nothing is made anew.
    expect((await driver.up(within(changed))).changes).toMatchObject({ update: 2, same: 1 });
    await driver.destroy();
    expect(await status("/api/v1/namespaces/default/configmaps/c-1")).toBe(404);
  });
});

describe("many objects", () => {
  const MANY = share(500, 10);
  const program = (namespace: string, objects: number) =>
    inNamespace(namespace, (options) => {
      for (let index = 0; index < objects; index++)
        new KubernetesObject(`c-${index}`, configMap(`c-${index}`, namespace, { text: "x".repeat(200) }), options);
    });

  it(`makes ${MANY} in one update, keeps them, and takes them away`, async () => {
    // The engine writes its whole state twice for each object, nine tenths of the time; that part is not the plugin's.
    const quick = await bench.open({ signal: stop.signal, env: { ...bench.env, PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } });
    expect((await quick.up(program("many", MANY))).changes).toEqual({ create: MANY + 3 });
    expect(await count("many")).toBe(MANY);
    expect((await quick.up(program("many", MANY))).changes).toEqual({ same: MANY + 3 });
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
