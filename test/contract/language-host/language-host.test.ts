import { beforeAll, describe, expect, it } from "vitest";
import { createProject, installedTools } from "./project.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
interface Greeting { readonly text: string }
const config = new pulumi.Config();
const greeting: Greeting = { text: "hello " + config.require("who") };
console.log("printed by the program");
console.error("warned by the program");
class Thing extends pulumi.ComponentResource {
  constructor(name: string) { super("tiny:index:Thing", name); this.registerOutputs({}); }
}
new Thing("one");
export const text = greeting.text;
export const hidden = config.requireSecret("hidden");
export const dry = pulumi.runtime.isDryRun();
export const project = pulumi.getProject() + "/" + pulumi.getStack();
export const node = Number(process.versions.node.split(".")[0]);
`;

let bin: string;
beforeAll(async () => {
  bin = await installedTools();
});

describe("the language host under the real CLI", () => {
  it("previews, creates and destroys a TypeScript program's resources", async () => {
    await using project = await createProject(bin, PROGRAM);
    await project.pulumi("config", "set", "who", "world");
    await project.pulumi("config", "set", "--secret", "hidden", "not for eyes");

    const preview = await project.pulumi("preview");
    expect(preview, preview.stderr).toMatchObject({ exitCode: 0 });
    expect(preview.stdout).toMatch(/\+ 2 to create/);
    expect(preview.stdout).toContain("printed by the program");
    expect(preview.stdout).toContain("warned by the program");

    const up = await project.pulumi("up", "--yes", "--skip-preview");
    expect(up, up.stderr).toMatchObject({ exitCode: 0 });
    expect(up.stdout).toMatch(/\+ 2 created/);
    expect(up.stdout).not.toContain("not for eyes");

    const outputs = await project.pulumi("stack", "output", "--json", "--show-secrets");
    expect(JSON.parse(outputs.stdout)).toEqual({ text: "hello world", hidden: "not for eyes", dry: false, project: "tiny/dev", node: 24 });

    const again = await project.pulumi("up", "--yes", "--skip-preview");
    expect(again.stdout).toMatch(/2 unchanged/);

    const destroy = await project.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy, destroy.stderr).toMatchObject({ exitCode: 0 });
    expect(destroy.stdout).toMatch(/- 2 deleted/);
  });

  it("keeps what exists when the program fails, and shows its error once", async () => {
    await using project = await createProject(bin, PROGRAM);
    await project.pulumi("config", "set", "who", "world");
    await project.pulumi("config", "set", "--secret", "hidden", "x");
    await project.pulumi("up", "--yes", "--skip-preview");
    await project.write("index.ts", `throw new Error("the moon is in the way");\n`);

    const up = await project.pulumi("up", "--yes", "--skip-preview");
    expect(up.exitCode).not.toBe(0);
    expect(`${up.stdout}${up.stderr}`.split("Error: the moon is in the way").length - 1).toBe(1);

    const state = JSON.parse((await project.pulumi("stack", "export")).stdout) as { deployment: { resources: { type: string }[] } };
    expect(state.deployment.resources.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack", "tiny:index:Thing"]);
  });

  it("tells the exit code of a program that ends without a word", async () => {
    await using project = await createProject(bin, "process.exit(7);\n");
    const preview = await project.pulumi("preview");
    expect(preview.exitCode).not.toBe(0);
    expect(`${preview.stdout}${preview.stderr}`).toContain("the program ended with exit code 7");
  });

  it("gives Node the arguments of the nodeargs option", async () => {
    await using project = await createProject(
      bin,
      "export const flags = process.execArgv.join(' ');\n",
      '{typescript: false, nodeargs: "--stack-trace-limit=7"}',
    );
    const up = await project.pulumi("up", "--yes", "--skip-preview");
    expect(up, up.stderr).toMatchObject({ exitCode: 0 });
    expect((await project.pulumi("stack", "output", "flags")).stdout.trim()).toBe("--stack-trace-limit=7");
  });

  it("answers pulumi about", async () => {
    await using project = await createProject(bin, PROGRAM);
    const about = JSON.parse((await project.pulumi("about", "--json")).stdout) as { runtime: unknown; dependencies: unknown[] };
    expect(about.runtime).toMatchObject({ executable: process.execPath, version: process.version });
    expect(about.dependencies).toContainEqual({ name: "@pulumi/pulumi", version: "3.276.0" });
  });
});
