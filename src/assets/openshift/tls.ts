import type { PlatformCertificate } from "../../config/index.ts";
import type { BundleRow, LeafRow, San, SignerRow, TlsRow, TlsTable, Validity } from "../tls/table.ts";

const TEN_YEARS = { years: 10 } as const;

/** What of the table depends on the cluster. */
export interface TlsSettings {
  /** How long those live that operators of the cluster renew soon, and those that they renew within the year. */
  readonly day: Validity;
  readonly year: Validity;
  /** Of the keys of signers. */
  readonly signerKey: Pick<SignerRow, "bits" | "curve">;
}

export const DEFAULT_TLS_SETTINGS: TlsSettings = { day: { days: 1 }, year: { years: 1 }, signerKey: { bits: 2048 } };

interface Who {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

const ADMIN: Who = { commonName: "system:admin", organizations: ["system:masters"] };
const API_SERVER: Who = { commonName: "system:kube-apiserver", organizations: ["kube-master"] };
const API_SERVER_PROXY: Who = { commonName: "system:kube-apiserver-proxy", organizations: ["kube-master"] };

const client = (name: string, by: string, subject: Who, validity: Validity): LeafRow => ({
  kind: "leaf",
  name,
  signer: by,
  subject,
  usages: ["client"],
  validity,
});

const bundle = (name: string, ...members: readonly string[]): BundleRow => ({ kind: "bundle", name, members });

const serviceNames = (name: string): readonly San[] =>
  ["", ".default", ".default.svc", ".default.svc.cluster.local"].map((suffix) => ({ dns: `${name}${suffix}` }));

const LOCALHOST = "kube-apiserver-localhost-signer";
const SERVICE_NETWORK = "kube-apiserver-service-network-signer";
const LOAD_BALANCER = "kube-apiserver-lb-signer";

/**
 * Every key, certificate and bundle of a cluster. Those of etcd are not here: its operator makes them on the bootstrap machine.
 * Source: openshift/installer, pkg/asset/tls, by description.
 */
export function openshiftTls({ day, year, signerKey }: TlsSettings): TlsTable {
  const signer = (name: string, validity: Validity, subject = { commonName: name, organizationalUnit: "openshift" }): SignerRow => ({
    kind: "signer",
    name,
    subject,
    validity,
    ...signerKey,
  });
  /** A certificate that the bootstrap machine's API server shows; the cluster's own operators replace it within the day. */
  const server = (name: string, by: string, ...sans: readonly San[]): LeafRow => ({
    kind: "leaf",
    name,
    signer: by,
    subject: API_SERVER,
    usages: ["server"],
    validity: day,
    sans,
    chain: true,
  });
  return [
    signer("root-ca", TEN_YEARS),
    signer("admin-kubeconfig-signer", TEN_YEARS),
    signer(LOCALHOST, TEN_YEARS),
    signer(SERVICE_NETWORK, TEN_YEARS),
    signer(LOAD_BALANCER, TEN_YEARS),
    signer("kubelet-bootstrap-kubeconfig-signer", TEN_YEARS),
    signer("kube-apiserver-to-kubelet-signer", year),
    signer("kube-control-plane-signer", year),
    signer("aggregator-ca", day, { commonName: "aggregator", organizationalUnit: "bootkube" }),
    signer("aggregator-signer", day),
    // Signs what kubelets ask for, until the cluster's own controller manager has its signer.
    signer("kubelet-signer", day),

    { ...client("admin-kubeconfig-client", "admin-kubeconfig-signer", ADMIN, TEN_YEARS), usages: ["client", "server"] },
    client("apiserver-proxy", "aggregator-ca", API_SERVER_PROXY, day),
    client("aggregator-client", "aggregator-signer", API_SERVER_PROXY, day),
    client("kube-apiserver-to-kubelet-client", "kube-apiserver-to-kubelet-signer", API_SERVER, year),
    server("kube-apiserver-localhost-server", LOCALHOST, { dns: "localhost" }, { ip: "127.0.0.1" }, { ip: "::1" }),
    server("kube-apiserver-service-network-server", SERVICE_NETWORK, ...serviceNames("kubernetes"), ...serviceNames("openshift"), "service-ip"),
    server("kube-apiserver-lb-server", LOAD_BALANCER, "api"),
    server("kube-apiserver-internal-lb-server", LOAD_BALANCER, "api-int"),
    client("kube-control-plane-kube-controller-manager-client", "kube-control-plane-signer", ADMIN, year),
    client("kube-control-plane-kube-scheduler-client", "kube-control-plane-signer", ADMIN, year),
    client(
      "kubelet-client",
      "kubelet-bootstrap-kubeconfig-signer",
      {
        commonName: "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper",
        organizations: ["system:serviceaccounts:openshift-machine-config-operator", "system:serviceaccounts"],
      },
      TEN_YEARS,
    ),
    {
      kind: "leaf",
      name: "machine-config-server",
      signer: "root-ca",
      subject: { commonName: "system:machine-config-server" },
      usages: ["server"],
      validity: TEN_YEARS,
      sans: ["api-int", "api-vips", "api-vips-as-dns"],
      keyUsage: false,
    },
    {
      kind: "leaf",
      name: "journal-gatewayd",
      signer: "root-ca",
      subject: { commonName: "journal-gatewayd", organizations: ["OpenShift Bootstrap"] },
      usages: ["client", "server"],
      validity: TEN_YEARS,
    },

    { kind: "key-pair", name: "service-account", format: "rsa" },
    // RSA: with FIPS, sshd refuses ed25519.
    { kind: "key-pair", name: "bootstrap-ssh", format: "ssh-rsa" },

    bundle("admin-kubeconfig-ca-bundle", "admin-kubeconfig-signer"),
    bundle("aggregator-ca-bundle", "aggregator-signer"),
    bundle("kube-apiserver-to-kubelet-ca-bundle", "kube-apiserver-to-kubelet-signer"),
    bundle("kube-apiserver-localhost-ca-bundle", LOCALHOST),
    bundle("kube-apiserver-service-network-ca-bundle", SERVICE_NETWORK),
    bundle("kube-apiserver-lb-ca-bundle", LOAD_BALANCER),
    bundle("kubelet-client-ca-bundle", "kubelet-signer"),
    bundle("kubelet-serving-ca-bundle", "kubelet-signer"),
    bundle("kubelet-bootstrap-kubeconfig-ca-bundle", "kubelet-bootstrap-kubeconfig-signer"),
    // What kubeconfigs trust.
    bundle("kube-apiserver-complete-server-ca-bundle", LOCALHOST, SERVICE_NETWORK, LOAD_BALANCER),
    bundle(
      "kube-apiserver-complete-client-ca-bundle",
      "admin-kubeconfig-signer",
      "kubelet-signer",
      "kube-control-plane-signer",
      "kube-apiserver-to-kubelet-signer",
      "kubelet-bootstrap-kubeconfig-signer",
    ),
    bundle("kube-control-plane-ca-bundle", "kube-control-plane-signer", LOAD_BALANCER, LOCALHOST, SERVICE_NETWORK),
  ];
}

/** Certificates of the platform's own servers on the bootstrap machine, which nobody but these signs. */
export const certificateRows = (certificates: readonly PlatformCertificate[], { day }: TlsSettings): TlsTable =>
  certificates.map(({ name, addresses }) => ({
    kind: "leaf",
    name,
    subject: { commonName: name, organizationalUnit: "openshift" },
    usages: ["server"],
    validity: day,
    sans: ["api-vips", ...addresses.map((ip) => ({ ip })), "api-int"],
  }));

export const certificateFiles = (certificates: readonly PlatformCertificate[]): readonly TlsFile[] =>
  certificates.flatMap(({ name, file }): readonly TlsFile[] => [
    { row: name, part: "cert", name: `${file}.crt` },
    { row: name, part: "key", name: `${file}.key` },
  ]);

/** What the bootstrap machine has as no file of its own: the kubeconfigs hold it, or nobody there needs it. */
const NOT_ON_BOOTSTRAP: ReadonlySet<string> = new Set([
  "admin-kubeconfig-signer",
  "admin-kubeconfig-client",
  "kubelet-bootstrap-kubeconfig-signer",
  "bootstrap-ssh",
]);

/** A part of a row's material as a file of the bootstrap machine's `tls/`. */
export interface TlsFile {
  readonly row: string;
  readonly part: "cert" | "chain" | "key" | "publicKey";
  readonly name: string;
  /** Everyone may read it. */
  readonly isPublic?: true;
}

/** The files of the bootstrap machine's `/opt/openshift/tls`. */
export const BOOTSTRAP_TLS_FILES: readonly TlsFile[] = openshiftTls(DEFAULT_TLS_SETTINGS).flatMap(filesOf);

function filesOf({ kind, name }: TlsRow): readonly TlsFile[] {
  if (NOT_ON_BOOTSTRAP.has(name)) return [];
  // Its key signs for as long as the cluster lives: it is in a Secret for the machine-config operator, and nowhere else.
  if (name === "root-ca") return [{ row: name, part: "cert", name: `${name}.crt`, isPublic: true }];
  const key: TlsFile = { row: name, part: "key", name: `${name}.key` };
  switch (kind) {
    case "bundle":
      return [{ row: name, part: "cert", name: `${name}.crt` }];
    case "key-pair":
      return [key, { row: name, part: "publicKey", name: `${name}.pub` }];
    case "signer":
      return [{ row: name, part: "cert", name: `${name}.crt` }, key];
    case "leaf":
      return [{ row: name, part: "chain", name: `${name}.crt` }, key];
  }
}
