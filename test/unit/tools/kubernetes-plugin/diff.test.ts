import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../src/pulumi/resource/values.ts";
import { diffObjects } from "../../../../tools/kubernetes-plugin/diff.ts";
import { driftedInputs, importedInputs } from "../../../../tools/kubernetes-plugin/drift.ts";
import type { Manifest } from "../../../../tools/kubernetes-plugin/manifest.ts";
import { settingsOf } from "../../../../tools/kubernetes-plugin/settings.ts";

const object = (kind: string, apiVersion: string, rest: Record<string, unknown> = {}): Manifest => ({
  apiVersion,
  kind,
  ...rest,
  metadata: { name: "it", namespace: "here", ...(rest["metadata"] as object | undefined) },
});

function diff(old: Manifest, news: Manifest, { patch = false, ignore = [] as readonly string[], config = {} } = {}) {
  return diffObjects(old, news, { patch, ignore, settings: settingsOf({ kubeconfig: "a\n", ...config }, {}) });
}

describe("what differs between two sets of inputs", () => {
  it.each([
    [
      "a label with dots",
      { metadata: { labels: { "a.b/c": "1" } } },
      { metadata: { labels: { "a.b/c": "2" } } },
      'metadata.labels["a.b/c"]',
      "update",
    ],
    ["an element of a list", { spec: { ports: [{ port: 1 }] } }, { spec: { ports: [{ port: 2 }] } }, "spec.ports[0].port", "update"],
    ["a new element", { spec: { ports: [] } }, { spec: { ports: [{ port: 2 }] } }, "spec.ports[0]", "add"],
    ["a field taken away", { spec: { a: 1, b: 2 } }, { spec: { a: 1 } }, "spec.b", "delete"],
    ["something unknown", { spec: { a: 1 } }, { spec: { a: UNKNOWN } }, "spec.a", "update"],
  ])("%s", (_case, old, news, path, kind) => {
    expect(diff(object("Thing", "example.com/v1", old), object("Thing", "example.com/v1", news)).changes).toEqual([{ path, kind, replaces: false }]);
  });

  it("is not what only the server writes, a null, or the namespace default", () => {
    const old = object("Thing", "example.com/v1", { metadata: { namespace: "default", uid: "1", generation: 3 }, spec: { a: null } });
    const news: Manifest = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "it" }, spec: {} };
    expect(diff(old, news).changes).toEqual([]);
  });

  it("is not what the program ignores", () => {
    const old = object("Thing", "example.com/v1", { spec: { a: 1, list: [{ b: 1, c: 1 }] } });
    const news = object("Thing", "example.com/v1", { spec: { a: 2, list: [{ b: 2, c: 2 }] } });
    expect(diff(old, news, { ignore: ["spec.a", "spec.list[*].b"] }).changes.map(({ path }) => path)).toEqual(["spec.list[0].c"]);
  });

  it("is nothing between equals, whatever they are", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        expect(diff(object("Thing", "example.com/v1", { spec }), object("Thing", "example.com/v1", { spec: structuredClone(spec) })).changes).toEqual(
          [],
        );
      }),
    );
  });
});

describe("what takes a new object", () => {
  it.each([
    ["Deployment", "apps/v1", { spec: { selector: { matchLabels: { app: "a" } } } }, { spec: { selector: { matchLabels: { app: "b" } } } }],
    ["ClusterRoleBinding", "rbac.authorization.k8s.io/v1", { roleRef: { name: "a" } }, { roleRef: { name: "b" } }],
    ["StorageClass", "storage.k8s.io/v1", { provisioner: "a" }, { provisioner: "b" }],
    ["PersistentVolumeClaim", "v1", { spec: { storageClassName: "a" } }, { spec: {} }],
    ["Pod", "v1", { spec: { nodeName: "a" } }, { spec: { nodeName: "b" } }],
    ["ConfigMap", "v1", { data: { a: "1" } }, { data: { a: "2" } }],
    ["ConfigMap", "v1", { data: { a: "1" } }, {}],
    ["Secret", "v1", { stringData: { a: "1" } }, { stringData: { a: "2" } }],
  ])("%s", (kind, apiVersion, old, news) => {
    const found = diff(object(kind, apiVersion, old), object(kind, apiVersion, news));
    expect(found.changes.map(({ replaces }) => replaces)).toEqual([true]);
    expect(found.deleteBeforeReplace).toBe(true);
    // Of an object that another owns nothing is made anew.
    expect(diff(object(kind, apiVersion, old), object(kind, apiVersion, news), { patch: true }).changes.some(({ replaces }) => replaces)).toBe(false);
  });

  it.each([
    ["Deployment", "apps/v1", { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, {}],
    ["Pod", "v1", { spec: { tolerations: [] } }, { spec: { tolerations: [{ key: "a" }] } }, {}],
    ["ConfigMap", "v1", { data: { a: "1" } }, { data: { a: "2" } }, { enableConfigMapMutable: "true" }],
    ["Secret", "v1", { data: { a: "1" } }, { data: { a: "2" } }, { enableSecretMutable: true }],
  ])("is not this change of a %s", (kind, apiVersion, old, news, config) => {
    expect(diff(object(kind, apiVersion, old), object(kind, apiVersion, news), { config }).changes.map(({ replaces }) => replaces)).toEqual([false]);
  });

  it("stands beside the old one where its name or namespace is another", () => {
    const old = object("ConfigMap", "v1", { data: { a: "1" } });
    expect(diff(old, object("ConfigMap", "v1", { metadata: { name: "other" } }))).toMatchObject({ deleteBeforeReplace: false });
    expect(diff(old, object("ConfigMap", "v1", { metadata: { namespace: "there" } }))).toMatchObject({ deleteBeforeReplace: false });
  });
});

describe("inputs after a look at the cluster", () => {
  const inputs = object("Thing", "example.com/v1", { spec: { cpu: "1000m", list: [{ name: "a", value: 1 }], text: "x" } });
  const seen = object("Thing", "example.com/v1", {
    metadata: { uid: "1" },
    spec: { cpu: "1", list: [{ name: "a", value: 1, filled: true }], text: "x", more: 1 },
  });

  it("stay as they were written where nothing has changed since, also where the server spells them otherwise", () => {
    const now = { ...structuredClone(seen), status: { phase: "Ready" } };
    expect(driftedInputs(inputs, seen, now)).toEqual(inputs);
  });

  it("are what is there where somebody changed it, and only there", () => {
    const now = structuredClone(seen) as Manifest & { spec: { text: string; list: { value: number }[]; more: number } };
    Object.assign(now.spec, { text: "theirs", more: 2 });
    Object.assign(now.spec.list[0] ?? {}, { value: 2 });
    expect(driftedInputs(inputs, seen, now)["spec"]).toEqual({ cpu: "1000m", list: [{ name: "a", value: 2 }], text: "theirs" });
  });

  it("lose what is gone", () => {
    expect(driftedInputs(inputs, seen, { ...seen, spec: { cpu: "1" } })["spec"]).toEqual({ cpu: "1000m" });
  });

  it("keep what is never there, such as stringData", () => {
    const secret = object("Secret", "v1", { stringData: { a: "1" } });
    const live = object("Secret", "v1", { data: { a: "MQ==" } });
    expect(driftedInputs(secret, live, structuredClone(live))).toEqual(secret);
  });

  it("never differ from themselves when nothing has changed", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (spec, other) => {
        const written = object("Thing", "example.com/v1", { spec });
        const live = object("Thing", "example.com/v1", { spec: other });
        expect(driftedInputs(written, live, structuredClone(live))).toEqual(written);
      }),
    );
  });

  it("of an import hold no status and nothing of the server's", () => {
    const live = object("Thing", "example.com/v1", {
      metadata: { uid: "1", managedFields: [], annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
      spec: { a: 1 },
      status: { b: 1 },
    });
    expect(importedInputs(live)).toEqual(object("Thing", "example.com/v1", { spec: { a: 1 } }));
  });
});
