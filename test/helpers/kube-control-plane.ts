import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { openSync, closeSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "./free-ports.ts";
import { makeTestKubeconfig, TestAuthority, type TestPair, type TestSubject } from "./pki.ts";
import { supplied } from "./supplied.ts";

export interface ControlPlaneOptions {
  /** Also a kube-controller-manager with these controllers, e.g. `["certificatesigningrequest-signing-controller"]`. */
  readonly controllers?: readonly string[];
  /** Also a kube-scheduler. */
  readonly scheduler?: boolean;
  /** Addresses of Services, as CIDR. In 127.0.0.0/8 a test can listen on them and so answer the API server's calls to webhooks. */
  readonly serviceNetwork?: string;
  /** Admission plugins besides the usual ones. */
  readonly admissionPlugins?: readonly string[];
  /** With the admission plugin that keeps nodes to themselves, as our machines have it. */
  readonly nodeRestriction?: boolean;
  /** Other API servers may stand behind this one, by APIServices. */
  readonly aggregation?: boolean;
  /** How the API server reaches nodes: an EgressSelectorConfiguration. */
  readonly egress?: object;
}

/** Those of a cluster in which operators run: they make what its workloads ask for, down to the pods. */
export const WORKLOAD_CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "daemonset-controller",
  "job-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "serviceaccount-controller",
  "clusterrole-aggregation-controller",
  "root-ca-certificate-publisher-controller",
];

/** A further program of set-up that lives no longer than the control plane. */
export interface KubeProgram {
  readonly running: boolean;
  /** Undefined while it runs, and when a signal has ended it. */
  readonly exitCode: number | undefined;
  readonly pid: number;
  /** What it has written to stdout and stderr. */
  log(): Promise<string>;
  /** Asks it to end, as systemd does. */
  terminate(): void;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** A real etcd and kube-apiserver (and controller manager) on loopback, with RBAC and client certificates. */
export interface KubeControlPlane {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  readonly authority: TestAuthority;
  /** kubeconfig of a member of system:masters */
  readonly kubeconfig: string;
  /** kubeconfig of anyone, by certificate. */
  kubeconfigOf(subject: TestSubject): Promise<string>;
  /** A request as `subject`, or as the administrator. */
  request(method: string, path: string, body?: unknown, user?: TestPair): Promise<ApiAnswer>;
  /** Makes the object, or fails with what the server said. */
  create(path: string, object: unknown, user?: TestPair): Promise<unknown>;
  issue(subject: TestSubject): Promise<TestPair>;
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** Starts a program of set-up's cache, or one by its path, beside it, in the folder of the control plane; its log is `<name>.log`. */
  run(name: string, program: string, args: readonly string[], env?: Readonly<Record<string, string>>): KubeProgram;
  /** A file in the folder of the control plane, or one below, 0600. @returns its path */
  file(name: string, content: string): Promise<string>;
  dispose(): Promise<void>;
}

/** Long, since a machine that runs guests beside it may be slow. */
const START_MS = 600_000;

/** Starts it and waits until `/readyz` is ok. Everything is in a temporary folder that `dispose` removes. */
export async function startKubeControlPlane(options: ControlPlaneOptions = {}): Promise<KubeControlPlane> {
  const directory = await mkdtemp(join(tmpdir(), "virt-ipi-kube-"));
  const children: ChildProcess[] = [];
  let apiServer: ChildProcess | undefined;
  // A test runner that ends early must not leave daemons behind.
  process.once("exit", () => children.forEach((child) => child.kill("SIGKILL")));
  try {
    const [etcdPort, peerPort, apiPort, managerPort] = await freePorts(4);
    const authority = await TestAuthority.make("test-ca");
    const admin = await authority.issue({ subject: { commonName: "admin", organizations: ["system:masters"] }, usage: "client" });
    const server = `https://127.0.0.1:${apiPort}`;
    const kubeconfig = makeTestKubeconfig(server, authority.cert, admin);
    const file = async (name: string, content: string): Promise<string> => {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content, { mode: 0o600 });
      return join(directory, name);
    };
    const serving = await authority.issue({
      subject: { commonName: "kube-apiserver" },
      usage: "server",
      names: [
        { type: "ip", value: "127.0.0.1" },
        { type: "dns", value: "localhost" },
        { type: "dns", value: "api.test.example.com" },
      ],
    });
    const serviceAccountKey = await file(
      "sa.key",
      generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    );
    const [ca, caKey] = [await file("ca.crt", authority.cert), await file("ca.key", authority.key)];
    const [tlsCert, tlsKey] = [await file("tls.crt", serving.cert), await file("tls.key", serving.key)];
    const startAs = (name: string, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess => {
      const log = openSync(join(directory, `${name}.log`), "a");
      const own = { PATH: "/usr/bin:/bin", HOME: directory, TMPDIR: directory };
      const child = spawn(isAbsolute(program) ? program : supplied(program), args, {
        cwd: directory,
        stdio: ["ignore", log, log],
        env: { ...own, ...env },
      });
      closeSync(log);
      children.push(child);
      return child;
    };
    const start = (program: string, ...args: readonly string[]): ChildProcess => startAs(program, program, args);

    const [etcdUrl, peerUrl] = [`http://127.0.0.1:${etcdPort}`, `http://127.0.0.1:${peerPort}`];
    start(
      "etcd",
      `--data-dir=${join(directory, "etcd")}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      "--unsafe-no-fsync",
    );
    const agents = new Map<TestPair, Agent>();
    const agentOf = (user: TestPair): Agent => {
      const agent = agents.get(user) ?? new Agent({ ca: authority.cert, cert: user.cert, key: user.key, keepAlive: false });
      agents.set(user, agent);
      return agent;
    };
    const request = (method: string, path: string, body?: unknown, user: TestPair = admin): Promise<ApiAnswer> =>
      send({ agent: agentOf(user), port: Number(apiPort), method, path, body });
    const plugins = [...(options.nodeRestriction === true ? ["NodeRestriction"] : []), ...(options.admissionPlugins ?? [])];
    const aggregation = options.aggregation === true ? await aggregationFlags(file) : [];
    const egress = options.egress === undefined ? [] : [`--egress-selector-config-file=${await file("egress.json", JSON.stringify(options.egress))}`];
    const startApiServer = async (): Promise<void> => {
      const child = start(
        "kube-apiserver",
        `--etcd-servers=${etcdUrl}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        `--secure-port=${apiPort}`,
        `--tls-cert-file=${tlsCert}`,
        `--tls-private-key-file=${tlsKey}`,
        `--client-ca-file=${ca}`,
        "--authorization-mode=Node,RBAC",
        // As on our machines: virt-handler and network plugins ask for it.
        "--allow-privileged=true",
        ...(plugins.length === 0 ? [] : [`--enable-admission-plugins=${plugins.join(",")}`]),
        `--service-cluster-ip-range=${options.serviceNetwork ?? "10.96.0.0/16"}`,
        `--service-account-issuer=${server}`,
        `--service-account-key-file=${serviceAccountKey}`,
        `--service-account-signing-key-file=${serviceAccountKey}`,
        `--cert-dir=${directory}`,
        "--shutdown-delay-duration=0s",
        ...aggregation,
        ...egress,
      );
      apiServer = child;
      await ready(async () => (await request("GET", "/readyz")).status === 200, child, join(directory, "kube-apiserver.log"));
    };
    await startApiServer();
    const adminKubeconfig = await file("admin.kubeconfig", kubeconfig);
    if (options.controllers !== undefined) {
      const child = start(
        "kube-controller-manager",
        `--kubeconfig=${adminKubeconfig}`,
        "--leader-elect=false",
        // Its own limit of 20 requests a second is for large clusters, and makes the end of 500 objects a minute.
        "--kube-api-qps=1000",
        "--kube-api-burst=1000",
        "--concurrent-gc-syncs=20",
        "--bind-address=127.0.0.1",
        `--secure-port=${managerPort}`,
        `--tls-cert-file=${tlsCert}`,
        `--tls-private-key-file=${tlsKey}`,
        `--controllers=${options.controllers.join(",")}`,
        `--cluster-signing-cert-file=${ca}`,
        `--cluster-signing-key-file=${caKey}`,
        `--root-ca-file=${ca}`,
        `--service-account-private-key-file=${serviceAccountKey}`,
      );
      const healthz = { agent: agentOf(admin), port: Number(managerPort), method: "GET", path: "/healthz", body: undefined };
      await ready(async () => (await send(healthz)).status === 200, child, join(directory, "kube-controller-manager.log"));
    }
    // Port 0: without its health server.
    if (options.scheduler === true) start("kube-scheduler", `--kubeconfig=${adminKubeconfig}`, "--leader-elect=false", "--secure-port=0");

    const issue = (subject: TestSubject): Promise<TestPair> => authority.issue({ subject, usage: "client" });
    return {
      server,
      authority,
      kubeconfig,
      issue,
      kubeconfigOf: async (subject) => makeTestKubeconfig(server, authority.cert, await issue(subject)),
      request,
      create: async (path, object, user) => {
        const answer = await request("POST", path, object, user);
        if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
        return JSON.parse(answer.body) as unknown;
      },
      stopApiServer: async () => {
        if (apiServer !== undefined) await stop(apiServer);
      },
      startApiServer,
      run: (name, program, args, env) => {
        const child = startAs(name, program, args, env);
        return {
          get running() {
            return child.exitCode === null && child.signalCode === null;
          },
          get exitCode() {
            return child.exitCode ?? undefined;
          },
          pid: child.pid ?? 0,
          terminate: () => void child.kill("SIGTERM"),
          log: () => readFile(join(directory, `${name}.log`), "utf8"),
          stop: () => stop(child),
        };
      },
      file,
      dispose: () => disposeOf(children, directory),
    };
  } catch (error) {
    await disposeOf(children, directory);
    throw error;
  }
}

/** How the API server shows itself to servers behind it: by an authority of its own, as its documentation asks for. */
async function aggregationFlags(file: (name: string, content: string) => Promise<string>): Promise<readonly string[]> {
  const authority = await TestAuthority.make("front-proxy-ca");
  const proxy = await authority.issue({ subject: { commonName: "front-proxy-client" }, usage: "client" });
  return [
    `--requestheader-client-ca-file=${await file("front-proxy-ca.crt", authority.cert)}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${await file("front-proxy-client.crt", proxy.cert)}`,
    `--proxy-client-key-file=${await file("front-proxy-client.key", proxy.key)}`,
  ];
}

async function disposeOf(children: readonly ChildProcess[], directory: string): Promise<void> {
  // Last started first, so that nobody looks for a server that is gone.
  for (const child of children.toReversed()) await stop(child);
  await rm(directory, { recursive: true, force: true });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function ready(check: () => Promise<boolean>, child: ChildProcess, log: string): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    if (await check().catch(() => false)) return;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > end)
      throw new Error(`it does not become ready; its log ends with:\n${(await readFile(log, "utf8")).slice(-3_000)}`);
    await delay(100);
  }
}

function send({ agent, port, method, path, body }: { agent: Agent; port: number; method: string; path: string; body: unknown }): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const request = httpsRequest(
      { agent, host: "127.0.0.1", port, method, path, headers: body === undefined ? {} : { "content-type": type } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    request.on("error", reject);
    request.setTimeout(300_000, () => request.destroy(new Error(`${method} ${path}: no answer`)));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
