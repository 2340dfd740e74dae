import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { VSPHERE_VERSION } from "../../../src/providers/vsphere/sdk/index.ts";
import { kubernetesPlugin } from "../../../setup/parts/kubernetes-plugin.ts";

const WRAPPERS = [
  { plugin: "vsphere", version: VSPHERE_VERSION, variable: "VIRT_IPI_VSPHERE_PLUGIN" },
  { plugin: "kubernetes", version: kubernetesPlugin.version, variable: "VIRT_IPI_KUBERNETES_PLUGIN" },
];

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "wrapper-"));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function install(path: string, says: string): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho ${says} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}

describe.each(WRAPPERS)("bin/plugin of $plugin", ({ plugin, version, variable }) => {
  const name = `pulumi-resource-${plugin}`;
  const script = resolve("bin/plugin", name);
  const wrapper = async (env: Readonly<Record<string, string>> = {}): Promise<string> =>
    (
      await run(script, ["an argument"], {
        env: { HOME: home, PULUMI_HOME: "", XDG_CACHE_HOME: "", PATH: `${home}/path:/usr/bin:/bin`, [variable]: "", ...env },
      })
    ).stdout;

  it("takes the plugin that is named, then the set-up's, Pulumi's own and PATH's", async () => {
    await install(`path/${name}`, "path");
    expect(await wrapper()).toBe("path an argument");
    await install(`.pulumi/plugins/resource-${plugin}-v${version}/${name}`, "home");
    expect(await wrapper()).toBe("home an argument");
    const other = await install(`other/plugins/resource-${plugin}-v${version}/${name}`, "other");
    expect(await wrapper({ PULUMI_HOME: join(home, "other") })).toBe("other an argument");
    await install(`.cache/virt-ipi/bin/${name}`, "cache");
    expect(await wrapper()).toBe("cache an argument");
    await install(`xdg/virt-ipi/bin/${name}`, "xdg");
    expect(await wrapper({ XDG_CACHE_HOME: join(home, "xdg") })).toBe("xdg an argument");
    expect(await wrapper({ [variable]: other })).toBe("other an argument");
  });

  it("removes what the plugin leaves among temporary files, also of one that is killed", async () => {
    const temporary = join(home, "temporary");
    await mkdir(temporary);
    const left = async (script: string): Promise<void> => {
      await writeFile(await install(`path/${name}`, ""), `#!/bin/sh\nmktemp -t kubeconfigXXXXXX\n${script}\n`);
      await wrapper({ TMPDIR: temporary }).catch(() => "");
    };
    for (const end of ["exit 0", "kill -9 $$", "kill -9 -$$"]) {
      await left(`echo "$TMPDIR" >'${home}/given'\n${end}`);
      expect((await readFile(join(home, "given"), "utf8")).trim()).toMatch(new RegExp(`^${temporary}/virt-ipi-plugin-`));
      await vi.waitFor(async () => expect(await readdir(temporary)).toEqual([]), { timeout: 60_000, interval: 100 });
    }
  });

  it("says what to do where there is none, also when it is itself on PATH", async () => {
    await expect(wrapper({ PATH: `${dirname(script)}:/usr/bin:/bin` })).rejects.toThrow(
      new RegExp(`${name} ${version} is not installed: run virt-ipi setup.*, or pulumi plugin install resource ${plugin} ${version}`),
    );
  });
});
