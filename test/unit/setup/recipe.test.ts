import { describe, expect, it } from "vitest";
import { inOrder, inOrderOfUse, recipeKeys } from "../../../setup/recipe.ts";
import { createFixture, fakePart } from "./fixture.ts";

describe("recipe keys", () => {
  it("change with a file of the recipe, also with its name, and not with other files", async () => {
    await using fixture = await createFixture();
    const part = fakePart({ id: "a", inputs: ["recipes/a"] });
    const key = async (): Promise<string | undefined> => (await recipeKeys([part], fixture.root)).get("a");
    await fixture.write("recipes/a/one", "1");
    const first = await key();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    await fixture.write("recipes/b/one", "other");
    expect(await key()).toBe(first);
    await fixture.write("recipes/a/deep/two", "2");
    const second = await key();
    expect(second).not.toBe(first);
    await fixture.write("recipes/a/deep/two", "3");
    expect(await key()).not.toBe(second);
  });

  it("do not mistake the end of one file for the beginning of the next", async () => {
    await using one = await createFixture();
    await using other = await createFixture();
    const part = fakePart({ id: "a", inputs: ["in"] });
    await one.write("in/x", "ab");
    await one.write("in/y", "c");
    await other.write("in/x", "a");
    await other.write("in/y", "bc");
    expect((await recipeKeys([part], one.root)).get("a")).not.toBe((await recipeKeys([part], other.root)).get("a"));
  });

  it.each([
    ["its version", { version: "v1.0.1" }],
    ["its flags", { recipe: { ldflags: "-s" } }],
    ["its downloads", { downloads: [{ url: "http://127.0.0.1/a", sha256: "0" }] }],
  ])("of a part change with %s, and so do those of the parts that need it", async (_what, change) => {
    const needing = fakePart({ id: "b", needs: ["a"] });
    const before = await recipeKeys([fakePart({ id: "a" }), needing], "/");
    const after = await recipeKeys([fakePart({ id: "a", ...change }), needing], "/");
    expect(after.get("a")).not.toBe(before.get("a"));
    expect(after.get("b")).not.toBe(before.get("b"));
  });
});

describe("the order of the parts", () => {
  const parts = [
    fakePart({ id: "image", needs: ["kubelet", "etcd"] }),
    fakePart({ id: "etcd" }),
    fakePart({ id: "kubelet" }),
    fakePart({ id: "pulumi" }),
  ];

  it("puts each after those that it needs", () => {
    expect(inOrder(parts).map(({ id }) => id)).toEqual(["kubelet", "etcd", "image", "pulumi"]);
  });

  it("takes only the wanted ones and what they need", () => {
    expect(inOrder(parts, ["image"]).map(({ id }) => id)).toEqual(["kubelet", "etcd", "image"]);
  });

  it("refuses an unknown part and names the known ones", () => {
    expect(() => inOrder(parts, ["etcdd"])).toThrow(
      expect.objectContaining({ id: "SETUP_PART_UNKNOWN", value: "etcdd", details: ["the parts are: image, etcd, kubelet, pulumi"] }),
    );
  });

  it("refuses parts that need each other", () => {
    expect(() => inOrder([fakePart({ id: "a", needs: ["b"] }), fakePart({ id: "b", needs: ["a"] })])).toThrow("a -> b -> a");
  });
});

describe("inOrderOfUse", () => {
  it("begins with what others wait for, and with the longest", () => {
    const parts = [
      fakePart({ id: "cli", seconds: 225 }),
      fakePart({ id: "etcd", seconds: 45 }),
      fakePart({ id: "kubernetes", seconds: 566 }),
      fakePart({ id: "image", seconds: 80, needs: ["etcd", "kubernetes"] }),
      fakePart({ id: "small" }),
    ];
    expect(inOrderOfUse(parts).map(({ id }) => id)).toEqual(["kubernetes", "etcd", "cli", "image", "small"]);
  });
});

describe("the key of a part", () => {
  it("stays when its sources move, and changes with their names and content", async () => {
    await using fixture = await createFixture();
    const keyOf = async (input: string): Promise<string | undefined> =>
      (await recipeKeys([fakePart({ id: "tool", inputs: [input] })], fixture.root)).get("tool");
    await fixture.write("old/tool/main.go", "1");
    await fixture.write("new/place/tool/main.go", "1");
    await fixture.write("renamed/tool/other.go", "1");
    await fixture.write("changed/tool/main.go", "2");
    const key = await keyOf("old/tool");
    expect(await keyOf("new/place/tool")).toBe(key);
    expect(await keyOf("renamed/tool")).not.toBe(key);
    expect(await keyOf("changed/tool")).not.toBe(key);
  });
});
