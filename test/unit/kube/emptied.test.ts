import { describe, expect, it } from "vitest";
import { emptied, keysOf, type KubeObject } from "../../../src/kube/index.ts";

/** What is taken out of a resource before server-side apply would leave null in it. A real API server: test/contract/kubernetes-plugin/emptied-keys. */

const US = "pulumi-kubernetes-1";
const entry = (manager: string, operation: string, spec: object): object => ({ manager, operation, fieldsV1: { "f:spec": spec } });
const found = (spec: object, ours: object, ...theirs: readonly object[]) => ({
  metadata: {
    annotations: { "pulumi.com/patchFieldManager": US },
    managedFields: [entry(US, "Apply", ours), ...theirs.map((fields) => entry("operator", "Update", fields))],
  },
  spec,
});

describe("emptied", () => {
  it.each([
    ["held by another", found({ a: { x: 1 } }, { "f:a": { "f:x": {} } }, { "f:a": {} }), [], { a: { x: null } }],
    ["wanted empty", found({ a: { x: 1 } }, { "f:a": { "f:x": {} } }), ["/a"], { a: { x: null } }],
    ["held by nobody else", found({ a: { x: 1 }, b: 1 }, { "f:a": { "f:x": {} }, "f:b": {} }), ["/b"], undefined],
    ["with a key of another", found({ a: { x: 1, y: 1 } }, { "f:a": { "f:x": {} } }, { "f:a": { "f:y": {} } }), [], undefined],
    ["with a key of nobody", found({ a: { x: 1, y: 1 } }, { "f:a": { "f:x": {} } }, { "f:a": {} }), [], undefined],
    ["that gets another key", found({ a: { x: 1 } }, { "f:a": { "f:x": {} } }, { "f:a": {} }), ["/a", "/a/y"], undefined],
    ["whole, as others have it", found({ a: { x: 1 } }, { "f:a": {} }, { "f:a": {} }), [], undefined],
    ["a list", found({ a: [1] }, { "f:a": {} }, { "f:a": {} }), [], undefined],
    ["that Pulumi has made, not applied", { ...found({ a: { x: 1 } }, {}, { "f:a": { "f:x": {} } }) }, [], undefined],
    ["of somebody else", { spec: { a: { x: 1 } }, metadata: { managedFields: [entry("", "Apply", { "f:a": { "f:x": {} } })] } }, [], undefined],
    [
      "in what stays, by a name with slashes",
      found({ a: { "x/y": { z: 1 }, k: 1 } }, { "f:a": { "f:x/y": { "f:z": {} }, "f:k": {} } }, { "f:a": { "f:x/y": {} } }),
      ["/a", "/a/k"],
      { a: { "x/y": { z: null } } },
    ],
  ] as readonly (readonly [string, KubeObject, readonly string[], object | undefined])[])("an object %s", (_, object, wanted, spec) => {
    expect(emptied(object, wanted)).toEqual(spec === undefined ? undefined : { spec });
  });

  it("knows keys as JSON pointers", () => {
    expect(keysOf({ a: { "x/y": { "~": 1 } }, b: [{ c: 1 }] })).toEqual(["/a", "/a/x~1y", "/a/x~1y/~0", "/b"]);
  });
});
