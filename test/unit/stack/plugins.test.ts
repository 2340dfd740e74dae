import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PLUGIN_FOLDER, plugins as ofProgram } from "../../../src/stack/project-settings.ts";
import { kubernetesPlugin } from "../../../setup/parts/kubernetes-plugin.ts";

interface Project {
  readonly plugins: { readonly providers: readonly { readonly name: string; readonly path: string }[] };
}

describe("the plugins of the project", () => {
  it("are the same for plain pulumi and for the CLI", () => {
    const { plugins } = parse(readFileSync("Pulumi.yaml", "utf8")) as Project;
    expect(plugins.providers.map(({ name }) => name)).toEqual(ofProgram().map(({ name }) => name));
    for (const { path } of plugins.providers) expect(resolve(path)).toBe(PLUGIN_FOLDER);
  });

  it("have the version that the SDK asks for", () => {
    const sdk = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
    const wrapper = readFileSync(join(PLUGIN_FOLDER, "pulumi-resource-kubernetes"), "utf8");
    const wanted = sdk.dependencies["@pulumi/kubernetes"];
    expect([kubernetesPlugin.version, / kubernetes (\S+) /.exec(wrapper)?.[1]]).toEqual([wanted, wanted]);
  });
});
