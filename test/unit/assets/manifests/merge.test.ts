import { describe, expect, it } from "vitest";
import { mergeUserManifests, type MergedManifests } from "../../../../src/assets/manifests/index.ts";
import { contentHash } from "../../../../src/util/index.ts";

const configMap = (name: string, value = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: kube-system }\ndata: { value: "${value}" }\n`;
const RENDERED = { "manifests/a.yaml": configMap("a"), "manifests/b.yaml": configMap("b") };

function merge(rendered: Record<string, string>, onDisk: Record<string, string>, written: Record<string, string> = {}): MergedManifests {
  const hashes = Object.entries(written).map(([path, text]) => [path, contentHash(text)] as const);
  return mergeUserManifests(new Map(Object.entries(rendered)), new Map(Object.entries(onDisk)), new Map(hashes));
}

const textsOf = (merged: MergedManifests): Record<string, string> => Object.fromEntries(merged.manifests);
const nothing = { edited: [], extra: [], removed: [], obsolete: [], ignored: [] };

describe("mergeUserManifests", () => {
  it("takes what is rendered when nothing is there yet", () => {
    const merged = merge(RENDERED, {});
    expect(textsOf(merged)).toEqual(RENDERED);
    expect(merged).toMatchObject(nothing);
  });

  it("renders anew over files that nobody touched", () => {
    const old = { ...RENDERED, "manifests/a.yaml": configMap("a", "old") };
    const merged = merge(RENDERED, old, old);
    expect(textsOf(merged)).toEqual(RENDERED);
    expect(merged).toMatchObject(nothing);
  });

  it("lets an edited file win, also against a changed rendering", () => {
    const mine = configMap("a", "mine");
    const merged = merge({ ...RENDERED, "manifests/a.yaml": configMap("a", "new") }, { ...RENDERED, "manifests/a.yaml": mine }, RENDERED);
    expect(textsOf(merged)["manifests/a.yaml"]).toBe(mine);
    expect(merged).toMatchObject({ ...nothing, edited: ["manifests/a.yaml"] });
  });

  it("does not call a file edited that says what would be rendered", () => {
    expect(merge(RENDERED, RENDERED)).toMatchObject(nothing);
  });

  it("adds the user's own files", () => {
    const merged = merge(RENDERED, { ...RENDERED, "openshift/99-extra.yaml": configMap("extra") }, RENDERED);
    expect(Object.keys(textsOf(merged))).toContain("openshift/99-extra.yaml");
    expect(merged).toMatchObject({ ...nothing, extra: ["openshift/99-extra.yaml"] });
  });

  it("leaves out what the user deleted", () => {
    const merged = merge(RENDERED, { "manifests/b.yaml": RENDERED["manifests/b.yaml"] }, RENDERED);
    expect(Object.keys(textsOf(merged))).toEqual(["manifests/b.yaml"]);
    expect(merged).toMatchObject({ ...nothing, removed: ["manifests/a.yaml"] });
  });

  it("drops what it wrote once and does not render any more, unless the user edited it", () => {
    const old = { ...RENDERED, "manifests/old.yaml": configMap("old"), "manifests/kept.yaml": configMap("kept") };
    const merged = merge(RENDERED, { ...old, "manifests/kept.yaml": configMap("kept", "mine") }, old);
    expect(Object.keys(textsOf(merged))).toEqual(["manifests/a.yaml", "manifests/b.yaml", "manifests/kept.yaml"]);
    expect(merged).toMatchObject({ ...nothing, obsolete: ["manifests/old.yaml"], edited: ["manifests/kept.yaml"] });
  });

  it("passes over files that are no manifests", () => {
    expect(merge(RENDERED, { ...RENDERED, "manifests/.a.yaml.swp": "\0", "manifests/README.md": "# hello" }, RENDERED)).toMatchObject({
      ...nothing,
      ignored: ["manifests/.a.yaml.swp", "manifests/README.md"],
    });
  });

  it("reads JSON, several documents and lists, and finds the secrets in them", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    const merged = merge(
      {},
      {
        "manifests/j.json": JSON.stringify({ apiVersion: "v1", kind: "List", items: [secret] }),
        "manifests/m.yml": `---\n${configMap("m1")}---\n# nothing\n---\n${configMap("m2")}`,
        "manifests/empty.yaml": "# to be written\n",
      },
    );
    expect([...merged.secret]).toEqual(["manifests/j.json"]);
    expect(merged.extra).toHaveLength(3);
  });
});

describe("duplicates", () => {
  it.each([
    ["another file", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: kube-system }\n"],
    ["one file", `${configMap("x")}---\n${configMap("x")}`],
    [
      "a list",
      "apiVersion: v1\nkind: ConfigMapList\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: kube-system } }\n",
    ],
  ])("are found in %s", (_, text) => {
    expect(() => merge(RENDERED, { "manifests/z.yaml": text })).toThrow(
      expect.objectContaining({ id: "MANIFEST_DUPLICATE", value: "manifests/z.yaml" }) as Error,
    );
  });

  it("are found in one file, which is named once, and without a namespace in both its forms", () => {
    const object = (namespace: string): string => `{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"${namespace}}}\n---\n`;
    expect(() => merge({}, { "manifests/1.yaml": object("") + object(',"namespace":null') })).toThrow("Node n is twice in manifests/1.yaml");
  });

  it("are found across versions of a group, not across groups or namespaces", () => {
    const object = (apiVersion: string, namespace: string): string =>
      `{"apiVersion":"${apiVersion}","kind":"Thing","metadata":{"name":"t","namespace":"${namespace}"}}`;
    expect(() => merge({}, { "manifests/1.json": object("x.io/v1", "n"), "manifests/2.json": object("x.io/v1beta1", "n") })).toThrow(
      "x.io/Thing n/t is both in manifests/1.json and in manifests/2.json",
    );
    expect(() =>
      merge(
        {},
        { "manifests/1.json": object("x.io/v1", "n"), "manifests/2.json": object("y.io/v1", "n"), "manifests/3.json": object("x.io/v1", "m") },
      ),
    ).not.toThrow();
  });
});

describe("broken files", () => {
  it.each([
    ["kind: ConfigMap\nmetadata: { name: a }\n", "no apiVersion"],
    ["apiVersion: v1\nmetadata: { name: a }\n", "no kind"],
    ["apiVersion: v1\nkind: Secret\n", "a Secret, has no metadata.name"],
    ["apiVersion: v1\nkind: Secret\nmetadata: { name: '' }\n", "a Secret, has no metadata.name"],
    ["apiVersion: v1\nkind: Secret\nmetadata: { name: 5 }\n", "a Secret, has no metadata.name"],
    ["apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: 5 }\n", "a Secret: metadata.namespace is not text"],
    ["- a\n", "not an object"],
    ["just text", "not an object"],
    ["a: [1\n", "manifests/x.yaml: "],
    ["a: *nowhere\n", "manifests/x.yaml: Unresolved alias"],
    [
      `a: &a [${"x,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\nd: [${"*c,".repeat(20)}]\n`,
      "manifests/x.yaml: Excessive alias count",
    ],
  ])("%j: %s", (text, message) => {
    expect(() => merge({}, { "manifests/x.yaml": text })).toThrow(message);
    expect(() => merge({}, { "manifests/x.yaml": text })).toThrow(expect.objectContaining({ id: "MANIFEST_INVALID" }) as Error);
  });

  it("does not quote a secret that it cannot read", () => {
    const text = 'apiVersion: v1\nkind: Secret\nstringData:\n  password: "PLANTED\n  x: [\n';
    expect(() => merge({}, { "manifests/x.yaml": text })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("PLANTED") as string }) as Error,
    );
  });
});
