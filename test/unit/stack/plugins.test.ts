import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PLUGIN_FOLDER, plugins as ofProgram } from "../../../src/stack/stack-access.ts";
import { PLUGIN_VERSION } from "../../../tools/kubernetes-plugin/server.ts";
import { kubernetesPlugin } from "../../../tools/parts/kubernetes-plugin.ts";

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
    expect([PLUGIN_VERSION, kubernetesPlugin.version, /^version=(.*)$/m.exec(wrapper)?.[1]]).toEqual(
      Array.from({ length: 3 }, () => sdk.dependencies["@pulumi/kubernetes"]),
    );
  });
});

describe("the kubernetes plugin's executable", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "plugins-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const start = (env: Record<string, string> = {}): string =>
    spawnSync(join(PLUGIN_FOLDER, "pulumi-resource-kubernetes"), ["--argument"], {
      env: { PATH: process.env["PATH"] ?? "", HOME: home, ...env },
      encoding: "utf8",
      input: "",
    }).stdout;
  /** Anything that is no script is taken for the official one. */
  const official = (path: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, readFileSync("/bin/echo"));
    chmodSync(path, 0o755);
  };

  it("is the official one that the set-up has downloaded, or that Pulumi has installed", () => {
    official(join(home, ".pulumi/plugins", `resource-kubernetes-v${PLUGIN_VERSION}`, "pulumi-resource-kubernetes"));
    expect(start()).toBe("--argument\n");
    rmSync(join(home, ".pulumi"), { recursive: true });
    official(join(home, "cache/virt-ipi/bin/pulumi-resource-kubernetes"));
    expect(start({ XDG_CACHE_HOME: join(home, "cache") })).toBe("--argument\n");
  });

  it("is ours without one, also where the set-up has put a way to ours", () => {
    const way = join(home, ".cache/virt-ipi/bin/pulumi-resource-kubernetes");
    mkdirSync(dirname(way), { recursive: true });
    writeFileSync(way, "#!/bin/sh\necho another checkout\n");
    chmodSync(way, 0o755);
    // Its first line is the port.
    expect(start()).toMatch(/^\d+\n$/);
  }, 60_000);
});
