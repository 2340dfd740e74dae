import { spawn, type ChildProcess } from "node:child_process";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messageOf } from "../../src/errors/index.ts";
import { run } from "../../src/exec/index.ts";
import { poll, type Probe } from "../../src/util/index.ts";
import { API_VIP, ask, CONTROL_PLANE, EXPECTED, probePod, SERVICE, tokensOf } from "../helpers/machine-config-probes.ts";
import { commandLines, kvmInstallation, type Event, type Installation } from "../helpers/kvm-installation.ts";
import { MIRRORED, type MirrorSettings } from "../helpers/image-mirror.ts";
import { onMachine } from "../helpers/machine-shell.ts";
import { makeCsr, TestAuthority } from "../helpers/pki.ts";
import { previewSteps } from "../helpers/preview-steps.ts";

/**
 * One installation of one control-plane and one worker machine on real guests, interrupted in every phase, used, and taken down again.
 * The steps build on each other, so they run in order and the first failure ends the suite.
 */
const PULL_SECRET_TOKEN = "cGxhbnRlZDpQVUxMLVNFQ1JFVC04NDYx";
const MIRROR_TOKEN = "cGxhbnRlZDpNSVJST1ItU0VDUkVULTc3MzA=";
/** A % is doubled in the settings of systemd. */
const PROXY_PASSWORD = "PROXY%2DSECRET-5520";
const CLUSTER = "e2e";
/** What plain pulumi writes beside Pulumi.yaml, with the salt of this cluster's passphrase. */
const STACK_CONFIG = join(import.meta.dirname, `../../Pulumi.${CLUSTER}.yaml`);
/** Of the network that the example gets by default. */
const GATEWAY = "192.168.126.1";
const FOREIGN_NETWORK = "192.168.250";
const MIRROR_PORT = 5443;
const MIRROR = `${GATEWAY}:${MIRROR_PORT}`;
/** Nobody is there: what is inside the cluster must not be asked for through it. */
const PROXY = `http://proxy:${PROXY_PASSWORD}@${GATEWAY}:3128`;
const WORKER = "192.168.126.20";

/** Phases that an install goes through, and how long after each start the CLI is killed. */
const KILLS: readonly (readonly [phase: string, afterMs: number])[] = [
  ["prepare-assets", 300],
  ["preflight", 300],
  ["create-infrastructure", 6_000],
  ["bootstrap-complete", 20_000],
  ["install-complete", 15_000],
  ["remove-bootstrap", 1_500],
];

/** How much of each machine's console a failed run shows. */
const CONSOLE_LINES = 30;

/** Below the limit of a step, so that the installer says what it waited for before the test runner ends it. */
const TIMEOUTS = { infrastructure: "10m", bootstrap: "20m", install: "15m" };

let one: Installation;
let mirror: ChildProcess | undefined;
/** Lines of the mirror: what it gave to whom. */
let mirrored = "";
let infraID = "";
let failed = false;
const argv: string[] = [];

const step = (name: string, body: () => Promise<void>, timeout?: number): void => {
  it(
    name,
    async () => {
      if (failed) throw new Error("an earlier step failed");
      failed = true;
      await body();
      failed = false;
    },
    timeout,
  );
};

const phaseOf = (event: Event): unknown => (event["type"] === "phase-started" ? event["phase"] : undefined);

beforeAll(async () => {
  await rm(STACK_CONFIG, { force: true });
  const authority = await TestAuthority.make("mirror-ca");
  const pair = await authority.issue({ subject: { commonName: "mirror" }, usage: "server", names: [{ type: "ip", value: GATEWAY }] });
  const auths = { "registry.example.com": { auth: PULL_SECRET_TOKEN }, [MIRROR]: { auth: MIRROR_TOKEN } };
  one = await kvmInstallation([
    [["metadata", "name"], CLUSTER],
    [["timeouts"], TIMEOUTS],
    [["pullSecret"], JSON.stringify({ auths })],
    [["proxy"], { httpProxy: PROXY, httpsProxy: PROXY, noProxy: ".example.org" }],
    [["additionalTrustBundle"], authority.cert],
    [["imageDigestSources"], [{ source: "registry.example.com", mirrors: [`${MIRROR}/mirror`], sourcePolicy: "NeverContactSource" }]],
    [["additionalNTPServers"], [GATEWAY]],
    [["controlPlane", "hyperthreading"], "Disabled"],
  ]);
  const settings: MirrorSettings = { ...pair, port: MIRROR_PORT, prefix: "mirror", auth: MIRROR_TOKEN };
  const program = [process.execPath, resolve(import.meta.dirname, "../helpers/image-mirror.ts")];
  mirror = spawn("ip", ["netns", "exec", one.host.netns, ...program], { stdio: ["pipe", "pipe", "inherit"] });
  mirror.stdout?.on("data", (data: Buffer) => (mirrored += data.toString()));
  mirror.stdin?.end(JSON.stringify(settings));
});

afterAll(async () => {
  await rm(STACK_CONFIG, { force: true });
  if (failed)
    for (const [name, text] of await one.consoles()) console.log(`the end of ${name}:\n${text.split("\n").slice(-CONSOLE_LINES).join("\n")}`);
  mirror?.kill();
  await one.dispose();
});

describe("a cluster on KVM", () => {
  step("is foreseen whole before anything exists", async () => {
    const foreseen = await one.cli(["preview"]);
    expect(foreseen.code, foreseen.output).toBe(0);
    const steps = previewSteps(foreseen);
    expect(new Set(steps.map(({ operation }) => operation))).toEqual(new Set(["create"]));
    for (const kind of ["virt-ipi:kvm:Machine", "virt-ipi:cluster:InstallComplete"]) expect(steps.map((each) => each.kind)).toContain(kind);
  });

  step("stops cleanly at Ctrl-C, and what exists can be destroyed, leaving what is not ours", async () => {
    const stopped = await one.cli(["create", "cluster"], (event, child) => {
      if (phaseOf(event) === "create-infrastructure") setTimeout(() => child.kill("SIGINT"), 4_000);
    });
    expect(stopped.code, stopped.output).toBe(8);
    expect(stopped.events.findLast((event) => event["type"] === "phase-ended")).toMatchObject({
      phase: "create-infrastructure",
      outcome: "interrupted",
    });
    infraID = await ownInfraID();
    await defineForeign();
    const destroyed = await one.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    await expectNothingLeft();
  });

  for (const [phase, afterMs] of KILLS) {
    step(`survives kill -9 in ${phase}`, async () => {
      const killed = await one.cli(
        [phase === "prepare-assets" ? "create" : "resume", ...(phase === "prepare-assets" ? ["cluster"] : [])],
        (event, child) => {
          if (phaseOf(event) === phase) setTimeout(() => void watchAndKill(child.pid), afterMs);
        },
      );
      // A phase may end before the signal comes; then the run must have ended well.
      expect(killed.code === null || killed.code === 0, killed.output).toBe(true);
    });
    if (phase !== "bootstrap-complete") continue;
    step("gives control-plane configs to nobody but control-plane machines while it is made", async () => {
      const up = async (): Promise<Probe<true>> => {
        const { status } = await ask(one, "/healthz");
        return status === 200 ? { done: true, value: true } : { done: false, reason: `it answers ${status}` };
      };
      expect(await poll(up, { intervalMs: 5_000, timeoutMs: 20 * 60_000 })).toMatchObject({ outcome: "done" });
      infraID = await ownInfraID();
      const tokens = await tokensOf(one, infraID);
      expect(await ask(one, "/config/master")).toEqual({ status: 401, body: "" });
      expect(await ask(one, "/config/worker")).toEqual({ status: 401, body: "" });
      expect(await ask(one, "/config/master", tokens({ pool: "worker", machine: `${infraID}-worker-0` }))).toEqual({ status: 403, body: "" });
      expect(await ask(one, "/config/master", tokens({ pool: "worker" }))).toEqual({ status: 403, body: "" });
    });
  }

  step("is completed by resume", async () => {
    const resumed = await one.cli(["resume"]);
    expect(resumed.code, resumed.output).toBe(0);
    infraID = await ownInfraID();
    const { stdout } = await one.kubectl(["get", "nodes", "--output", "json"]);
    const nodes = (JSON.parse(stdout) as { items: { metadata: { name: string }; status: { conditions: { type: string; status: string }[] } }[] })
      .items;
    expect(nodes.map((node) => node.metadata.name).toSorted()).toEqual([`${infraID}-master-0`, `${infraID}-worker-0`]);
    for (const node of nodes) expect(node.status.conditions.find(({ type }) => type === "Ready")?.status).toBe("True");
    expect(await domains()).not.toContain(`${infraID}-bootstrap`);
  });

  step(
    "lets a worker that was taken over neither join the control plane nor choose its pod network, and certifies no address but its own",
    async () => {
      const worker = `${infraID}-worker-0`;
      const asWorker = async (args: readonly string[], input?: string): Promise<string> => {
        const who = ["--as", `system:node:${worker}`, "--as-group", "system:nodes", "--as-group", "system:authenticated"];
        try {
          return (await one.kubectl([...who, ...args], input)).stdout;
        } catch (error) {
          return `refused: ${messageOf(error)}`;
        }
      };
      // What a kubelet may do shows that the rest is refused for what it is.
      expect(await asWorker(["annotate", "node", worker, "e2e.example.com/told=1"])).toContain("annotated");
      expect(await asWorker(["label", "node", worker, "node-role.kubernetes.io/control-plane="])).toMatch(
        /^refused: .*not allowed to modify labels/s,
      );
      expect(await asWorker(["create", "--validate=false", "--filename", "-"], nodeWith(worker, { podCIDR: "10.128.0.0/23" }))).toMatch(
        /^refused: .*does not choose its own podCIDR/s,
      );
      expect(await asWorker(["patch", "node", worker, "--patch", JSON.stringify({ spec: { unschedulable: true } })])).toMatch(
        /^refused: .*does not change its own spec/s,
      );
      // Not `kubectl patch`, which first reads what a kubelet may only write.
      const told = JSON.stringify({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: worker },
        status: { addresses: [{ type: "InternalIP", address: API_VIP }] },
      });
      const apply = ["apply", "--server-side", "--force-conflicts", "--validate=false", "--subresource", "status", "--filename", "-"];
      expect(await asWorker(apply, told)).toMatch(/^refused: .*an address that its machine may have/s);
      const labels = await one.kubectl(["get", "node", worker, "--output", "jsonpath={.metadata.labels}"]);
      expect(labels.stdout).toContain("node-role.kubernetes.io/worker");
      expect(labels.stdout).not.toMatch(/control-plane|master"/);

      const request = await makeCsr({ commonName: `system:node:${worker}`, organizations: ["system:nodes"] }, [
        { type: "dns", value: worker },
        { type: "ip", value: GATEWAY },
      ]);
      const csr = {
        apiVersion: "certificates.k8s.io/v1",
        kind: "CertificateSigningRequest",
        metadata: { name: "gateway" },
        spec: { request, signerName: "kubernetes.io/kubelet-serving", usages: ["digital signature", "server auth"] },
      };
      expect(await asWorker(["create", "--validate=false", "--filename", "-"], JSON.stringify(csr))).toContain("created");
      const waited = await one.cli(["wait-for", "install-complete"]);
      expect(waited.code, waited.output).toBe(0);
      expect(waited.output).toContain(`CertificateSigningRequest gateway of system:node:${worker} is left alone: ${GATEWAY}`);
      const status = await one.kubectl(["get", "certificatesigningrequest", "gateway", "--output", "jsonpath={.status}"]);
      expect(status.stdout).toMatch(/^({})?$/);
      await one.kubectl(["delete", "certificatesigningrequest", "gateway"]);
    },
  );

  step("gives configs to machines that join, and to nobody else", async () => {
    const tokens = await tokensOf(one, infraID);
    const used = (pool: string): string => tokens({ pool, machine: `${infraID}-${pool}-0` });
    const unused = (pool: string): string => tokens({ pool, machine: `${infraID}-${pool}-9` });
    for (const host of [API_VIP, CONTROL_PLANE]) {
      const status = async (path: string, token?: string): Promise<number> => {
        const answer = await ask(one, path, token, host);
        if (answer.status !== 200) expect(answer.body).toBe("");
        return answer.status;
      };
      expect([await status("/config/master"), await status("/config/worker"), await status("/etcd-endpoint")]).toEqual([401, 401, 401]);
      // A worker's, and those of machines that are nodes already.
      expect([await status("/config/master", used("worker")), await status("/config/master", unused("worker"))]).toEqual([403, 403]);
      expect([await status("/config/worker", used("worker")), await status("/config/master", used("master"))]).toEqual([403, 403]);
      expect(await status("/etcd-endpoint", used("master"))).toBe(403);
      // Nobody has the control plane's config any more.
      expect([await status("/config/master", unused("master")), await status("/config/master", tokens({ pool: "master" }))]).toEqual([503, 503]);
    }
    const joining = await ask(one, "/config/worker", unused("worker"));
    expect(joining.status).toBe(200);
    const { storage } = JSON.parse(joining.body) as { storage: { files: { path: string }[] } };
    expect(storage.files.map(({ path }) => path).filter((path) => path.startsWith("/etc/kubernetes/pki/"))).toEqual([
      "/etc/kubernetes/pki/kube-ca.crt",
      "/etc/kubernetes/pki/root-ca.crt",
    ]);
  });

  step("lets no pod reach the machine-config server, on whatever node and way", async () => {
    await one.kubectl(["apply", "--validate=false", "--filename", "-"], SERVICE);
    const pools = ["worker", "master"];
    for (const pool of pools) await one.kubectl(["apply", "--validate=false", "--filename", "-"], probePod(`probe-${pool}`, `${infraID}-${pool}-0`));
    // Side by side: each waits for what does not answer.
    for (const pool of pools) {
      const pod = `probe-${pool}`;
      await one.kubectl(["wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=280s", `pod/${pod}`]);
      const { stdout } = await one.kubectl(["logs", pod]);
      expect(stdout.trim().split("\n"), pod).toEqual(EXPECTED);
    }
    await one.kubectl(["delete", "--wait=false", "pod/probe-worker", "pod/probe-master", "service/machine-configs"]);
  });

  step("gives machines the proxy, time servers and threads of the install-config", async () => {
    for (const [address, role] of [
      [CONTROL_PLANE, "master"],
      [WORKER, "worker"],
    ] as const) {
      const environment = await onMachine(one, address, "systemctl show-environment");
      expect(environment).toContain(`HTTPS_PROXY=${PROXY}\n`);
      for (const program of ["containerd", "kubelet"]) {
        const own = await onMachine(one, address, `sudo cat /proc/$(pidof ${program})/environ | tr '\\0' '\\n'`);
        expect(own.split("\n")).toContain(`HTTP_PROXY=${PROXY}`);
        expect(own).toMatch(/^NO_PROXY=.*,192\.168\.126\.0\/24,/m);
      }
      expect((await onMachine(one, address, "timedatectl show-timesync --property SystemNTPServers --value")).trim()).toBe(GATEWAY);
      const threads = await onMachine(one, address, "cat /sys/devices/system/cpu/smt/active; systemctl is-active smt-off.service || true");
      expect(threads.trim().split("\n")).toEqual(["0", role === "master" ? "active" : "inactive"]);
    }
  });

  step("pulls an image by digest from its mirror alone, with the mirror's own credentials and certificate", async () => {
    await one.kubectl(["apply", "--validate=false", "--filename", "-"], pulledPod(`${infraID}-worker-0`));
    const pulled = async (): Promise<Probe<true>> => {
      const { stdout } = await one.kubectl(["get", "events", "--field-selector", "involvedObject.name=pulled", "--output", "json"]);
      const events = (JSON.parse(stdout) as { items: { reason: string; message: string }[] }).items;
      return events.some(({ reason }) => reason === "Pulled")
        ? { done: true, value: true }
        : { done: false, reason: events.map(({ message }) => message).join("; ") };
    };
    expect(await poll(pulled, { intervalMs: 5_000, timeoutMs: 8 * 60_000 })).toMatchObject({ outcome: "done" });
    expect(mirrored).toMatch(new RegExp(`^GET /v2/mirror/${MIRRORED.path}/manifests/${MIRRORED.digest} for .*${WORKER}$`, "m"));
    await one.kubectl(["delete", "--wait=false", "pod/pulled"]);
  });

  step("runs a pod that reaches the API by its Service address and resolves a name", async () => {
    await one.kubectl(["apply", "--validate=false", "--filename", "-"], POD);
    await one.kubectl(["wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=240s", "pod/smoke"]);
    const { stdout } = await one.kubectl(["logs", "smoke"]);
    expect(stdout).toMatch(/kubernetes\.default\.svc\.cluster\.local/);
    expect(stdout).toContain("api open");
  });

  step("has nothing to change when it is created again, by the CLI or by plain pulumi", async () => {
    const again = await one.cli(["create", "cluster"]);
    expect(again.code, again.output).toBe(0);
    expect(again.events.filter((event) => event["type"] === "resource" && event["status"] === "done" && event["operation"] !== "same")).toEqual([]);
    const plain = await one.pulumi("preview", "--expect-no-changes");
    expect(plain.stdout).toMatch(/unchanged/);
  });

  step("gathers what explains a failure, without secrets, and tells its status", async () => {
    const gathered = await one.cli(["gather"]);
    expect(gathered.code, gathered.output).toBe(0);
    const status = await one.cli(["status"]);
    expect(status.code, status.output).toBe(0);
    expect(status.output).toContain(`${infraID}-worker-0`);
  });

  step("shows no secret in anything that is printed, logged, gathered or kept in clear", async () => {
    await expectNoSecrets();
  });

  step("is destroyed exactly: all of its own and nothing else, and again without complaint", async () => {
    const dry = await one.cli(["destroy", "cluster", "--dry-run"]);
    expect(dry.output).toContain(`${infraID}-master-0`);
    expect(await domains()).toContain(`${infraID}-master-0`);
    const destroyed = await one.cli(["destroy", "cluster"]);
    expect(destroyed.code, destroyed.output).toBe(0);
    await expectNothingLeft();
  });
});

async function watchAndKill(pid: number | undefined): Promise<void> {
  argv.push(await commandLines(one.host));
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // The run was over before the signal: then it has ended well, or the step says so.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const virsh = async (...args: string[]): Promise<string> => (await run("virsh", ["--connect", one.host.uri, ...args])).stdout;
// virsh pads some of its columns with blanks.
const names = async (...args: string[]): Promise<string[]> =>
  (await virsh(...args, "--all", "--name"))
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
const domains = (): Promise<string[]> => names("list");
const networks = (): Promise<string[]> => names("net-list");
const pools = (): Promise<string[]> => names("pool-list");

const ownInfraID = async (): Promise<string> => (JSON.parse(await readFile(join(one.dir, "metadata.json"), "utf8")) as { infraID: string }).infraID;

/** Things of somebody else whose names only begin like ours. */
async function defineForeign(): Promise<void> {
  const file = join(one.host.dir, "foreign.xml");
  const define = async (verb: string, xml: string): Promise<void> => {
    await writeFile(file, xml);
    await virsh(verb, file);
  };
  await define(
    "net-define",
    `<network><name>${infraID}-other</name><bridge name="brforeign"/><ip address="${FOREIGN_NETWORK}.1" netmask="255.255.255.0"/></network>`,
  );
  await define(
    "define",
    `<domain type="qemu"><name>${infraID}-master-00</name><memory unit="MiB">64</memory><os><type arch="x86_64">hvm</type></os></domain>`,
  );
  await define("pool-define", `<pool type="dir"><name>${infraID}2</name><target><path>/var/lib/libvirt/images/foreign</path></target></pool>`);
}

async function expectNothingLeft(): Promise<void> {
  const foreign = {
    domains: (await domains()).filter((name) => !name.endsWith("-master-00")),
    networks: (await networks()).filter((name) => !name.endsWith("-other")),
    pools: (await pools()).filter((name) => !name.endsWith("2")),
  };
  expect(foreign).toEqual({ domains: [], networks: [], pools: [] });
  expect(await domains()).toHaveLength(1);
  expect(await networks()).toHaveLength(1);
  expect(await pools()).toHaveLength(1);
  expect(await readdir(join(one.host.dir, "lib/images/virt-ipi")).catch(() => [])).toEqual([]);
}

async function expectNoSecrets(): Promise<void> {
  const keys = JSON.parse(await readFile(join(one.dir, ".virt-ipi/keys.json"), "utf8")) as { keys: Record<string, { privateKey?: string }> };
  const passphrase = (await readFile(join(one.dir, ".virt-ipi/passphrase"), "utf8")).trim();
  // One long line of each private key: what a leak in any form would hold.
  const lines = Object.values(keys.keys).map(
    ({ privateKey = "" }) => privateKey.split("\n").find((line) => line.length > 60 && !line.includes("-----")) ?? "",
  );
  const tokens = await tokensOf(one, infraID);
  const ofMachines = ["master", "worker"].flatMap((pool) => [tokens({ pool }), tokens({ pool, machine: `${infraID}-${pool}-0` })]);
  const secrets = [PULL_SECRET_TOKEN, MIRROR_TOKEN, PROXY_PASSWORD, passphrase, ...lines, ...ofMachines].filter((secret) => secret !== "");
  expect(secrets.length).toBeGreaterThan(5);
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")]);
  const texts = new Map<string, string>([
    ["printed", one.printed.join("\n")],
    ["argv", [...argv, await commandLines(one.host)].join("\n")],
  ]);
  for (const file of await allFiles(one.dir)) {
    const { mode } = await stat(file);
    const content = file.endsWith(".tar.gz") ? (await run("tar", ["--extract", "--to-stdout", "--file", file])).stdout : await readFile(file, "utf8");
    const holds = forms.some((form) => content.includes(form));
    if (holds) expect([file, (mode & 0o777).toString(8)]).toEqual([file, "600"]);
    if (/\/(state|pulumi|workspace)\/|\.jsonl$|\.tar\.gz$|metadata\.json$/.test(file)) texts.set(file, content);
  }
  expect([...texts.keys()].some((name) => name.endsWith(".tar.gz"))).toBe(true);
  for (const [name, text] of texts) expect([name, forms.filter((form) => text.includes(form)).length]).toEqual([name, 0]);
}

async function allFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const nodeWith = (name: string, spec: object): string => JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name }, spec });

const pulledPod = (node: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: pulled, namespace: default }
spec:
  restartPolicy: Never
  nodeName: ${node}
  containers: [{ name: pulled, image: "registry.example.com/${MIRRORED.path}@${MIRRORED.digest}" }]
`;

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: smoke, namespace: default }
spec:
  restartPolicy: Never
  containers:
    - name: smoke
      image: localhost/virt-ipi/busybox:1.35
      imagePullPolicy: Never
      command: ["/bin/busybox", "sh", "-c"]
      args:
        - |
          for try in 1 2 3 4 5 6; do busybox nslookup kubernetes.default.svc.cluster.local && break; busybox sleep 5; done
          busybox nc -w 20 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null && echo api open
`;
