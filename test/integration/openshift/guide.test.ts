import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { freePorts } from "../../helpers/free-ports.ts";
import { VALID, validateIgnition } from "../../helpers/ignition-validate.ts";
import { parseMarkdown, ROOT, type Fence } from "../../helpers/markdown.ts";
import { ignitionFiles } from "../../helpers/ignition-files.ts";

/** docs/guide/openshift.md, followed as a user does: its install-config, then each block of commands, in order. */

const GUIDE = "docs/guide/openshift.md";
const ROLES = ["bootstrap", "master", "worker"] as const;

let folder = "";
let printed = "";
let server: ChildProcess | undefined;
let url = "";
let fences: readonly Fence[] = [];

const blocks = (info: string): readonly string[] => fences.filter((fence) => fence.info === info).map(({ text }) => text);
const site = (name: string): string => join(folder, "site", name);

beforeAll(async () => {
  ({ fences } = parseMarkdown(GUIDE, await readFile(join(ROOT, GUIDE), "utf8")));
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-guide-"));
  await mkdir(join(folder, "site"));
  await writeFile(site("install-config.yaml"), blocks("yaml install-config")[0] ?? "");
  const env = { PATH: [join(ROOT, "bin"), process.env["PATH"] ?? ""].join(delimiter) };
  for (const block of blocks("sh run")) {
    const { stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", block], { cwd: folder, env });
    printed += stdout + stderr;
  }
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const [program = "", ...args] = (blocks("sh serve")[0] ?? "").replace("8080", String(port)).split(" ");
  server = spawn(program, args, { cwd: folder, stdio: "ignore" });
  await untilServing();
});

async function untilServing(): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(200);
  }
  throw new Error(`nothing is served at ${url}`);
}

afterAll(async () => {
  server?.kill();
  await rm(folder, { recursive: true, force: true });
});

describe("the guide for OpenShift on machines of one's own", () => {
  it("has commands for each of its steps", () => {
    expect(blocks("sh run")).toHaveLength(5);
    expect(blocks("sh serve")).toHaveLength(1);
  });

  it.each(ROLES)("serves the Ignition config of %s with the hash that it prints", async (role) => {
    const served = Buffer.from(await (await fetch(`${url}/${role}.ign`)).arrayBuffer());
    expect(printed).toContain(`${role} sha512-${createHash("sha512").update(served).digest("hex")}`);
    expect(await validateIgnition(served.toString())).toEqual(VALID);
    expect(served).toEqual(await readFile(site(`${role}.ign`)));
  });

  it("takes what was edited and added into the cluster", async () => {
    const files = ignitionFiles(await readFile(site("bootstrap.ign"), "utf8"));
    expect(files.get("/opt/openshift/manifests/cluster-scheduler-02-config.yml")?.text).toContain("mastersSchedulable: false");
    expect(files.get("/opt/openshift/openshift/99-worker-kernel-arguments.yaml")?.text).toContain("console=ttyS0");
  });

  it("lists what is written, which only the user can read, and until when it can be used", async () => {
    const listed = (await readFile(join(ROOT, GUIDE), "utf8")).matchAll(/^\| `([^`]+)` /gm);
    const names = [...listed].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect((await stat(site(name))).mode & 0o077, name).toBe(0);
    // A secret of the example that is a word of file names would be taken out of them.
    expect(printed).toContain("auth/kubeadmin-password");
    expect(printed).toMatch(/use bootstrap\.ign before \d{4}-\d\d-\d\dT/);
  });
});
