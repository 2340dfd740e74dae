import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Runner } from "../../../src/exec/index.ts";
import { RESOURCES } from "../../../src/plugin/registry.ts";
import type { Properties } from "../../../src/pulumi/resource/values.ts";
import { makeCsr, makeTestKubeconfig, TestAuthority, type TestPair } from "../../helpers/pki.ts";
import { startProvider, type ProviderClient, type ProviderFailure } from "../../helpers/provider-client.ts";

const BOOTSTRAP = "virt-ipi:cluster:BootstrapComplete";
const INSTALL = "virt-ipi:cluster:InstallComplete";
const NODE = "c-abcde-master-0";

/** Answers virsh's download of the console log with this text. */
const consoleOf =
  (text: string): Runner =>
  async (_file, args) => {
    await writeFile(args[args.indexOf("--file") + 1] ?? "", text);
    return { stdout: "", stderr: "", exitCode: 0 };
  };

let authority: TestAuthority;
let server: TestPair;
let user: TestPair;
beforeAll(async () => {
  authority = await TestAuthority.make("test-ca");
  server = await authority.issue({ subject: { commonName: "kube-apiserver" }, usage: "server", names: [{ type: "ip", value: "127.0.0.1" }] });
  user = await authority.issue({ subject: { commonName: "admin" }, usage: "client" });
});

let folder: string;
let api: Server;
let bootstrapStatus: string;
let csrs: readonly object[];
/** Names of the requests that were approved. */
const approved: string[] = [];
let client: ProviderClient | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vt-"));
  bootstrapStatus = "complete";
  csrs = [];
  approved.length = 0;
  const node = { metadata: { name: NODE, labels: {} }, status: { conditions: [{ type: "Ready", status: "True" }], addresses: [] } };
  const answers: Readonly<Record<string, () => unknown>> = {
    "/readyz": () => "ok",
    "/api/v1/nodes": () => ({ kind: "NodeList", apiVersion: "v1", items: [node] }),
    [`/api/v1/nodes/${NODE}/proxy/healthz`]: () => "ok",
    "/apis/certificates.k8s.io/v1/certificatesigningrequests": () => ({
      kind: "CertificateSigningRequestList",
      apiVersion: "certificates.k8s.io/v1",
      items: csrs,
    }),
    "/api/v1/namespaces/kube-system/configmaps/bootstrap": () => ({ kind: "ConfigMap", apiVersion: "v1", data: { status: bootstrapStatus } }),
  };
  api = createServer({ cert: server.cert, key: server.key }, (request, response) => {
    const approval = /certificatesigningrequests\/(.+)\/approval$/.exec(request.url ?? "")?.[1];
    if (approval !== undefined) approved.push(approval);
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    const body = answer?.() ?? { kind: "Status", message: "not found", code: 404 };
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => api.listen(0, "127.0.0.1", done));
});

afterEach(async () => {
  client?.close();
  api.closeAllConnections();
  await new Promise((done) => api.close(done));
  await rm(folder, { recursive: true });
});

const marker = (): string => join(folder, "bootstrap-complete.json");

function waitInputs(changes: Properties = {}): Properties {
  return {
    infraID: "c-abcde",
    kubeconfig: makeTestKubeconfig(`https://127.0.0.1:${(api.address() as AddressInfo).port}`, authority.cert, user),
    clusterDomain: "c.example.com",
    machineNetwork: ["192.168.126.0/24"],
    vips: [],
    machines: [{ name: NODE, role: "control-plane", address: "192.168.126.10" }],
    timeoutSeconds: 0.2,
    ...changes,
  };
}

const bootstrapInputs = (changes: Properties = {}): Properties => waitInputs({ markerPath: marker(), ...changes });

async function provider(run?: Runner): Promise<ProviderClient> {
  client = await startProvider({}, { resources: RESOURCES, ...(run === undefined ? {} : { run }) });
  return client;
}

const failureOf = (promise: Promise<unknown>): Promise<ProviderFailure> =>
  promise.then(
    () => expect.unreachable("did not fail"),
    (error: unknown) => error as ProviderFailure,
  );
const consoles = { platform: "kvm", uri: "test:///default", pool: "p", poolOwned: true, machines: [NODE] };

describe("BootstrapComplete", () => {
  it("writes its marker when bootstrapping is complete, and takes it away when it goes", async () => {
    const it = await provider();
    const made = await it.create(BOOTSTRAP, bootstrapInputs());
    expect(made).toEqual({ id: "bootstrap-complete", outputs: { infraID: "c-abcde", complete: true } });
    expect(JSON.parse(await readFile(marker(), "utf8"))).toMatchObject({ infraID: "c-abcde" });
    expect(await it.diff(BOOTSTRAP, bootstrapInputs(), bootstrapInputs({ machines: [], timeoutSeconds: 9 }))).toMatchObject({ changed: false });
    await it.delete(BOOTSTRAP, made.id, bootstrapInputs(), made.outputs);
    await expect(access(marker())).rejects.toThrow();
  });

  it("is kept when its time is over, tells the last cause, and goes on the next time", async () => {
    bootstrapStatus = "etcd-joined";
    const it = await provider();
    const failure = await failureOf(it.create(BOOTSTRAP, bootstrapInputs()));
    expect(failure.initFailed).toMatchObject({
      id: "bootstrap-complete",
      outputs: { complete: false },
      reasons: [expect.stringMatching(/^BOOTSTRAP_TIMEOUT: .*at bootstrap: .*etcd-joined/) as string],
    });
    expect(failure.details).not.toContain(Buffer.from(user.key).toString("base64").slice(0, 60));
    await expect(access(marker())).rejects.toThrow();
    bootstrapStatus = "complete";
    expect(
      await it.update(BOOTSTRAP, "bootstrap-complete", { inputs: bootstrapInputs(), outputs: failure.initFailed?.outputs ?? {} }, bootstrapInputs()),
    ).toEqual({ infraID: "c-abcde", complete: true });
    await access(marker());
  });

  it("fails at once with the cause that a console shows", async () => {
    bootstrapStatus = "started";
    const it = await provider(consoleOf("ignition[1]: failed to fetch config: config is not valid\n"));
    const failure = await failureOf(it.create(BOOTSTRAP, bootstrapInputs({ consoles, timeoutSeconds: 600 })));
    expect(failure).toMatchObject({
      initFailed: undefined,
      details: expect.stringMatching(new RegExp(`^GUEST_IGNITION_INVALID: ${NODE}: .*config is not valid`)) as string,
    });
  });

  it("tells of a sign that may pass, and waits on", async () => {
    bootstrapStatus = "started";
    const it = await provider(consoleOf("ignition[1]: GET result: Internal Server Error\n".repeat(9)));
    const failure = await failureOf(it.create(BOOTSTRAP, bootstrapInputs({ consoles })));
    expect(failure.initFailed?.reasons[0]).toMatch(/^BOOTSTRAP_TIMEOUT: .*console of c-abcde-master-0: Ignition cannot fetch/);
  });
});

describe("InstallComplete", () => {
  it("waits again when machines are added, and is kept when they do not come", async () => {
    const it = await provider();
    const more = waitInputs({ machines: [{ name: "c-abcde-worker-0", role: "compute" }] });
    expect(await it.diff(INSTALL, waitInputs(), more)).toMatchObject({ diffs: ["machines"], replaces: [] });
    const failure = await failureOf(
      it.update(INSTALL, "install-complete", { inputs: waitInputs(), outputs: { infraID: "c-abcde", complete: true } }, more),
    );
    expect(failure.initFailed?.reasons[0]).toMatch(/^INSTALL_TIMEOUT: .*c-abcde-worker-0/);
  });

  const WORKER = "c-abcde-worker-0";
  const onDhcp = (changes: Properties = {}): Properties => waitInputs({ machines: [{ name: WORKER, role: "compute" }], ...changes });

  it("approves a serving certificate for the address that the platform found, and for no reserved one", async () => {
    const request = async (name: string, address: string) => ({
      metadata: { name },
      spec: {
        request: await makeCsr({ commonName: `system:node:${WORKER}`, organizations: ["system:nodes"] }, [{ type: "ip", value: address }]),
        signerName: "kubernetes.io/kubelet-serving",
        username: `system:node:${WORKER}`,
        groups: ["system:nodes"],
        usages: ["digital signature", "server auth"],
      },
    });
    csrs = [await request("own", "192.168.126.120"), await request("other", "192.168.126.121"), await request("gateway", "192.168.126.1")];
    const it = await provider();
    await failureOf(it.create(INSTALL, onDhcp({ found: { [WORKER]: "192.168.126.120" }, reserved: ["192.168.126.1"] })));
    expect(new Set(approved)).toEqual(new Set(["own"]));
    approved.length = 0;
    await failureOf(it.create(INSTALL, onDhcp({ found: { [WORKER]: "192.168.126.1" }, reserved: ["192.168.126.1"] })));
    await failureOf(it.create(INSTALL, onDhcp()));
    expect(approved).toEqual([]);
  });

  it("waits again for a machine that was created again, until its node was seen lost, and not for another address", async () => {
    const it = await provider();
    const before = waitInputs({ ids: { [NODE]: "1" }, found: { [NODE]: "192.168.126.10" }, timeoutSeconds: 0.1 });
    const after = { ...before, ids: { [NODE]: "2" } };
    expect(await it.diff(INSTALL, before, { ...before, found: { [NODE]: "192.168.126.11" }, reserved: ["192.168.126.1"] })).toMatchObject({
      changed: false,
    });
    expect(await it.diff(INSTALL, before, after)).toMatchObject({ diffs: ["ids"], replaces: [] });
    const old = { infraID: "c-abcde", complete: true, joined: { [NODE]: "1" } };
    const failure = await failureOf(it.update(INSTALL, "install-complete", { inputs: before, outputs: old }, after));
    expect(failure.initFailed?.reasons[0]).toContain(`still Ready from before their machines were created again: ${NODE}`);
    // What it waits for is not forgotten with the run.
    expect(failure.initFailed?.outputs).toEqual({ ...old, complete: false });
    const unchanged = await failureOf(it.update(INSTALL, "install-complete", { inputs: before, outputs: old }, before));
    expect(unchanged.initFailed?.reasons[0]).toContain("coredns");
  });
});
