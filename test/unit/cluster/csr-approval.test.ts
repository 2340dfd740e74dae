import "reflect-metadata";
import type { V1CertificateSigningRequest, V1Node } from "@kubernetes/client-node";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { CLIENT_SIGNER, judgeCsr, SERVING_SIGNER, type CsrPolicy } from "../../../src/cluster/observe/csr-approval.ts";
import { approvePendingCsrs, csrStage } from "../../../src/cluster/observe/csr-stage.ts";
import { makeCsr } from "../../helpers/pki.ts";
import { FakeCluster, machine, node } from "../kube/fixtures.ts";

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
  // The API, the gateway and a DNS server.
  reserved: ["192.168.126.5", "192.168.126.1", "192.168.126.2"],
  found: new Map([["c-worker-0", "192.168.126.120"]]),
};
const subject = (name: string) => ({ commonName: `system:node:${name}`, organizations: ["system:nodes"] });
const dns = (value: string): x509.JsonGeneralName => ({ type: "dns", value });
const ip = (value: string): x509.JsonGeneralName => ({ type: "ip", value });

type Spec = Partial<V1CertificateSigningRequest["spec"]>;

async function clientCsr(spec: Spec = {}): Promise<Pick<V1CertificateSigningRequest, "metadata" | "spec">> {
  const request = spec.request ?? (await makeCsr(subject(NAME)));
  const own = {
    signerName: CLIENT_SIGNER,
    username: `system:bootstrap:${NAME}`,
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

const judge = async (
  csr: V1CertificateSigningRequest,
  nodes: readonly V1Node[] = [node(NAME, false)],
  all: readonly V1CertificateSigningRequest[] = [],
  by = policy,
) => {
  const found = await judgeCsr(csr, by, nodes, all);
  return found.verdict === "approve" ? `approve ${found.kind} ${found.machine.name}` : found.reason;
};

describe("judgeCsr: client certificates", () => {
  it("approves what kubelet asks for, with an elliptic or an RSA key's usages", async () => {
    await expect(judge(await clientCsr(), [])).resolves.toBe(`approve client ${NAME}`);
    await expect(judge(await clientCsr({ usages: ["client auth", "key encipherment", "digital signature"] }), [])).resolves.toBe(
      `approve client ${NAME}`,
    );
  });

  it.each<[what: string, node: V1Node, remade: boolean, verdict: string]>([
    ["a node that is Ready", node(NAME, true), false, `there is a node ${NAME} already`],
    ["a node that is not Ready: somebody waits for it to be lost", node(NAME, false), false, `kubectl delete node ${NAME}`],
    ["a node that has never told its state", node(NAME, undefined), false, `there is a node ${NAME} already`],
    ["a machine that we have created again, while its node is not known to be lost", node(NAME, true), true, "is still Ready from before"],
    ["a machine that we have created again, once its node is lost", node(NAME, false), true, `approve client ${NAME}`],
  ])("decides for %s", async (_what, existing, remade, verdict) => {
    await expect(judge(await clientCsr(), [existing], [], remade ? { ...policy, remade: new Set([NAME]) } : policy)).resolves.toContain(verdict);
  });

  const LOST = "2026-01-01T12:00:00Z";
  const lost: V1Node = {
    metadata: { name: NAME },
    status: { conditions: [{ type: "Ready", status: "Unknown", lastTransitionTime: new Date(LOST) }] },
  };

  it.each<[what: string, rival: Spec & { decided?: [type: string, at: string] }, nodes: readonly V1Node[], verdict: string]>([
    ["is pending", {}, [], `csr-0 asks to be ${NAME} as well`],
    ["was approved", { decided: ["Approved", LOST] }, [], `csr-0 was approved for ${NAME} already`],
    ["was approved before the node was lost that we made again", { decided: ["Approved", "2026-01-01T11:00:00Z"] }, [lost], `approve client ${NAME}`],
    ["was approved after that", { decided: ["Approved", "2026-01-01T12:30:00Z"] }, [lost], "kubectl delete certificatesigningrequest csr-0"],
    ["was denied", { decided: ["Denied", LOST] }, [], `approve client ${NAME}`],
    ["failed", { decided: ["Failed", LOST] }, [], `approve client ${NAME}`],
    ["comes from another user, who cannot hold up the machine by it", { username: "system:bootstrap:virt-ipi" }, [], `approve client ${NAME}`],
    [
      "is the renewal of a node",
      { username: `system:node:${NAME}`, groups: ["system:nodes"], decided: ["Approved", LOST] },
      [],
      `approve client ${NAME}`,
    ],
    ["is for another signer", { signerName: SERVING_SIGNER }, [], `approve client ${NAME}`],
    ["is no request", { request: "Z2FyYmFnZQ==" }, [], `approve client ${NAME}`],
  ])("decides when another request for the same name %s", async (_what, { decided, ...spec }, nodes, verdict) => {
    const other = await clientCsr(spec);
    const status = decided === undefined ? {} : { conditions: [{ type: decided[0], status: "True", lastUpdateTime: new Date(decided[1]) }] };
    const rival = { ...other, metadata: { name: "csr-0", uid: "0" }, status };
    const own = await clientCsr();
    const remade = { ...policy, remade: new Set([NAME]) };
    await expect(judge(own, nodes, [rival, own], remade)).resolves.toContain(verdict);
  });

  it("takes two requests of one key, or for two names, for no rivals", async () => {
    const own = await clientCsr();
    const again = { ...own, metadata: { name: "csr-0", uid: "0" } };
    const other = { ...(await clientCsr({ request: await makeCsr(subject("c-master-1")) })), metadata: { name: "csr-9", uid: "9" } };
    await expect(judge(own, [], [again, own, other])).resolves.toBe(`approve client ${NAME}`);
  });

  it.each<[what: string, machine: string, username: string, verdict: string]>([
    ["a compute machine by the credential of all", "c-worker-0", "system:bootstrap:virt-ipi", "approve client c-worker-0"],
    ["a compute machine in its own name", "c-worker-0", "system:bootstrap:c-worker-0", "is not system:bootstrap:virt-ipi"],
    ["a control-plane machine by the credential of compute machines", NAME, "system:bootstrap:virt-ipi", `is not system:bootstrap:${NAME}`],
    ["a control-plane machine by that of another", NAME, "system:bootstrap:c-master-1", `is not system:bootstrap:${NAME}`],
    ["a compute machine by that of a control-plane machine", "c-worker-0", `system:bootstrap:${NAME}`, "is not system:bootstrap:virt-ipi"],
    ["a bootstrap token of somebody's", NAME, "system:bootstrap:abcdef", `is not system:bootstrap:${NAME}`],
    ["somebody whose name only ends so", NAME, `x:system:bootstrap:${NAME}`, `is not system:bootstrap:${NAME}`],
    ["a ServiceAccount in the group", NAME, "system:serviceaccount:kube-system:default", `is not system:bootstrap:${NAME}`],
  ])("decides for %s", async (_what, name, username, verdict) => {
    await expect(judge(await clientCsr({ request: await makeCsr(subject(name)), username }), [])).resolves.toContain(verdict);
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

  it.each<[what: string, address: string, found: string | undefined, verdict: string]>([
    ["its own, as the platform found it", "192.168.126.120", "192.168.126.120", "approve serving c-worker-0"],
    ["another that it reports", "192.168.126.77", "192.168.126.120", "is no known address"],
    ["one that it reports, where the platform found none", "192.168.126.77", undefined, "is no known address"],
    ["the API's, though the platform takes it for the machine's", "192.168.126.5", "192.168.126.5", "is no known address"],
    ["the gateway's", "192.168.126.1", "192.168.126.1", "is no known address"],
    ["the DNS server's", "192.168.126.2", "192.168.126.2", "is no known address"],
    ["a control-plane machine's", "192.168.126.10", "192.168.126.10", "is no known address"],
    ["another compute machine's", "192.168.126.21", "192.168.126.21", "is no known address"],
    ["that of another machine on DHCP", "192.168.126.130", "192.168.126.130", "is no known address"],
    ["one outside of the machine network", "10.0.0.9", "10.0.0.9", "is no known address"],
    ["the API's in an IPv6 notation", "::ffff:c0a8:7e05", "192.168.126.5", "is no known address"],
  ])("decides on DHCP for %s", async (_what, address, found, verdict) => {
    const nodes = [node("c-worker-0", true, [address, "192.168.126.77"])];
    const known = new Map([["c-worker-2", "192.168.126.130"], ...(found === undefined ? [] : [["c-worker-0", found] as const])]);
    const by = { ...policy, machines: [...policy.machines, machine("c-worker-2", "compute")], found: known };
    await expect(judge(await servingCsr({}, [ip(address)], "c-worker-0"), nodes, [], by)).resolves.toContain(verdict);
  });

  it("goes by the planned address alone where there is one, whatever the platform finds", async () => {
    const by = { ...policy, found: new Map([[NAME, "192.168.126.77"]]) };
    await expect(judge(await servingCsr({}, [ip("192.168.126.77")]), [], [], by)).resolves.toContain("is no known address");
    await expect(judge(await servingCsr({}, [ip("192.168.126.10")]), [], [], by)).resolves.toBe(`approve serving ${NAME}`);
  });
});

describe("approvePendingCsrs", () => {
  it("approves pending requests of the given roles, leaves decided ones, and tells of foreign ones once", async () => {
    const cluster = new FakeCluster();
    const ours = await clientCsr();
    const worker = await clientCsr({ request: await makeCsr(subject("c-worker-0")), username: "system:bootstrap:virt-ipi" });
    const foreign = await clientCsr({ request: await makeCsr(subject("d-master-0")) });
    cluster.csrs = [
      { spec: ours.spec, metadata: { name: "ours" } },
      { spec: worker.spec, metadata: { name: "later" } },
      { spec: foreign.spec, metadata: { name: "foreign", uid: "f" } },
      { spec: (await clientCsr()).spec, metadata: { name: "denied" }, status: { conditions: [{ type: "Denied", status: "True" }] } },
    ];
    const warnings: string[] = [];
    const stage = csrStage({ ...policy, connect: async () => cluster.client(), timeoutMs: 1, onWarning: (message) => warnings.push(message) }, [
      "control-plane",
    ]);
    for (let look = 0; look < 3; look++) await expect(stage.check(cluster.client(), undefined)).resolves.toBeUndefined();
    expect(cluster.approved).toEqual(["ours"]);
    expect(warnings).toEqual([
      "CertificateSigningRequest foreign of system:bootstrap:c-master-0 is left alone: d-master-0 is no machine of this cluster",
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
