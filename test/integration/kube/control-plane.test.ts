import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPUTE_BOOTSTRAP_USER } from "../../../src/config/machine-plan.ts";
import { connectKube, CORE_KINDS, gatherResources } from "../../../src/kube/index.ts";
import { type ClusterMachine, readNodes, summarizeNodes, waitForBootstrapComplete, waitForInstallComplete } from "../../../src/cluster/index.ts";
import type { WaitOptions, WaitReport } from "../../../src/cluster/observe/wait.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { makeCsr, type TestPair } from "../../helpers/pki.ts";
import { untilAllowed } from "../../helpers/permissions.ts";
import { PlayedKubelets } from "../../helpers/played-kubelets.ts";
import { machine } from "../../unit/kube/fixtures.ts";

const MINUTE = 60_000;
const CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const machines: readonly ClusterMachine[] = [
  machine("c-bootstrap", "bootstrap"),
  machine("c-master-0", "control-plane", "192.168.126.10"),
  machine("c-worker-0", "compute", "192.168.126.20"),
];

let cluster: KubeControlPlane;
let bootstrapper: TestPair;
let master: TestPair;
let kubelets: PlayedKubelets;

beforeAll(async () => {
  kubelets = await PlayedKubelets.start();
  cluster = await startKubeControlPlane({
    controllers: ["certificatesigningrequest-signing-controller", "serviceaccount-controller"],
    egress: kubelets.egress,
  });
  bootstrapper = await cluster.issue({ commonName: COMPUTE_BOOTSTRAP_USER, organizations: ["system:bootstrappers"] });
  master = await cluster.issue({ commonName: "system:bootstrap:c-master-0", organizations: ["system:bootstrappers"] });
  await cluster.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: "node-bootstrapper" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-bootstrapper" },
    subjects: [{ kind: "Group", name: "system:bootstrappers" }],
  });
  const requests = { apiGroups: ["certificates.k8s.io"], resources: ["certificatesigningrequests"], verbs: ["create"] };
  await untilAllowed(cluster, { user: COMPUTE_BOOTSTRAP_USER, groups: ["system:bootstrappers"] }, [requests]);
});

afterAll(async () => {
  await cluster?.dispose();
  await kubelets?.stop();
});

function options(change: Partial<WaitOptions> = {}): WaitOptions & { reports: WaitReport[]; warnings: string[] } {
  const reports: WaitReport[] = [];
  const warnings: string[] = [];
  return {
    connect: () => connectKube({ kubeconfig: cluster.kubeconfig }),
    machines,
    clusterDomain: "c.example.com",
    machineNetwork: ["192.168.126.0/24"],
    timeoutMs: 10 * MINUTE,
    intervalMs: 100,
    onWait: (report) => reports.push(report),
    onWarning: (message) => warnings.push(message),
    reports,
    warnings,
    ...change,
  };
}

async function requestCertificate(name: string, machineName: string, user: TestPair, kind: "client" | "serving" = "client"): Promise<void> {
  const names =
    kind === "client"
      ? []
      : [
          { type: "dns" as const, value: machineName },
          { type: "ip" as const, value: "192.168.126.10" },
        ];
  const spec = {
    request: await makeCsr({ commonName: `system:node:${machineName}`, organizations: ["system:nodes"] }, names),
    signerName: kind === "client" ? "kubernetes.io/kube-apiserver-client-kubelet" : "kubernetes.io/kubelet-serving",
    usages: ["digital signature", kind === "client" ? "client auth" : "server auth"],
  };
  await cluster.create(CSRS, { metadata: { name }, spec }, user);
}

async function csr(name: string): Promise<{ conditions: string[]; certificate: boolean }> {
  const { status = {} } = JSON.parse((await cluster.request("GET", `${CSRS}/${name}`)).body) as {
    status?: { conditions?: { type: string }[]; certificate?: string };
  };
  return { conditions: (status.conditions ?? []).map(({ type }) => type), certificate: status.certificate !== undefined };
}

async function registerNode(name: string): Promise<void> {
  await cluster.create("/api/v1/nodes", { metadata: { name } });
}

async function setReady(name: string): Promise<void> {
  const condition = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
    lastHeartbeatTime: new Date().toISOString(),
    lastTransitionTime: new Date().toISOString(),
  };
  const answer = await cluster.request("PATCH", `/api/v1/nodes/${name}/status`, {
    status: {
      conditions: [condition],
      addresses: [{ type: "InternalIP", address: machines.find((each) => each.name === name)?.address }],
    },
  });
  expect(answer.status).toBe(200);
}

async function report(status: string, message = ""): Promise<void> {
  const answer = await cluster.request("PATCH", "/api/v1/namespaces/kube-system/configmaps/bootstrap", { data: { status, message } });
  expect(answer.status).toBe(200);
}

/** Until a report of the wait matches. */
async function until(reports: readonly WaitReport[], pattern: RegExp): Promise<void> {
  const end = Date.now() + 5 * MINUTE;
  while (!reports.some(({ reason }) => pattern.test(reason))) {
    if (Date.now() > end) throw new Error(`no reason like ${String(pattern)} in:\n${reports.map(({ reason }) => reason).join("\n")}`);
    await delay(50);
  }
}

describe("against a real API server", () => {
  it("follows a bootstrap through all stages, over a restart of the API server, and approves exactly ours", async () => {
    const wait = options();
    await requestCertificate("ours", "c-master-0", master);
    await requestCertificate("stolen", "c-master-0", bootstrapper);
    await requestCertificate("compute", "c-worker-0", bootstrapper);
    await requestCertificate("foreign", "d-master-0", bootstrapper);
    const done = waitForBootstrapComplete(wait);
    await until(wait.reports, /not registered yet: c-master-0/);
    await expect.poll(() => csr("ours"), { timeout: 5 * MINUTE }).toEqual({ conditions: ["Approved"], certificate: true });

    await registerNode("c-master-0");
    await until(wait.reports, /has not reported yet/);
    await cluster.create("/api/v1/namespaces/kube-system/configmaps", {
      metadata: { name: "bootstrap" },
      data: { status: "started", message: "0 of 1 members" },
    });
    await until(wait.reports, /0 of 1 members/);
    await cluster.stopApiServer();
    await until(wait.reports, /refused/);
    await cluster.startApiServer();
    await report("etcd-joined");
    await until(wait.reports, /"etcd-joined"/);
    await report("api-on-control-plane");
    await until(wait.reports, /"api-on-control-plane"/);
    await report("complete");
    await expect(done).resolves.toMatchObject({ outcome: "done" });

    await expect(csr("foreign")).resolves.toEqual({ conditions: [], certificate: false });
    await expect(csr("compute")).resolves.toEqual({ conditions: [], certificate: false });
    await expect(csr("stolen")).resolves.toEqual({ conditions: [], certificate: false });
    expect(wait.warnings.toSorted()).toEqual([
      "CertificateSigningRequest foreign of system:bootstrap:virt-ipi is left alone: d-master-0 is no machine of this cluster",
      "CertificateSigningRequest stolen of system:bootstrap:virt-ipi is left alone: user system:bootstrap:virt-ipi is not system:bootstrap:c-master-0, who alone asks to be c-master-0",
    ]);
  });

  it("follows the installation: compute and serving certificates, nodes, CoreDNS", async () => {
    const wait = options();
    const kubelet = await cluster.issue({ commonName: "system:node:c-master-0", organizations: ["system:nodes"] });
    await requestCertificate("serving", "c-master-0", kubelet, "serving");
    const done = waitForInstallComplete(wait);
    await until(wait.reports, /not registered yet: c-worker-0/);
    await expect.poll(() => csr("compute"), { timeout: 5 * MINUTE }).toEqual({ conditions: ["Approved"], certificate: true });
    await expect.poll(() => csr("serving"), { timeout: 5 * MINUTE }).toEqual({ conditions: ["Approved"], certificate: true });
    await registerNode("c-worker-0");
    await until(wait.reports, /nodes not Ready: c-master-0: kubelet has not reported yet; c-worker-0/);
    await setReady("c-master-0");
    await setReady("c-worker-0");
    const waiting = "its kubelet has no serving certificate";
    await until(wait.reports, new RegExp(`do not answer the API server: c-master-0: ${waiting}[^;]*; c-worker-0: ${waiting}`));
    for (const { name, address } of machines)
      if (address !== undefined) await kubelets.certify(address, await cluster.issue({ commonName: `system:node:${name}` }));
    await until(wait.reports, /coredns does not exist/);
    const labels = { app: "coredns" };
    await cluster.create("/apis/apps/v1/namespaces/kube-system/deployments", {
      metadata: { name: "coredns" },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: "coredns", image: "coredns", env: [{ name: "API_TOKEN", value: "planted-token-1" }] }] },
        },
      },
    });
    await until(wait.reports, /0 of 1 pods available/);
    const available = { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "" };
    await cluster.request("PATCH", "/apis/apps/v1/namespaces/kube-system/deployments/coredns/status", {
      status: { observedGeneration: 1, conditions: [available] },
    });
    await expect(done).resolves.toMatchObject({ outcome: "done" });
    await expect(csr("foreign")).resolves.toEqual({ conditions: [], certificate: false });
  });

  it("does not take the bootstrap credential for a machine that is a node", async () => {
    await requestCertificate("replay", "c-worker-0", bootstrapper);
    const wait = options();
    await expect(waitForInstallComplete(wait)).resolves.toMatchObject({ outcome: "done" });
    await expect(csr("replay")).resolves.toEqual({ conditions: [], certificate: false });
    expect(wait.warnings.join("\n")).toContain("there is a node c-worker-0 already");
  });

  it("refuses to approve a request that took the name of the judged one", async () => {
    const client = await connectKube({ kubeconfig: cluster.kubeconfig });
    const judged = (await client.list<V1CertificateSigningRequest>(CORE_KINDS.certificateSigningRequests))?.find(
      ({ metadata }) => metadata?.name === "foreign",
    );
    await cluster.request("DELETE", `${CSRS}/foreign`);
    await requestCertificate("foreign", "e-master-0", bootstrapper);
    await expect(client.approve(judged ?? expect.fail("it is gone"), "test")).rejects.toMatchObject({ status: 409 });
    await expect(csr("foreign")).resolves.toEqual({ conditions: [], certificate: false });
    client.close();
  });

  it("gives the last reason at its time limit", async () => {
    const more = [...machines, machine("c-worker-1", "compute")];
    await expect(waitForInstallComplete(options({ machines: more, timeoutMs: 500 }))).resolves.toMatchObject({
      outcome: "timeout",
      stage: "nodes",
      lastReason: "nodes not registered yet: c-worker-1",
    });
    const nobody = await cluster.kubeconfigOf({ commonName: "nobody" });
    await expect(waitForInstallComplete(options({ connect: () => connectKube({ kubeconfig: nobody }), timeoutMs: 500 }))).resolves.toMatchObject({
      outcome: "timeout",
      stage: "csr",
      lastReason: expect.stringContaining("(403)"),
    });
  });

  it("stops in the middle of a pause when aborted", async () => {
    const stop = new AbortController();
    const wait = options({ machines: [...machines, machine("c-worker-1", "compute")], signal: stop.signal, intervalMs: 60 * MINUTE });
    const done = waitForInstallComplete(wait);
    await until(wait.reports, /c-worker-1/);
    stop.abort(new Error("Ctrl-C"));
    await expect(done).rejects.toThrow("Ctrl-C");
  });

  it("summarizes nodes and gathers resources without any Secret", async () => {
    await cluster.create("/api/v1/namespaces/kube-system/secrets", { metadata: { name: "planted" }, stringData: { password: "planted-secret-1" } });
    await cluster.create("/api/v1/namespaces/default/configmaps", {
      metadata: { name: "careless" },
      data: { "admin-password": "planted-secret-2", file: "token: planted-secret-3" },
    });
    const client = await connectKube({ kubeconfig: cluster.kubeconfig });
    expect(summarizeNodes(machines, await readNodes(client)).map(({ name, state }) => `${name} ${state}`)).toEqual([
      "c-master-0 ready",
      "c-worker-0 ready",
    ]);
    const files = await gatherResources(client);
    client.close();
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        "resources/nodes.yaml",
        "resources/events.yaml",
        "resources/certificatesigningrequests.yaml",
        "resources/configmaps.yaml",
        "resources/deployments.yaml",
      ]),
    );
    expect(files.has("resources/errors.txt")).toBe(false);
    for (const [name, text] of files) if (name.endsWith(".yaml")) expect((parse(text) as { kind: string }).kind).toMatch(/List$/);
    const everything = [...files.values()].join("\n");
    expect(everything).toContain("careless");
    expect(everything).not.toMatch(/kind: Secret|SecretList|planted-(secret|token)|managedFields/);
  });
});
