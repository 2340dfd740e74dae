import { describe, expect, it } from "vitest";
import { fromStruct, toStruct } from "../../../src/pulumi/server/struct.ts";
import { Struct } from "../../../src/pulumi/server/stubs.ts";
import { hasUnknown, isUnknownAt, sameValue, UNKNOWN } from "../../../src/pulumi/resource/values.ts";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

describe("fromStruct", () => {
  it("opens secrets at any depth, also one inside another", () => {
    const wire = Struct.fromJavaScript({ a: { ...SECRET, value: { b: [{ ...SECRET, value: "inner" }] } } });
    expect(fromStruct(wire)).toEqual({ a: { b: ["inner"] } });
  });

  it.each([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("knows the unknown %s, also inside a secret", (sentinel) => {
    const properties = fromStruct(Struct.fromJavaScript({ list: [{ deep: sentinel }], secret: { ...SECRET, value: sentinel } }));
    expect(properties).toEqual({ list: [{ deep: UNKNOWN }], secret: UNKNOWN });
  });

  it("takes a missing struct as no properties", () => expect(fromStruct(undefined)).toEqual({}));
});

describe("toStruct", () => {
  it("wraps the properties named as secrets, but not one that is unknown", () => {
    const wire = toStruct({ key: "k", later: UNKNOWN, plain: 1 }, ["key", "later"]).toJavaScript();
    expect(wire).toEqual({ key: { ...SECRET, value: "k" }, later: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", plain: 1 });
  });

  it("leaves undefined out at any depth", () =>
    expect(toStruct({ a: undefined, b: { c: undefined, d: [1] } }).toJavaScript()).toEqual({ b: { d: [1] } }));

  it.each([[1n], [() => 1], [Symbol("x")]])("refuses %s", (value) => expect(() => toStruct({ value })).toThrow(TypeError));
});

describe("values", () => {
  it("finds unknowns at any depth", () => {
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: null }] })).toBe(false);
  });

  it("tells whether a path leads to or through an unknown", () => {
    const properties = { a: { b: UNKNOWN }, c: UNKNOWN, d: 1 };
    expect(isUnknownAt(properties, ["a", "b"])).toBe(true);
    expect(isUnknownAt(properties, ["c", "x", "y"])).toBe(true);
    expect(isUnknownAt(properties, ["d"])).toBe(false);
    expect(isUnknownAt(properties, ["e", "f"])).toBe(false);
  });

  it.each([
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [{ a: { b: [1] } }, { a: { b: [1] } }, true],
    [null, undefined, false],
  ])("compares %j with %j", (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
    expect(sameValue(b, a)).toBe(same);
  });
});
