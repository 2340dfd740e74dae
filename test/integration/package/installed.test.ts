import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, type RunResult } from "../../../src/exec/index.ts";
import { ROOT } from "../../../setup/paths.ts";
import { pulumiOfSetup } from "../../helpers/stack-bench.ts";
import { smallOva } from "../../helpers/small-ova.ts";
import { programsFolder, testVcsim } from "../../helpers/vcsim.ts";
import { oneDomain } from "../../helpers/vsphere-cluster.ts";
import { vsphereInstallation } from "../../helpers/vsphere-installation.ts";

/**
 * The package as `npm pack` makes it, installed into an empty prefix, on the two versions of Node that are kept by Node's project. Nothing of
 * the checkout is reached: not its sources, not its packages.
 */
const NODES = ["22.20.0", "24.21.0"] as const;
const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

let folder: string;
let prefix: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-package-"));
  prefix = join(folder, "prefix");
  await npm("pack", "--pack-destination", folder, ROOT);
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? expect.fail("no archive");
  await npm("install", "--global", "--prefix", prefix, join(folder, archive));
  for (const version of NODES) {
    const own = join(folder, `node-${version}`);
    await mkdir(own);
    await npm("install", "--prefix", own, `node-linux-${process.arch}@${version}`);
  }
}, 5 * 60_000);
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function npm(...args: readonly string[]): Promise<void> {
  await run("npm", [...args, "--no-audit", "--no-fund", "--ignore-scripts=false"], { cwd: folder });
}

/** PATH of a user with this version of Node. */
const pathOf = (version: string, ...more: readonly string[]): string =>
  [join(prefix, "bin"), join(folder, `node-${version}`, "node_modules", ".bin"), ...more, "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(delimiter);

describe.each(NODES)("the installed package on Node %s", (version) => {
  const home = (): string => join(folder, `home-${version}`);
  const command = (file: string, args: readonly string[], more: Readonly<Record<string, string>> = {}, cwd = folder): Promise<RunResult> =>
    run(file, args, {
      cwd,
      env: { PATH: pathOf(version), HOME: home(), XDG_CACHE_HOME: join(home(), "cache"), NODE_COMPILE_CACHE: undefined, ...more },
      accept: ANY_CODE,
    });
  const virtIpi = async (...args: readonly string[]): Promise<RunResult> => {
    const result = await command("virt-ipi", args);
    for (const text of [result.stdout, result.stderr]) expect(text, args.join(" ")).not.toMatch(/npm run|npm ci/);
    expect(result.stdout + result.stderr).not.toContain(ROOT);
    return result;
  };

  it("is that Node's", async () => {
    expect((await command("node", ["--version"])).stdout.trim()).toBe(`v${version}`);
    expect(await virtIpi("version")).toMatchObject({ exitCode: 0 });
  });

  it("validates, explains, completes, and lists what the set-up brings", async () => {
    const example = join(prefix, "lib/node_modules/virt-ipi/install-config.example.yaml");
    expect(await virtIpi("validate", example)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("valid") as string });
    expect((await virtIpi("explain", "platform.kvm.uri")).stdout).toContain("libvirt");
    expect((await virtIpi("completion", "bash")).stdout).toContain("--vcenter-password");
    const { stdout } = await virtIpi("setup", "--list", "--platform", "vsphere");
    for (const part of ["pulumi", "kubernetes-plugin", "vsphere-plugin", "node-image-ova"]) expect(stdout).toMatch(new RegExp(`^${part} `, "m"));
    expect((await virtIpi("status", "--dir", home())).exitCode).toBe(3);
  });

  it("writes manifests and Ignition configs from the templates that it brings", async () => {
    const dir = join(home(), "assets");
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await copyFile(join(ROOT, "install-config.example.yaml"), join(dir, "install-config.yaml"));
    expect(await virtIpi("create", "manifests", "--dir", dir)).toMatchObject({ exitCode: 0 });
    expect(await readdir(join(dir, "manifests"))).not.toEqual([]);
    expect(await virtIpi("create", "ignition-configs", "--dir", dir)).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await readFile(join(dir, "bootstrap.ign"), "utf8"))).toHaveProperty("ignition.version");
  });

  it("makes a folder in which plain pulumi works, with the language host of its set-up", async () => {
    const dir = join(home(), "plain");
    const bin = join(home(), "cache/virt-ipi/bin");
    const env = { PATH: pathOf(version, bin) };
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const example = await readFile(join(ROOT, "install-config.example.yaml"), "utf8");
    await writeFile(join(folder, "node.qcow2"), "a preview looks at its checksum only");
    await writeFile(join(dir, "install-config.yaml"), example.replace(/^( *)uri: .*$/m, `$&\n$1clusterOSImage: ${join(folder, "node.qcow2")}`));
    expect(await virtIpi("setup", "--only", "pulumi-language-nodejs")).toMatchObject({ exitCode: 0 });
    await symlink(pulumiOfSetup(), join(bin, "pulumi"));
    expect(await virtIpi("init", "--dir", dir)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("pulumi up") as string });
    const { stdout: variables, ...said } = await command("virt-ipi", ["env", "--dir", dir], env);
    expect(said, said.stderr).toMatchObject({ exitCode: 0 });
    const script = `set -eu\n${variables}\npulumi stack init "$PULUMI_STACK"\nexec pulumi preview --non-interactive --color=never`;
    const preview = await command("sh", ["-c", script], env, dir);
    expect(preview, preview.stderr).toMatchObject({ exitCode: 0 });
    expect(preview.stdout).toMatch(/virt-ipi:cluster:BootstrapComplete +bootstrap-complete +create/);
  });
});

describe("a cluster's machines by the installed package", () => {
  it("are created on vSphere by the official plugin, stay as they are, and go again", async () => {
    await using vcsim = await testVcsim();
    const ova = await smallOva(join(folder, "node.ova"));
    const [, node] = NODES;
    const installation = await vsphereInstallation(oneDomain(vcsim), [vcsim], {
      platform: { clusterOSImage: ova.path },
      entry: join(prefix, "bin/virt-ipi"),
      env: { PATH: pathOf(node, programsFolder()) },
    });
    try {
      const created = await installation.createInfra();
      expect(created.code, created.output).toBe(0);
      const again = await installation.createInfra();
      expect(again.done.filter((step) => !step.startsWith("same"))).toEqual([]);
      const gone = await installation.cli(["destroy", "cluster"]);
      expect(gone.code, gone.output).toBe(0);
      expect((await vcsim.govc("find", "/", "-type", "m")).stdout.trim()).toBe("");
    } finally {
      await installation.dispose();
    }
  });

  it("come from what the archive holds", async () => {
    for (const file of ["dist/virt-ipi.js", "dist/LICENSES.txt", "bin/plugin/pulumi-resource-kubernetes", "templates", "Containerfile"])
      await access(join(prefix, "lib/node_modules/virt-ipi", file));
    expect(await readdir(join(prefix, "lib/node_modules/virt-ipi"))).not.toContain("src");
  });
});
