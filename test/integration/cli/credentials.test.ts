import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cli, type CliResult } from "../../helpers/cli.ts";
import { filesIn } from "../../helpers/prepared.ts";
import { kvm, yamlOf } from "../../unit/config/verdicts/support.ts";
import { withoutProxyLines } from "../../helpers/proxy-lines.ts";

const CANARY = "S3cretCanary";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-credentials-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (change: Readonly<Record<string, unknown>>): Promise<void> => writeFile(join(folder, "install-config.yaml"), yamlOf(kvm, change));
const run = (...args: readonly string[]): Promise<CliResult> => cli([...args, "--dir", folder], { env: { XDG_CACHE_HOME: join(folder, "cache") } });

/** Where the canary is, but for the environment of the machines' proxy. */
async function found(root: string): Promise<readonly string[]> {
  return [...(await filesIn(root))].flatMap(([path, text]) => (withoutProxyLines(text).includes(CANARY) ? [path] : []));
}

it("those of a valid file are in no output, file or bundle", async () => {
  await write({
    "proxy.httpProxy": `http://user:${CANARY}@127.0.0.1:9`,
    "proxy.httpsProxy": `https://user:${CANARY}%20%25@127.0.0.1:9`,
    "platform.kvm.clusterOSImage": `http://user:${CANARY}@127.0.0.1:9/node.qcow2?token=${CANARY}`,
  });
  for (const args of [
    ["validate", join(folder, "install-config.yaml")],
    ["create", "manifests"],
    ["create", "ignition-configs"],
    ["preview"],
    ["gather"],
  ])
    for (const output of ["text", "json"]) {
      const { stdout, stderr, code } = await run(...args, "--output", output, "--log-level", "debug");
      expect(`${stdout}${stderr}`, args.join(" ")).not.toContain(CANARY);
      if (args[0] === "preview") expect(`${stdout}${stderr}`).toMatch(/IMAGE_UNREADABLE|PREFLIGHT_FAILED|PULUMI_MISSING/);
      else expect(code, `${args.join(" ")}: ${stderr}`).toBe(0);
    }
  const bundles = (await readdir(folder)).filter((name) => name.startsWith("gather-"));
  expect(bundles.length).toBeGreaterThan(0);
  for (const bundle of bundles) {
    const into = join(folder, "opened", bundle);
    await mkdir(into, { recursive: true });
    await extract({ file: join(folder, bundle), cwd: into });
    await rm(join(folder, bundle));
  }
  expect((await filesIn(folder)).size).toBeGreaterThan(20);
  expect(await found(folder)).toEqual([]);
});

it("those of a file that is not valid are in no output and no log", async () => {
  await write({
    "proxy.httpProxy": `corp\\user:${CANARY}@127.0.0.1:9`,
    "proxy.httpsProxy": `http://user:${CANARY} x@127.0.0.1:9`,
    baseDomain: `http://user:${CANARY}@example.com`,
    "platform.kvm.uri": `qemu+ssh:user:${CANARY}@host/system`,
  });
  for (const output of ["text", "json"]) {
    const { stdout, stderr, code } = await run("create", "cluster", "--output", output, "--log-level", "debug");
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain("CONFIG_INVALID");
    expect(`${stdout}${stderr}`).not.toContain(CANARY);
  }
  expect(await found(folder)).toEqual([]);
});
