import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { cli, ENTRY } from "../../helpers/cli.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "virt-ipi-cli-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function cluster(name: string, ...more: readonly string[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const { code, stderr } = await cli([
    "create",
    "install-config",
    "--dir",
    folder,
    "--name",
    "demo",
    "--base-domain",
    "example.test",
    "--control-plane",
    "1",
    "--compute",
    "1",
    ...more,
  ]);
  if (code !== 0) throw new Error(stderr);
  return folder;
}

describe("help and usage", () => {
  it("lists the commands, and quickly: nothing heavy is loaded for it", async () => {
    const times: number[] = [];
    let last = "";
    for (let round = 0; round < 3; round++) {
      // Of the processor: others may use it as well.
      const { stdout, stderr } = await run("bash", ["-c", `TIMEFORMAT="%U %S"; time "$0" --help`, ENTRY], { env: { LC_ALL: "C" } });
      times.push(
        stderr
          .trim()
          .split(" ")
          .map(Number)
          .reduce((sum, seconds) => sum + seconds * 1_000, 0),
      );
      last = stdout;
    }
    for (const word of ["create", "destroy", "resume", "validate", "explain", "doctor", "gather", "completion"]) expect(last).toContain(word);
    // 300 ms is the aim on an idle machine; this bound only fails when something heavy got in (Pulumi's SDK alone takes a second).
    expect(Math.min(...times)).toBeLessThan(1_000);
  });

  it("shows a command's own options", async () => {
    const { code, stdout } = await cli(["destroy", "cluster", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--dry-run");
  });

  it.each([
    [["destory", "cluster"], "destroy"],
    [["create", "clutser"], "create cluster"],
    [["validat"], "validate"],
    [["wait-for", "bootstrap"], "wait-for bootstrap-complete"],
    [["delete", "cluster"], "destroy cluster"],
    [["help", "creat"], "create"],
    [["create", "cluster", "--dry-run"], "preview"],
  ])("%j is an error of usage that names the nearest command", async (args, near) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(`virt-ipi ${near}`);
  });

  it.each([
    [["version", "--nonsense"], "--nonsense"],
    [["validate", "--dirr", "x"], "Did you mean `--dir`?"],
    [["--dirr", "x", "validate"], "Did you mean `--dir`?"],
    [["--dirr=x", "validate"], "Did you mean `--dir`?"],
    [["explain", "CONFIG_CHANGD"], "Did you mean `virt-ipi explain CONFIG_CHANGED`?"],
    [["explain", "NO_SUCH_ERROR_AT_ALL"], "An error begins with its id"],
    [["--output", "yaml", "version"], "json"],
    [["status", "--log-level", "warn"], "Did you mean `warning`?"],
    [["create", "cluster", "--dir"], "virt-ipi create cluster --help"],
    [["create", "cluster", "--timeout", "bootstrap=soon"], "install=30m"],
    [["status", "extra"], "virt-ipi status --help"],
    [["completion", "tcsh"], "zsh"],
    [["completion"], "shell"],
    [["explain", "no.such.field"], "`virt-ipi explain` lists the fields there."],
  ])("%j exits with 2, and says in the form of every error what would do", async (args, word) => {
    const { code, stderr } = await cli(args, { cwd: root });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Error USAGE: .+\n(?: {2}.+\n)* {2}next: .+\n {2}see: .+\n$/)]);
    expect(stderr).toContain(word);
    const asJson = await cli([...args, "--output", "json"], { cwd: root });
    if (!args.includes("yaml") && args.at(-1) !== "--dir") expect(asJson.json()).toEqual([expect.objectContaining({ type: "error", id: "USAGE" })]);
  });

  it.each([
    [["help", "create", "cluster"], "virt-ipi create cluster [options]"],
    [["create", "help", "cluster"], "virt-ipi create cluster [options]"],
    [["help", "create"], "virt-ipi create [options] [command]"],
    [["help", "status"], "virt-ipi status [options]"],
    [["help"], "virt-ipi [options] [command]"],
  ])("%j shows that help", async (args, line) => {
    const { code, stdout } = await cli(args);
    expect([code, stdout.split("\n")[0]]).toEqual([0, `Usage: ${line}`]);
  });

  it("tells its version", async () => {
    const [result] = (await cli(["version", "--output", "json"])).json();
    expect(result).toMatchObject({ type: "result", version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
    expect((await cli(["--version"])).stdout.trim()).toBe(result?.["version"]);
  });

  it("completes in bash what it knows", async () => {
    const { stdout } = await cli(["completion", "bash"]);
    const script = join(root, "completion.bash");
    await writeFile(script, `${stdout}\nCOMP_WORDS=(virt-ipi create cl); COMP_CWORD=2; _virt_ipi; printf '%s\\n' "\${COMPREPLY[@]}"\n`);
    expect((await run("bash", [script])).stdout.trim()).toBe("cluster");
  });
});

describe("explain", () => {
  it("tells a field", async () => {
    const { code, stdout } = await cli(["explain", "networking.machineNetwork"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^field: +networking\.machineNetwork\ntype: +list/);
  });

  it("takes paths as other programs write them", async () => {
    for (const path of ["installconfig.compute.0.replicas", "compute[0].replicas"]) {
      const { json } = await cli(["explain", path, "--output", "json"]);
      expect(json()).toEqual([
        expect.objectContaining({ type: "result", field: expect.objectContaining({ path: "compute[].replicas", type: "integer" }) as object }),
      ]);
    }
  });

  it("shows what is known of an error, as each error says", async () => {
    const failed = await cli(["validate", "--nonsense"]);
    const [, see = ""] = /see: virt-ipi (.+)$/m.exec(failed.stderr) ?? [];
    expect((await cli(see.split(" "))).stdout).toMatch(/^error: +USAGE\nexit code: +2 \(usage\)\n\n.+\n\nnext: .+\n$/);
    const { json } = await cli(["explain", "CONFIG_CHANGED", "--output", "json"]);
    expect(json()).toEqual([
      expect.objectContaining({ type: "result", error: expect.objectContaining({ id: "CONFIG_CHANGED", exitCode: 3 }) as object }),
    ]);
  });

  it("names the nearest field for a wrong one", async () => {
    const { code, stderr } = await cli(["explain", "networking.machineNetwrok"]);
    expect(code).toBe(2);
    expect(stderr).toContain("networking.machineNetwork?");
    expect((await cli(["explain", "platfrm.kvm.uri"])).stderr).toContain("Did you mean platform.kvm.uri?");
  });
});

describe("create install-config", () => {
  it("writes a valid file of mode 0600 from options, and never over another", async () => {
    const folder = await cluster("made");
    expect((await stat(join(folder, "install-config.yaml"))).mode & 0o777).toBe(0o600);
    expect((await cli(["validate", "--dir", folder])).code).toBe(0);
    expect((await cli(["validate", folder])).stdout).toContain(join(folder, "install-config.yaml"));
    const again = await cli(["create", "install-config", "--dir", folder, "--name", "x", "--base-domain", "y.test"]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("FILE_EXISTS");
  });

  it("writes one for vSphere, with a reference and no password", async () => {
    const folder = join(root, "vsphere");
    const place = [
      "--vcenter",
      "vc.example.com",
      "--datacenter",
      "dc1",
      "--cluster",
      "c1",
      "--datastore",
      "/dc1/datastore/d1",
      "--port-group",
      "VM Network",
    ];
    const options = ["--name", "x", "--base-domain", "y.test", "--platform", "vsphere", "--vcenter-user", "admin", ...place];
    const clear = await cli(["create", "install-config", "--dir", folder, ...options, "--vcenter-password", "hunter2hunter2"]);
    expect(clear).toMatchObject({ code: 2, stderr: expect.not.stringContaining("hunter2") as string });
    expect((await cli(["create", "install-config", "--dir", folder, ...options, "--vcenter-password", "env:VC_PASSWORD"])).code).toBe(0);
    expect(await readFile(join(folder, "install-config.yaml"), "utf8")).toContain("password: env:VC_PASSWORD");
    expect((await cli(["validate", "--dir", folder])).code).toBe(0);
    // The reference is followed only by what needs the vCenter.
    const { code, stderr } = await cli(["create", "manifests", "--dir", folder]);
    expect(code).toBe(3);
    expect(stderr).toContain("platform.vsphere.vcenters[0].password");
  });

  it("says what is missing where it cannot ask", async () => {
    const { code, stderr } = await cli(["create", "install-config", "--dir", join(root, "none"), "--name", "x"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--base-domain must be given");
  });

  it("refuses a private key", async () => {
    const key = join(root, "id");
    await writeFile(key, "-----BEGIN OPENSSH PRIVATE KEY-----\nabcdefgh\n");
    const { code, stderr } = await cli([
      "create",
      "install-config",
      "--dir",
      join(root, "key"),
      "--name",
      "x",
      "--base-domain",
      "y.test",
      "--ssh-key-file",
      key,
    ]);
    expect(code).toBe(3);
    expect(stderr).not.toContain("abcdefgh");
  });
});

describe("validate", () => {
  it("gives a JSON line a file, with path, kind, message and line, and 3 if any is not valid", async () => {
    const good = join(await cluster("good"), "install-config.yaml");
    const bad = join(root, "bad.yaml");
    await writeFile(bad, (await readFile(good, "utf8")).replace("replicas: 1", "replicas: 2").replace("example.test", "not_a_domain"));
    const { code, json } = await cli(["validate", good, bad, join(root, "none.yaml"), "--output", "json"]);
    expect(code).toBe(3);
    const [first, second, third] = json() as {
      file: string;
      valid: boolean;
      errors: { path: string; kind: string; message: string; line: number }[];
    }[];
    expect(first).toEqual({ time: expect.any(String) as string, type: "result", file: good, valid: true, errors: [], warnings: [] });
    expect(second).toMatchObject({ file: bad, valid: false });
    expect(second?.errors.map(({ path }) => path)).toEqual(expect.arrayContaining(["baseDomain"]));
    for (const error of second?.errors ?? [])
      expect(error).toMatchObject({ kind: expect.any(String) as string, message: expect.any(String) as string, line: expect.any(Number) as number });
    expect(third).toMatchObject({ valid: false, errors: [{ message: "there is no such file" }] });
  });

  it("gives warnings in JSON as well", async () => {
    const doubtful = join(root, "doubtful.yaml");
    const text = await readFile(join(await cluster("doubtful"), "install-config.yaml"), "utf8");
    await writeFile(doubtful, `${text}\nnetworking: {machineNetwork: [{cidr: 172.17.0.0/16}]}\n`);
    const { code, json } = await cli(["validate", doubtful, "--output", "json"]);
    const [verdict] = json() as { valid: boolean; errors: object[]; warnings: { path: string }[] }[];
    expect(verdict).toMatchObject({ valid: true, errors: [], warnings: [{ path: "networking.machineNetwork[0]" }] });
    expect(code).toBe(0);
  });

  it("takes hundreds of files in one process", async () => {
    const good = join(await cluster("hundreds"), "install-config.yaml");
    const { code, json } = await cli(["validate", "--output", "json", ...Array.from({ length: 300 }, () => good)]);
    expect(code).toBe(0);
    expect(json()).toHaveLength(300);
  });
});

describe("assets", () => {
  it("are written once, kept, and refused when the install-config means something else", async () => {
    const folder = await cluster("assets");
    const config = join(folder, "install-config.yaml");
    const text = await readFile(config, "utf8");
    expect((await cli(["create", "ignition-configs", "--dir", folder])).code).toBe(0);
    const first = await readFile(join(folder, "bootstrap.ign"), "utf8");
    await writeFile(config, `# a comment\n${text}`);
    expect((await cli(["create", "ignition-configs", "--dir", folder])).code).toBe(0);
    expect(await readFile(config, "utf8")).toBe(`# a comment\n${text}`);
    await writeFile(config, text.replace("example.test", "other.test"));
    const changed = await cli(["create", "ignition-configs", "--dir", folder]);
    expect(changed.code).toBe(3);
    expect(changed.stderr).toContain("CONFIG_CHANGED");
    expect(await readFile(join(folder, "bootstrap.ign"), "utf8")).toBe(first);
    expect((await cli(["create", "ignition-configs", "--dir", folder, "--regenerate"])).code).toBe(0);
    expect(await readFile(join(folder, "bootstrap.ign"), "utf8")).not.toBe(first);
  });

  it("take up the user's manifests, and keep removed ones away", async () => {
    const folder = await cluster("manifests");
    expect((await cli(["create", "manifests", "--dir", folder])).code).toBe(0);
    const [edited = "", removed = ""] = (await readdir(join(folder, "manifests"))).filter((name) => name !== "cluster-config.yaml");
    const mine = `${await readFile(join(folder, "manifests", edited), "utf8")}\n# edited\n`;
    await writeFile(join(folder, "manifests", edited), mine);
    await rm(join(folder, "manifests", removed));
    await mkdir(join(folder, "openshift"), { recursive: true });
    await writeFile(join(folder, "openshift", "extra.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: default}\n");
    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await cli(["create", "ignition-configs", "--dir", folder]);
      expect(code).toBe(0);
      expect(stderr).toContain(`your edited files are used: manifests/${edited}`);
      expect(stderr).toContain(`manifests that you removed are not written again: manifests/${removed}`);
      expect(await readFile(join(folder, "manifests", edited), "utf8")).toBe(mine);
      expect(await readdir(join(folder, "manifests"))).not.toContain(removed);
    }
  });

  it("with secrets are 0600, in a folder of 0700", async () => {
    const folder = await cluster("modes");
    await cli(["create", "ignition-configs", "--dir", folder]);
    for (const path of ["bootstrap.ign", "auth/kubeconfig", ".virt-ipi/keys.json", ".virt-ipi/log.jsonl", ".virt-ipi/journal.jsonl"])
      expect([(await stat(join(folder, path))).mode & 0o777, path]).toEqual([0o600, path]);
    expect((await stat(join(folder, ".virt-ipi"))).mode & 0o777).toBe(0o700);
  });
});

describe("orphans", () => {
  it("looks where the clusters in the folders given are, from any folder", async () => {
    const top = join(root, "clusters");
    const infraIDs = ["one-abcde", "two-fghij"];
    for (const infraID of infraIDs) {
      await mkdir(join(top, infraID), { recursive: true });
      const metadata = { clusterName: infraID.slice(0, 3), clusterID: "", infraID, kvm: { uri: "qemu:///system" } };
      await writeFile(join(top, infraID, "metadata.json"), JSON.stringify(metadata));
    }
    const { code, json } = await cli(["orphans", top, "--output", "json"], { cwd: await mkdtemp(join(root, "elsewhere-")) });
    // Not that there is no install-config here: the platform of those clusters is known, but has no marks to search for.
    expect([code, json().at(-1)]).toEqual([2, expect.objectContaining({ id: "USAGE", value: "kvm" })]);
  });
});

describe("exit codes", () => {
  it.each([
    [["create", "cluster"], 3, "CONFIG_MISSING"],
    [["resume"], 3, "CLUSTER_UNKNOWN"],
    [["destroy", "cluster"], 3, "CLUSTER_UNKNOWN"],
    [["status"], 3, "CLUSTER_UNKNOWN"],
    [["gather"], 3, "CLUSTER_UNKNOWN"],
  ])("%j in an empty folder is %i, %s", async (args, code, id) => {
    const folder = await mkdtemp(join(root, "empty-"));
    const result = await cli([...args, "--dir", folder, "--output", "json"]);
    expect(result.code).toBe(code);
    expect(result.json().at(-1)).toMatchObject({ type: "error", id, exitCode: code });
  });

  it("an install-config that is not valid is 3, with a line for each problem", async () => {
    const folder = await cluster("invalid");
    await writeFile(join(folder, "install-config.yaml"), "apiVersion: v1\nmetadata: {name: x}\n");
    const { code, stderr } = await cli(["create", "cluster", "--dir", folder]);
    expect(code).toBe(3);
    expect(stderr).toContain("CONFIG_INVALID");
    expect(stderr).toContain("baseDomain");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s is 8, and is told", async (signal) => {
    const folder = await cluster(`interrupted-${signal}`);
    // A virsh that never answers keeps the preflight waiting.
    const bin = join(root, "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "virsh"), "#!/bin/sh\nexec sleep 60\n");
    await chmod(join(bin, "virsh"), 0o755);
    const { code, stderr } = await cli(["create", "cluster", "--dir", folder], {
      env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      onStderr: (text, kill) => {
        if (text.includes("==> preflight")) setTimeout(() => kill(signal), 500);
      },
    });
    expect(code).toBe(8);
    expect(stderr).toContain(`${signal}: stopping cleanly`);
    expect(stderr).toContain("INTERRUPTED");
    expect(stderr).toContain("virt-ipi resume");
    expect(await readFile(join(folder, ".virt-ipi", "journal.jsonl"), "utf8")).toContain('"outcome":"interrupted"');
  });
});
