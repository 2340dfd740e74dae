import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { makeKeys, renderTls, tlsPart, type TlsTable } from "../../../../src/assets/tls/index.ts";
import { countingEntropy, IDENTITY, makeSpec } from "../spec.ts";

/** Rows of each kind that OpenShift's table has and ours has not: bundles, one-day signers, chains, several groups. */
const ROWS: TlsTable = [
  { kind: "signer", name: "root-ca", subject: { commonName: "root-ca", organizationalUnit: "openshift" }, validity: { years: 10 } },
  {
    kind: "signer",
    name: "kube-apiserver-service-network-signer",
    subject: { commonName: "kube-apiserver-service-network-signer", organizationalUnit: "openshift" },
    validity: { years: 10 },
  },
  { kind: "signer", name: "aggregator-ca", subject: { commonName: "aggregator", organizationalUnit: "bootkube" }, validity: { days: 1 } },
  {
    kind: "leaf",
    name: "kube-apiserver-service-network-server",
    signer: "kube-apiserver-service-network-signer",
    subject: { commonName: "system:kube-apiserver", organizations: ["kube-master"] },
    usages: ["server"],
    validity: { days: 1 },
    chain: true,
    sans: [{ dns: "kubernetes" }, { dns: "kubernetes.default.svc" }, { dns: "openshift" }, "service-ip"],
  },
  {
    kind: "leaf",
    name: "kubelet-client",
    signer: "root-ca",
    subject: {
      commonName: "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
      organizations: ["system:serviceaccounts:openshift-machine-config-operator", "system:serviceaccounts"],
    },
    usages: ["client"],
    validity: { years: 10 },
  },
  {
    kind: "leaf",
    name: "journal-gatewayd",
    signer: "root-ca",
    subject: { commonName: "journal-gatewayd", organizations: ["OpenShift Bootstrap"] },
    usages: ["client", "server"],
    validity: { hours: 2 },
  },
  {
    kind: "leaf",
    name: "machine-config-server",
    signer: "root-ca",
    subject: { commonName: "system:machine-config-server" },
    usages: ["server"],
    validity: { years: 10 },
    keyUsage: false,
    sans: ["api-int", "api-vips", "api-vips-as-dns"],
  },
  { kind: "bundle", name: "complete-bundle", members: ["root-ca", "kube-apiserver-service-network-signer"] },
];

it("renders rows as OpenShift's installer has them", async () => {
  const spec = makeSpec(3, 2, { networking: { ...makeSpec(1, 1).networking, serviceNetwork: ["172.30.0.0/16", "fd02::/112"] } });
  const tls = await renderTls(ROWS, await makeKeys(ROWS, countingEntropy()), { identity: IDENTITY, spec });
  const of = (name: string): X509Certificate => new X509Certificate(tlsPart(tls, name, "cert"));

  expect(of("root-ca").subject).toBe("OU=openshift\nCN=root-ca");
  expect(of("aggregator-ca").validToDate.toISOString()).toBe("2026-03-02T12:00:00.000Z");
  expect(of("kube-apiserver-service-network-server").subjectAltName).toBe(
    "DNS:kubernetes, DNS:kubernetes.default.svc, DNS:openshift, IP Address:172.30.0.1, IP Address:FD02:0:0:0:0:0:0:1",
  );
  expect(tlsPart(tls, "kube-apiserver-service-network-server", "chain")).toBe(
    tlsPart(tls, "kube-apiserver-service-network-server", "cert") + tlsPart(tls, "kube-apiserver-service-network-signer", "cert"),
  );
  expect(of("kubelet-client").subject).toBe(
    "O=system:serviceaccounts:openshift-machine-config-operator\nO=system:serviceaccounts\nCN=system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
  );
  expect(of("journal-gatewayd").keyUsage).toEqual(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"]);
  expect(of("journal-gatewayd").validToDate.toISOString()).toBe("2026-03-01T14:00:00.000Z");
  expect(of("machine-config-server").subjectAltName).toBe("DNS:api-int.demo.example.com, IP Address:192.168.126.5, DNS:192.168.126.5");
  expect(tlsPart(tls, "complete-bundle", "cert").match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

it("refuses a leaf whose signer is not in the table", async () => {
  const rows: TlsTable = [
    { kind: "leaf", name: "orphan", signer: "nobody", subject: { commonName: "x" }, usages: ["client"], validity: { days: 1 } },
  ];
  const keys = await makeKeys(rows, countingEntropy());
  await expect(renderTls(rows, keys, { identity: IDENTITY, spec: makeSpec(1, 0) })).rejects.toMatchObject({ id: "INTERNAL", value: "nobody" });
});
