import { describe, expect, it } from "vitest";
import { dependencies, installedPackages, packageFolder, readPackage, requiredPlugins } from "../../../../plugins/language-host/packages.ts";
import { createFixture } from "../../setup/fixture.ts";

describe("the packages of a program", () => {
  it("are those of its folder and of the folders above, scoped and nested ones too", async () => {
    await using fixture = await createFixture();
    const add = (folder: string, name: string, more: object = {}): Promise<void> =>
      fixture.write(`${folder}/package.json`, JSON.stringify({ name, version: "1.2.3", ...more }));
    await add("program", "program", { dependencies: { plain: "^1" } });
    await add("program/node_modules/plain", "plain");
    await add("program/node_modules/plain/node_modules/nested", "nested");
    await add("node_modules/@pulumi/cloud", "@pulumi/cloud", { pulumi: { resource: true } });
    await add("node_modules/@scope/other", "@scope/other", {
      pulumi: { resource: true, name: "other", version: "v9.0.0", server: "https://example.com" },
    });
    await add("node_modules/tool", "tool", { pulumi: { comment: "not a provider" } });
    await fixture.write("node_modules/broken/package.json", "{");
    await fixture.write("node_modules/.bin/x", "");

    const found = await installedPackages(`${fixture.root}/program`);
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(["plain", "nested", "@pulumi/cloud", "@scope/other", "tool"]));
    expect(requiredPlugins([...found, ...found])).toEqual([
      { name: "cloud", version: "v1.2.3", server: "" },
      { name: "other", version: "v9.0.0", server: "https://example.com" },
    ]);
    const own = await readPackage(`${fixture.root}/program`);
    expect(dependencies(own, found, false)).toEqual([{ name: "plain", version: "1.2.3" }]);
    expect(dependencies(own, found, true).map(({ name }) => name)).toEqual(["@pulumi/cloud", "@scope/other", "nested", "plain", "tool"]);
    await fixture.write("program/deep/er/index.ts", "");
    expect(await packageFolder(`${fixture.root}/program/deep/er`)).toBe(`${fixture.root}/program`);
  });
});
