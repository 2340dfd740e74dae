import { createServer, type Server } from "node:https";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { cacheFolder } from "../../../tools/setup/paths.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { makeCsr, TestAuthority, type TestPair } from "../../helpers/pki.ts";

/** The script of the control-plane machines, on a real API server, with a kubelet's port that serves what a kubelet serves. */
const SCRIPT = resolve(import.meta.dirname, "../../../templates/kubernetes/scripts/serving-certificates");
const CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const DAY = 86_400_000;
const NODE = { commonName: "system:node:c-worker-0", organizations: ["system:nodes"] };
const NAMES = [
  { type: "dns", value: "c-worker-0" },
  { type: "ip", value: "127.0.0.1" },
] as const;

let cluster: KubeControlPlane;
let folder: string;
let kubelet: Server | undefined;
let node: TestPair;

beforeAll(async () => {
  cluster = await startKubeControlPlane();
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-csr-"));
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
  await writeFile(join(folder, "ca.crt"), cluster.authority.cert);
  node = await cluster.issue(NODE);
  await cluster.create("/api/v1/nodes", { metadata: { name: "c-worker-0" } });
});

afterAll(async () => {
  kubelet?.close();
  await cluster?.dispose();
  await rm(folder, { recursive: true, force: true });
});

it("approves what a kubelet asks for again, also when its certificate has ended", async () => {
  await kubeletServes(await cluster.authority.issue({ subject: NODE, usage: "server", names: NAMES }));
  expect(await approved("renewal", NAMES)).toBe(true);
  const ended = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
  await kubeletServes(await cluster.authority.issue({ subject: NODE, usage: "server", names: NAMES, ...ended }));
  expect(await approved("late-renewal", NAMES)).toBe(true);
});

it("leaves alone what asks for another name", async () => {
  await kubeletServes(await cluster.authority.issue({ subject: NODE, usage: "server", names: NAMES }));
  expect(await approved("another-name", [...NAMES, { type: "dns", value: "api.c.example.com" }])).toBe(false);
});

it("leaves alone what a kubelet asks for that serves another authority's certificate, or none", async () => {
  await kubeletServes(await (await TestAuthority.make("somebody")).issue({ subject: NODE, usage: "server", names: NAMES }));
  expect(await approved("foreign", NAMES)).toBe(false);
  kubelet?.close();
  expect(await approved("first", NAMES)).toBe(false);
});

/** Lets a port of the node answer with this certificate. */
async function kubeletServes({ cert, key }: TestPair): Promise<void> {
  kubelet?.close();
  kubelet = createServer({ cert, key }).listen(0, "127.0.0.1");
  await once(kubelet, "listening");
  const { port } = kubelet.address() as AddressInfo;
  const status = { addresses: [{ type: "InternalIP", address: "127.0.0.1" }], daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  const answer = await cluster.request("PATCH", "/api/v1/nodes/c-worker-0/status", { status });
  expect(answer.status, answer.body).toBe(200);
}

/** Whether a request of the node for these names is approved by one run of the script. */
async function approved(name: string, names: Parameters<typeof makeCsr>[1]): Promise<boolean> {
  const spec = {
    request: await makeCsr(NODE, names),
    signerName: "kubernetes.io/kubelet-serving",
    usages: ["digital signature", "server auth"],
  };
  await cluster.create(CSRS, { metadata: { name }, spec }, node);
  await run("bash", [SCRIPT], {
    env: {
      PATH: [join(cacheFolder(), "bin"), process.env["PATH"] ?? ""].join(delimiter),
      KUBECONFIG: join(folder, "kubeconfig"),
      CLUSTER_CA: join(folder, "ca.crt"),
    },
    timeoutMs: 60_000,
  });
  const { body } = await cluster.request("GET", `${CSRS}/${name}`);
  const { status } = JSON.parse(body) as { status: { conditions?: readonly { type: string }[] } };
  return status.conditions?.some(({ type }) => type === "Approved") === true;
}
