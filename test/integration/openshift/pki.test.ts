import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEFAULT_TLS_SETTINGS, openshiftTls } from "../../../src/assets/openshift/tls.ts";
import { rowsOf, type LeafRow, type Validity } from "../../../src/assets/tls/table.ts";
import { run } from "../../../src/exec/index.ts";
import { fixtureKeys, inputOf, renderScenario } from "../../golden/openshift/scenarios.ts";
import { IDENTITY } from "../../unit/assets/spec.ts";
import { ignitionTexts } from "../../helpers/ignition-files.ts";

/** The keys and certificates that the bootstrap machine starts with, judged by openssl. */
const TLS = "/opt/openshift/tls/";
const DOMAIN = "demo.example.com";
const TABLE = openshiftTls(DEFAULT_TLS_SETTINGS);
const LEAVES = rowsOf(TABLE, "leaf");

/** Whom clients and servers believe, and the names that a server is called by. */
const TRUST: Readonly<Record<string, { readonly bundle: string; readonly names?: readonly string[] }>> = {
  "admin-kubeconfig-client": { bundle: "kube-apiserver-complete-client-ca-bundle" },
  "apiserver-proxy": { bundle: "aggregator-ca" },
  "aggregator-client": { bundle: "aggregator-ca-bundle" },
  "kube-apiserver-to-kubelet-client": { bundle: "kube-apiserver-complete-client-ca-bundle" },
  "kube-apiserver-localhost-server": { bundle: "kube-apiserver-complete-server-ca-bundle", names: ["localhost", "127.0.0.1", "::1"] },
  "kube-apiserver-service-network-server": {
    bundle: "kube-apiserver-complete-server-ca-bundle",
    names: [
      ...["kubernetes", "openshift"].flatMap((name) => [name, `${name}.default`, `${name}.default.svc`, `${name}.default.svc.cluster.local`]),
      "172.30.0.1",
      "fd02::1",
    ],
  },
  "kube-apiserver-lb-server": { bundle: "kube-apiserver-complete-server-ca-bundle", names: [`api.${DOMAIN}`] },
  "kube-apiserver-internal-lb-server": { bundle: "kube-apiserver-complete-server-ca-bundle", names: [`api-int.${DOMAIN}`] },
  "kube-control-plane-kube-controller-manager-client": { bundle: "kube-apiserver-complete-client-ca-bundle" },
  "kube-control-plane-kube-scheduler-client": { bundle: "kube-apiserver-complete-client-ca-bundle" },
  "kubelet-client": { bundle: "kube-apiserver-complete-client-ca-bundle" },
  "machine-config-server": { bundle: "root-ca", names: [`api-int.${DOMAIN}`] },
  "journal-gatewayd": { bundle: "root-ca" },
};

let folder: string;
let files: ReadonlyMap<string, string>;
let created: number;

beforeAll(async () => {
  const input = await inputOf("dual-stack", "4.21");
  const assets = await renderScenario(input, await fixtureKeys(input, false));
  files = ignitionTexts(assets.get("bootstrap.ign")?.content ?? "");
  folder = await mkdtemp(join(tmpdir(), "virt-ipi-pki-"));
  created = Date.parse(IDENTITY.createdAt);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What `openssl verify` says a minute after the cluster was named; certificates behind the first are not trusted, only offered. */
async function verify(chain: string, trusted: string, ...options: readonly string[]): Promise<boolean> {
  await writeFile(join(folder, "chain.pem"), chain);
  await writeFile(join(folder, "trusted.pem"), trusted);
  const time = Math.floor(created / 1000) + 60;
  const args = ["verify", "-x509_strict", "-attime", String(time), "-CAfile", "trusted.pem", ...options, "-untrusted", "chain.pem", "chain.pem"];
  const { exitCode } = await run("openssl", args, { cwd: folder, accept: [2] });
  return exitCode === 0;
}

const tlsFile = (name: string): string => files.get(`${TLS}${name}`) ?? expect.fail(`the bootstrap machine has no ${name}`);

/** The admin's certificate is in the kubeconfigs alone. */
function certificateOf(leaf: LeafRow): { readonly cert: string; readonly key: string } {
  if (files.has(`${TLS}${leaf.name}.crt`)) return { cert: tlsFile(`${leaf.name}.crt`), key: tlsFile(`${leaf.name}.key`) };
  const { user } = kubeconfig("kubeconfig");
  return { cert: decoded(user["client-certificate-data"]), key: decoded(user["client-key-data"]) };
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString();

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } }[];
  readonly users: readonly { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } }[];
}

function kubeconfig(name: string) {
  const { clusters, users } = parse(files.get(`/opt/openshift/auth/${name}`) ?? "") as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  return cluster === undefined || user === undefined ? expect.fail(`${name} names nobody`) : { cluster, user };
}

const nameOption = (name: string): readonly string[] => (/^[\d.]+$|:/.test(name) ? ["-verify_ip", name] : ["-verify_hostname", name]);

it("knows whom to trust for every certificate of the table", () => {
  expect(Object.keys(TRUST).toSorted()).toEqual(LEAVES.map(({ name }) => name).toSorted());
});

describe.each(LEAVES.map((leaf) => ({ name: leaf.name, leaf })))("$name", ({ name, leaf }) => {
  it("is believed for what it is for, by its names, and for nothing else", async () => {
    const { bundle, names = [] } = TRUST[name] ?? expect.fail(name);
    const { cert } = certificateOf(leaf);
    const trusted = tlsFile(`${bundle}.crt`);
    for (const [usage, purpose] of [
      ["client", "sslclient"],
      ["server", "sslserver"],
    ] as const)
      expect(await verify(cert, trusted, "-purpose", purpose), purpose).toBe(leaf.usages.includes(usage));
    for (const each of names) expect(await verify(cert, trusted, "-purpose", "sslserver", ...nameOption(each)), each).toBe(true);
    expect(await verify(cert, trusted, ...nameOption("other.example.com"))).toBe(false);
    const other = bundle === "aggregator-ca-bundle" ? "root-ca" : "aggregator-ca-bundle";
    expect(await verify(cert, tlsFile(`${other}.crt`)), other).toBe(false);
  });

  it("has the subject, the validity and the key of its row", () => {
    const { cert, key } = certificateOf(leaf);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.validToDate.getTime() - created).toBe(milliseconds(leaf.validity));
    const { organizations = [], commonName } = leaf.subject;
    expect(certificate.subject.split("\n")).toEqual([...organizations.map((each) => `O=${each}`), `CN=${commonName}`]);
  });
});

it.each(rowsOf(TABLE, "signer").filter(({ name }) => !/kubeconfig-signer$/.test(name)))(
  "$name lives as long as its row says",
  ({ name, validity, subject }) => {
    const certificate = new X509Certificate(tlsFile(`${name}.crt`));
    expect([certificate.ca, certificate.validToDate.getTime() - created]).toEqual([true, milliseconds(validity)]);
    expect(certificate.subject).toBe(`OU=${subject.organizationalUnit}\nCN=${subject.commonName}`);
  },
);

it.each(["kubeconfig", "kubeconfig-kubelet", "kubeconfig-loopback"])("%s believes the API by the name it calls it, and is believed", async (name) => {
  const { cluster, user } = kubeconfig(name);
  const servers = ["lb", "internal-lb", "localhost"].map((server) => tlsFile(`kube-apiserver-${server}-server.crt`));
  const { hostname } = new URL(cluster.server);
  const trusted = decoded(cluster["certificate-authority-data"]);
  const believed: boolean[] = [];
  for (const server of servers) believed.push(await verify(server, trusted, "-purpose", "sslserver", ...nameOption(hostname)));
  expect(believed.filter(Boolean)).toHaveLength(1);
  const clients = tlsFile("kube-apiserver-complete-client-ca-bundle.crt");
  expect(await verify(decoded(user["client-certificate-data"]), clients, "-purpose", "sslclient")).toBe(true);
});

function milliseconds(validity: Validity): number {
  const hours = "years" in validity ? validity.years * 365 * 24 : "days" in validity ? validity.days * 24 : validity.hours;
  return hours * 3_600_000;
}
