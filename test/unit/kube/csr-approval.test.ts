import "reflect-metadata";
import type { V1CertificateSigningRequest } from "@kubernetes/client-node";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { CLIENT_SIGNER, judgeCsr, SERVING_SIGNER, type CsrPolicy } from "../../../src/kube/csr-approval.ts";
import { approvePendingCsrs, csrStage } from "../../../src/kube/csr-stage.ts";
import { makeCsr } from "../../helpers/pki.ts";
import { FakeCluster, machine, node } from "./fixtures.ts";

const NAME = "c-master-0";
const policy: CsrPolicy = {
  machines: [
    machine("c-bootstrap", "bootstrap"),
    machine(NAME, "control-plane", "192.168.126.10"),
    machine("c-worker-0", "compute"),
    machine("c-worker-1", "compute", "192.168.126.21"),
  ],
  clusterDomain: "c.example.com",
  machineNetwork: ["192.168.126.0/24"],
  vips: ["192.168.126.5"],
};
const subject = (name: string) => ({ commonName: `system:node:${name}`, organizations: ["system:nodes"] });
const dns = (value: string): x509.JsonGeneralName => ({ type: "dns", value });
const ip = (value: string): x509.JsonGeneralName => ({ type: "ip", value });

type Spec = Partial<V1CertificateSigningRequest["spec"]>;

async function clientCsr(spec: Spec = {}): Promise<V1CertificateSigningRequest> {
  const request = spec.request ?? (await makeCsr(subject(NAME)));
  const own = {
    signerName: CLIENT_SIGNER,
    username: "system:bootstrap:abcdef",
    groups: ["system:bootstrappers", "system:authenticated"],
    usages: ["digital signature", "client auth"],
  };
  return { metadata: { name: "csr-1", uid: "1" }, spec: { ...own, ...spec, request } };
}

async function servingCsr(spec: Spec = {}, names = [dns(NAME), ip("192.168.126.10")], name = NAME): Promise<V1CertificateSigningRequest> {
  const request = spec.request ?? (await makeCsr(subject(name), names));
  const own = {
    signerName: SERVING_SIGNER,
    username: `system:node:${name}`,
    groups: ["system:nodes", "system:authenticated"],
    usages: ["digital signature", "server auth"],
  };
  return { metadata: { name: "csr-2", uid: "2" }, spec: { ...own, ...spec, request } };
}

const judge = async (csr: V1CertificateSigningRequest, nodes = [node(NAME, false)]) => {
  const found = await judgeCsr(csr, policy, nodes);
  return found.verdict === "approve" ? `approve ${found.kind} ${found.machine.name}` : found.reason;
};

describe("judgeCsr: client certificates", () => {
  it("approves what kubelet asks for, with an elliptic or an RSA key's usages", async () => {
    await expect(judge(await clientCsr(), [])).resolves.toBe(`approve client ${NAME}`);
    await expect(judge(await clientCsr({ usages: ["client auth", "key encipherment", "digital signature"] }), [])).resolves.toBe(
      `approve client ${NAME}`,
    );
  });

  it("approves again for a machine that was made anew while its node is not Ready", async () => {
    await expect(judge(await clientCsr(), [node(NAME, false)])).resolves.toBe(`approve client ${NAME}`);
  });

  it("ignores a replay of the bootstrap credential for a node that is Ready", async () => {
    await expect(judge(await clientCsr(), [node(NAME, true)])).resolves.toContain("Ready already");
  });

  it.each<[string, Spec | (() => Promise<Spec>), string]>([
    ["another signer", { signerName: "kubernetes.io/kube-apiserver-client" }, "is not for nodes"],
    ["legacy signer", { signerName: "kubernetes.io/legacy-unknown" }, "is not for nodes"],
    ["a user that is no bootstrapper", { username: "mallory", groups: ["system:authenticated"] }, "user mallory is not in group"],
    ["a node that asks for another node", { username: "system:node:c-worker-0", groups: ["system:nodes"] }, "is not in group system:bootstrappers"],
    ["no groups at all", { groups: [] }, "is not in group"],
    ["server usage", { usages: ["digital signature", "server auth"] }, "usages"],
    ["both usages", { usages: ["digital signature", "client auth", "server auth"] }, "usages"],
    ["any usage", { usages: ["any", "client auth"] }, "usages"],
    ["no usage", { usages: [] }, "usages"],
    ["only key encipherment besides", { usages: ["key encipherment", "client auth"] }, "usages"],
    ["garbage", { request: "Z2FyYmFnZQ==" }, "no valid certificate request"],
    ["empty request", { request: "" }, "no valid certificate request"],
    ["a machine that is not ours", async () => ({ request: await makeCsr(subject("d-master-0")) }), "d-master-0 is no machine"],
    ["the bootstrap machine", async () => ({ request: await makeCsr(subject("c-bootstrap")) }), "c-bootstrap is no machine"],
    ["an empty name", async () => ({ request: await makeCsr(subject("")) }), "is no machine"],
    ["a name in other case", async () => ({ request: await makeCsr(subject("C-master-0")) }), "is no machine"],
    ["a name with a tail", async () => ({ request: await makeCsr(subject(`${NAME}.evil.example.com`)) }), "is no machine"],
    [
      "a CN without prefix",
      async () => ({ request: await makeCsr({ commonName: NAME, organizations: ["system:nodes"] }) }),
      "subject is not that of a node",
    ],
    [
      "an administrator's group besides",
      async () => ({ request: await makeCsr({ commonName: `system:node:${NAME}`, organizations: ["system:nodes", "system:masters"] }) }),
      "system:masters",
    ],
    [
      "an administrator's group instead",
      async () => ({ request: await makeCsr({ commonName: `system:node:${NAME}`, organizations: ["system:masters"] }) }),
      "system:masters",
    ],
    ["no group", async () => ({ request: await makeCsr({ commonName: `system:node:${NAME}` }) }), "subject is not that of a node"],
    [
      "two CNs",
      async () => ({ request: await makeCsr([{ O: ["system:nodes"] }, { CN: [`system:node:${NAME}`] }, { CN: ["admin"] }]) }),
      "subject is not that of a node",
    ],
    [
      "a second value in one part",
      async () => ({ request: await makeCsr([{ O: ["system:nodes"], OU: ["x"] }, { CN: [`system:node:${NAME}`] }]) }),
      "subject is not that of a node",
    ],
    [
      "another attribute by its OID",
      async () => ({ request: await makeCsr([{ O: ["system:nodes"] }, { CN: [`system:node:${NAME}`] }, { "2.5.4.5": ["1"] }]) }),
      "subject is not that of a node",
    ],
    ["a SAN", async () => ({ request: await makeCsr(subject(NAME), [dns(NAME)]) }), "no subject alternative names"],
    [
      "an e-mail SAN",
      async () => ({ request: await makeCsr(subject(NAME), [{ type: "email", value: "a@b.example" }]) }),
      "more than a kubelet does: email name",
    ],
    [
      "a CA certificate",
      async () => ({ request: await makeCsr(subject(NAME), [], [new x509.BasicConstraintsExtension(true)]) }),
      "extension 2.5.29.19",
    ],
    [
      "two requests in one",
      async () => ({ request: Buffer.from(`${pem(await makeCsr(subject(NAME)))}\n${pem(await makeCsr(subject("admin")))}`).toString("base64") }),
      "no valid certificate request",
    ],
    ["a wrong signature", async () => ({ request: await forgedSignature() }), "no valid certificate request"],
  ])("ignores %s", async (_what, spec, reason) => {
    await expect(judge(await clientCsr(typeof spec === "function" ? await spec() : spec), [])).resolves.toContain(reason);
  });
});

describe("judgeCsr: serving certificates", () => {
  it.each<[string, x509.JsonGeneralName[]]>([
    ["name and address", [dns(NAME), ip("192.168.126.10")]],
    ["address only", [ip("192.168.126.10")]],
    ["full name", [dns(`${NAME}.c.example.com`)]],
  ])("approves %s", async (_what, names) => {
    await expect(judge(await servingCsr({}, names))).resolves.toBe(`approve serving ${NAME}`);
  });

  it("approves again when the node is Ready: that is a renewal", async () => {
    await expect(judge(await servingCsr(), [node(NAME, true)])).resolves.toBe(`approve serving ${NAME}`);
  });

  it.each<[string, Spec, x509.JsonGeneralName[], string]>([
    ["a bootstrapper", { username: "system:bootstrap:abcdef", groups: ["system:bootstrappers"] }, [dns(NAME)], "is not node"],
    ["another node", { username: "system:node:c-worker-0" }, [dns(NAME)], "is not node"],
    ["a user outside the group", { groups: ["system:authenticated"] }, [dns(NAME)], "is not node"],
    ["client usage", { usages: ["digital signature", "client auth"] }, [dns(NAME)], "usages"],
    ["no SAN", {}, [], "needs a subject alternative name"],
    ["another name", {}, [dns(NAME), dns("api.c.example.com")], "api.c.example.com is no name"],
    ["a wildcard", {}, [dns("*.c.example.com")], "is no name"],
    ["another machine's address", {}, [ip("192.168.126.21")], "192.168.126.21 is no known address"],
    ["the VIP", {}, [ip("192.168.126.10"), ip("192.168.126.5")], "192.168.126.5 is no known address"],
    ["a free address of the network", {}, [ip("192.168.126.77")], "is no known address"],
    ["a URI", {}, [dns(NAME), { type: "url", value: "spiffe://x" }], "url name"],
  ])("ignores %s", async (_what, spec, names, reason) => {
    const nodes = [node(NAME, true, ["192.168.126.10", "192.168.126.77"])];
    await expect(judge(await servingCsr(spec, names), nodes)).resolves.toContain(reason);
  });

  it("goes by what the node reports only where no address was decided, inside the network and nobody else's", async () => {
    const nodes = [
      node("c-worker-0", true, ["192.168.126.120", "10.0.0.9", "192.168.126.5", "192.168.126.10", "192.168.126.130"]),
      node("stranger", true, ["192.168.126.130"]),
    ];
    const ask = async (address: string) => judge(await servingCsr({}, [ip(address)], "c-worker-0"), nodes);
    await expect(ask("192.168.126.120")).resolves.toBe("approve serving c-worker-0");
    for (const address of ["10.0.0.9", "192.168.126.5", "192.168.126.10", "192.168.126.130", "192.168.126.121"])
      await expect(ask(address)).resolves.toContain("is no known address");
  });
});

describe("approvePendingCsrs", () => {
  it("approves pending requests of the given roles, leaves decided ones, and tells of foreign ones once", async () => {
    const cluster = new FakeCluster();
    const ours = await clientCsr();
    const worker = await clientCsr({ request: await makeCsr(subject("c-worker-0")) });
    const foreign = await clientCsr({ request: await makeCsr(subject("d-master-0")) });
    cluster.csrs = [
      { spec: ours.spec, metadata: { name: "ours" } },
      { spec: worker.spec, metadata: { name: "later" } },
      { spec: foreign.spec, metadata: { name: "foreign", uid: "f" } },
      { spec: ours.spec, metadata: { name: "denied" }, status: { conditions: [{ type: "Denied", status: "True" }] } },
    ];
    const warnings: string[] = [];
    const stage = csrStage({ ...policy, connect: async () => cluster.client(), timeoutMs: 1, onWarning: (message) => warnings.push(message) }, [
      "control-plane",
    ]);
    for (let look = 0; look < 3; look++) await expect(stage.check(cluster.client(), undefined)).resolves.toBeUndefined();
    expect(cluster.approved).toEqual(["ours"]);
    expect(warnings).toEqual([
      "CertificateSigningRequest foreign of system:bootstrap:abcdef is left alone: d-master-0 is no machine of this cluster",
    ]);
    await approvePendingCsrs(cluster.client(), policy, ["control-plane", "compute"]);
    expect(cluster.approved).toEqual(["ours", "later"]);
  });
});

const pem = (request: string): string => Buffer.from(request, "base64").toString();

async function forgedSignature(): Promise<string> {
  const der = Buffer.from(new x509.Pkcs10CertificateRequest(pem(await makeCsr(subject(NAME)))).rawData);
  // A byte inside the subject's last character: the structure stays whole, the signature does not fit any more.
  const at = der.indexOf(NAME);
  der[at] = "d".charCodeAt(0);
  const forged = new x509.Pkcs10CertificateRequest(der).toString("pem");
  return Buffer.from(forged).toString("base64");
}
