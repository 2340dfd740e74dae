import { X509Certificate } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Manifest } from "../manifests/index.ts";
import { resolveSan } from "../tls/sans.ts";
import { tlsPart } from "../tls/material.ts";
import type { OpenShiftContext } from "./context.ts";
import { base64, manifest } from "./objects.ts";
import { DEFAULT_TLS_SETTINGS, openshiftTls } from "./tls.ts";

const NAMESPACE = "openshift-machine-config-operator";
const OWNER = { "openshift.io/owning-component": "Machine Config Operator" } as const;
const ROOT = "root-ca";
const SERVER = "machine-config-server";

/** What machines trust while they get their configs, and what the cluster renews that with. */
export function machineConfigServer(context: OpenShiftContext): readonly Manifest[] {
  const { tls } = context;
  const rootCert = tlsPart(tls, ROOT, "cert");
  return [
    manifest("manifests/kube-system-configmap-root-ca.yaml", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: ROOT, namespace: "kube-system" },
      data: { "ca.crt": rootCert },
    }),
    manifest("manifests/machine-config-server-ca-configmap.yaml", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: `${SERVER}-ca`,
        namespace: NAMESPACE,
        annotations: { ...OWNER, "openshift.io/description": "CAs of the certificates that the machine-config server shows" },
        labels: { "auth.openshift.io/managed-certificate-type": "ca-bundle" },
      },
      data: { "ca-bundle.crt": rootCert },
    }),
    manifest("manifests/machine-config-server-ca-secret.yaml", {
      ...tlsSecret(`${SERVER}-ca`, "signer", {
        "openshift.io/description": "CA that signs the certificate of the machine-config server",
        ...issueOf(rootCert),
      }),
      data: { "tls.crt": base64(rootCert), "tls.key": base64(tlsPart(tls, ROOT, "key")) },
    }),
    serverSecret(context),
  ];
}

function serverSecret({ tls, spec }: OpenShiftContext): Manifest {
  const cert = tlsPart(tls, SERVER, "cert");
  const row = openshiftTls(DEFAULT_TLS_SETTINGS).find(({ name }) => name === SERVER);
  const names = row?.kind === "leaf" ? (row.sans ?? []).flatMap((san) => resolveSan(san, spec)) : [];
  const hosts = names.map(({ type, value }) => (type === "ip" ? ipaddr.parse(value).toString() : value));
  return manifest("manifests/machine-config-server-tls-secret.yaml", {
    ...tlsSecret(`${SERVER}-tls`, "target", {
      "openshift.io/description": "Certificate of the machine-config server",
      "auth.openshift.io/certificate-hostnames": [...new Set(hosts)].toSorted().join(","),
      ...issueOf(cert),
    }),
    data: { "tls.crt": base64(cert), "tls.key": base64(tlsPart(tls, SERVER, "key")) },
  });
}

/** By these the cluster's operators know when to renew a certificate. */
function issueOf(pem: string): Readonly<Record<string, string>> {
  const certificate = new X509Certificate(pem);
  return {
    "auth.openshift.io/certificate-issuer": ROOT,
    "auth.openshift.io/certificate-not-after": rfc3339(certificate.validToDate),
    "auth.openshift.io/certificate-not-before": rfc3339(certificate.validFromDate),
  };
}

const rfc3339 = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

const tlsSecret = (name: string, certificateType: "signer" | "target", annotations: Readonly<Record<string, string>>) => ({
  apiVersion: "v1",
  kind: "Secret",
  type: "kubernetes.io/tls",
  metadata: {
    name,
    namespace: NAMESPACE,
    annotations: { ...OWNER, ...annotations },
    labels: { "auth.openshift.io/managed-certificate-type": certificateType },
  },
});
