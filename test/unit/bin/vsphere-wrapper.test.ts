import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { VSPHERE_VERSION } from "../../../src/providers/vsphere/sdk/index.ts";

const NAME = "pulumi-resource-vsphere";
const WRAPPER = resolve("bin/plugin", NAME);

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

const wrapper = async (env: Readonly<Record<string, string>> = {}): Promise<string> =>
  (
    await run(WRAPPER, ["an argument"], {
      env: { HOME: home, PULUMI_HOME: "", XDG_CACHE_HOME: "", PATH: `${home}/path:/usr/bin:/bin`, VIRT_IPI_VSPHERE_PLUGIN: "", ...env },
    })
  ).stdout;

it("takes the plugin that is named, then the set-up's, Pulumi's own and PATH's", async () => {
  await install(`path/${NAME}`, "path");
  expect(await wrapper()).toBe("path an argument");
  await install(`.pulumi/plugins/resource-vsphere-v${VSPHERE_VERSION}/${NAME}`, "home");
  expect(await wrapper()).toBe("home an argument");
  const other = await install(`other/plugins/resource-vsphere-v${VSPHERE_VERSION}/${NAME}`, "other");
  expect(await wrapper({ PULUMI_HOME: join(home, "other") })).toBe("other an argument");
  await install(`.cache/virt-ipi/bin/${NAME}`, "cache");
  expect(await wrapper()).toBe("cache an argument");
  await install(`xdg/virt-ipi/bin/${NAME}`, "xdg");
  expect(await wrapper({ XDG_CACHE_HOME: join(home, "xdg") })).toBe("xdg an argument");
  expect(await wrapper({ VIRT_IPI_VSPHERE_PLUGIN: other })).toBe("other an argument");
});

it("says what to do where there is none, also when it is itself on PATH", async () => {
  const failure = wrapper({ PATH: `${dirname(WRAPPER)}:/usr/bin:/bin` });
  await expect(failure).rejects.toThrow(
    new RegExp(`${NAME} ${VSPHERE_VERSION} is not installed: run npm run setup .* or pulumi plugin install resource vsphere ${VSPHERE_VERSION}`),
  );
});
