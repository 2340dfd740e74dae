import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, type RunResult } from "../../src/exec/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../golden/openshift/scenarios.ts";
import { ignitionFiles, type IgnitionFile } from "./ignition-files.ts";

/**
 * @plays podman, oc and the other programs that scripts of OpenShift's bootstrap machine call
 * @contract each call is recorded with its arguments, and ends well unless a test says otherwise; the scripts and bash are real
 * @because release images cannot be pulled where tests run
 * @real no test here
 */

/** Programs whose calls are recorded, and that do nothing else unless a test says what. */
const STAND_INS = [
  "podman oc crictl curl systemctl journalctl dig agetty sleep kubelet ostree rpm-ostree mount rsync load_policy selinuxenabled",
  "coreos-installer shutdown hostname ip ss nmcli iptables ip6tables scp ssh uname",
].flatMap((names) => names.split(" "));

/** A record of a call: the program's name, then what it was given. Neither separator is in any argument. */
const RECORD = `printf '%s\\037' "\${0##*/}" "$@" >>/calls\nprintf '\\036' >>/calls\n[[ ! -e /stand-ins/as/\${0##*/} ]] || source "/stand-ins/as/\${0##*/}"\n`;

/** The host's programs, below the machine's own files; nothing that is mounted, and no process, outlives the command. */
const ENTER = `
root=$1
shift
mount --bind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount --bind "$root/local" "$root/usr/local"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env --ignore-environment PATH=/stand-ins:/usr/sbin:/usr/bin "$@"
`;

/** The bootstrap machine of a scenario as a folder, whose scripts are run as they are, with programs in place of the machine's that record their calls. */
export class BootstrapMachine {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(scenario: string, version: string): Promise<BootstrapMachine> {
    const files = await bootstrapFilesOf(scenario, version);
    const machine = new BootstrapMachine(await mkdtemp(join(tmpdir(), "virt-ipi-bootstrap-")));
    for (const folder of ["usr", "local", "proc", "dev", "tmp", "run", "var", "root", "etc", "stand-ins/as"])
      await mkdir(join(machine.root, folder), { recursive: true });
    for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${name}`, join(machine.root, name));
    for (const [path, { text, mode }] of files) await machine.write(path, text, mode);
    for (const name of STAND_INS) await machine.write(`/stand-ins/${name}`, `#!/bin/bash\n${RECORD}`, 0o755);
    return machine;
  }

  /** What a program does when it is called, beside being recorded: a text for bash, with the arguments as `$@`. */
  async as(program: string, text: string): Promise<void> {
    await this.write(`/stand-ins/as/${program}`, text);
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    const place = this.#place(path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
    await chmod(place, mode);
  }

  async read(path: string): Promise<string> {
    return await readFile(this.#place(path), "utf8");
  }

  async remove(path: string): Promise<void> {
    await rm(this.#place(path), { recursive: true });
  }

  /** Runs a program of the machine as systemd runs it: as root, in a clean environment. Neither network nor processes of the host are seen. */
  async run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child"];
    return await run("unshare", [...namespaces, "sh", "-ec", ENTER, "sh", this.root, ...variables, ...command], {
      accept: Array.from({ length: 256 }, (_, code) => code),
      timeoutMs: 600_000,
    });
  }

  /** The calls since the last time, of the programs that are asked for or of all. */
  async calls(...programs: readonly string[]): Promise<readonly (readonly string[])[]> {
    const text = await readFile(join(this.root, "calls"), "utf8").catch(() => "");
    await rm(join(this.root, "calls"), { force: true });
    const all = text
      .split("\u001E")
      .filter((call) => call !== "")
      .map((call) => call.split("\u001F").slice(0, -1));
    return all.filter(([program = ""]) => programs.length === 0 || programs.includes(program));
  }

  /** What a service's record has, an entry a line, without times. */
  async record(service: string): Promise<readonly string[]> {
    const entries = JSON.parse(await this.read(`/var/log/openshift/${service}.json`)) as Readonly<Record<string, string>>[];
    return entries.map(({ phase = "", stage = "", result = "" }) => [phase, stage, result].filter((part) => part !== "").join(" "));
  }

  async dispose(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  /** Where a path of the machine is on this host. */
  #place(path: string): string {
    return join(this.root, path.startsWith("/usr/local/") ? path.replace("/usr/local/", "/local/") : path);
  }
}

/** What Ignition puts on the bootstrap machine of a scenario. */
export async function bootstrapFilesOf(scenario: string, version: string): Promise<ReadonlyMap<string, IgnitionFile>> {
  const input = await inputOf(scenario, version);
  const assets = await renderScenario(input, await fixtureKeys(input, false));
  const { content } = assets.get("bootstrap.ign") ?? assets.get("bootstrap-in-place-for-live-iso.ign") ?? { content: "{}" };
  return ignitionFiles(content);
}
