import "reflect-metadata";
import { createServer, type Server } from "node:https";
import * as x509 from "@peculiar/x509";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../src/exec/index.ts";
import { cacheFolder } from "../../../setup/paths.ts";
import { startKubeControlPlane, type KubeControlPlane } from "../../helpers/kube-control-plane.ts";
import { makeCsr, TestAuthority, type TestPair, type TestSubject } from "../../helpers/pki.ts";

/** The script of the control-plane machines, on a real API server, with a kubelet's port that serves what a kubelet serves. */
const SCRIPT = resolve(import.meta.dirname, "../../../templates/kubernetes/scripts/serving-certificates");
const CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const DAY = 86_400_000;
const NODE = { commonName: "system:node:c-worker-0", organizations: ["system:nodes"] };
const NAMES = [
  { type: "dns", value: "c-worker-0" },
  { type: "ip", value: "127.0.0.1" },
] as const;

const OTHER = { ...NODE, commonName: "system:node:c-worker-1" };
const NETSCAPE_COMMENT = "2.16.840.1.113730.1.13";
/** What openssl prints of the names of the node. */
const COMMENT = "x\n            X509v3 Subject Alternative Name: \n                DNS:c-worker-0, IP Address:127.0.0.1\n";
const PARSED_COMMENT =
  "x\n  104:d=7  hl=2 l=   3 prim: OBJECT            :X509v3 Subject Alternative Name\n" +
  "  109:d=7  hl=2 l=  20 prim: OCTET STRING      [HEX DUMP]:3012820A632D776F726B65722D3087047F000001\n";

interface Attack {
  readonly asks?: Parameters<typeof makeCsr>[1];
  readonly subject?: TestSubject;
  /** The subject of the certificate that is served at the endpoint. */
  readonly served?: TestSubject;
  /** Text of an extension that the signer leaves out. */
  readonly comment?: string;
}

let attacks = 0;
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

/** Attacks of a node that was taken over: it serves or lets be served what the row says, and asks for the row's names. */
it.each<[what: string, attack: Attack]>([
  ["another name", { asks: [...NAMES, { type: "dns", value: "api.c.example.com" }] }],
  ["the API's address", { asks: [...NAMES, { type: "ip", value: "192.168.126.5" }] }],
  ["the API's address alone", { asks: [{ type: "ip", value: "192.168.126.5" }] }],
  ["fewer names", { asks: NAMES.slice(0, 1) }],
  ["no name", { asks: [] }],
  ["names in another order", { asks: NAMES.toReversed() }],
  ["a certificate of the node that its endpoint points to", { served: OTHER, subject: OTHER }],
  ["its own certificate for names of the node that its endpoint points to", { served: OTHER }],
  ["a certificate of another node while it serves its own", { subject: OTHER }],
  ["a name that is longer", { subject: { ...NODE, commonName: `${NODE.commonName}0` } }],
  ["an administrator's group besides", { subject: { ...NODE, organizations: ["system:nodes", "system:masters"] } }],
  [
    "a name that reads as all of its names",
    {
      asks: [
        { type: "dns", value: "c-worker-0, IP Address:127.0.0.1\n" },
        { type: "ip", value: "192.168.126.5" },
      ],
    },
  ],
  ["a comment that reads as its names", { asks: [{ type: "ip", value: "192.168.126.5" }], comment: COMMENT }],
  ["a comment that parses as its names", { asks: [{ type: "ip", value: "192.168.126.5" }], comment: PARSED_COMMENT }],
])("leaves alone what asks for %s", async (_what, attack) => {
  await kubeletServes(await cluster.authority.issue({ subject: attack.served ?? NODE, usage: "server", names: NAMES }));
  expect(await approved(`attack-${attacks++}`, attack.asks ?? NAMES, attack)).toBe(false);
  // The same request without the attack is approved: it is the attack that is refused.
  await kubeletServes(await cluster.authority.issue({ subject: NODE, usage: "server", names: NAMES }));
  expect(await approved(`sound-${attacks}`, NAMES)).toBe(true);
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
async function approved(name: string, names: Attack["asks"], { subject = NODE, comment }: Attack = {}): Promise<boolean> {
  const extensions = comment === undefined ? [] : [new x509.Extension(NETSCAPE_COMMENT, false, commentOf(comment))];
  const spec = {
    request: await makeCsr(subject, names, extensions),
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
    timeoutMs: 300_000,
  });
  const { body } = await cluster.request("GET", `${CSRS}/${name}`);
  await cluster.request("DELETE", `${CSRS}/${name}`);
  const { status } = JSON.parse(body) as { status: { conditions?: readonly { type: string }[] } };
  return status.conditions?.some(({ type }) => type === "Approved") === true;
}

/** DER of an IA5String. */
function commentOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text, "latin1");
  const length = bytes.length < 128 ? [bytes.length] : bytes.length < 256 ? [0x81, bytes.length] : [0x82, bytes.length >> 8, bytes.length & 255];
  return Uint8Array.from([0x16, ...length, ...bytes]);
}
