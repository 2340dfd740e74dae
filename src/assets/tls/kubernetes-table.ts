import { COMPUTE_BOOTSTRAP_USER, MACHINE_CONTROLLER_USER } from "../../config/index.ts";
import type { LeafRow, SignerRow, TlsTable } from "./table.ts";

const TEN_YEARS = { years: 10 } as const;
/** OpenShift's own signers carry an organizational unit; ours do too, so that a certificate shows where it is from. */
const UNIT = "virt-ipi";

const signer = (name: string): SignerRow => ({ kind: "signer", name, subject: { commonName: name, organizationalUnit: UNIT }, validity: TEN_YEARS });

const client = (name: string, by: string, commonName: string, ...organizations: readonly string[]): LeafRow => ({
  kind: "leaf",
  name,
  signer: by,
  subject: { commonName, organizations },
  usages: ["client"],
  validity: TEN_YEARS,
});

/**
 * The keys and certificates of `distribution: kubernetes`. The serving certificates of etcd and kube-apiserver are not
 * here: each machine issues its own from the authorities' keys, since only it knows its addresses.
 * Source of the names: kubernetes.io/docs/setup/best-practices/certificates
 */
export const KUBERNETES_TLS: TlsTable = [
  signer("root-ca"),
  signer("kube-ca"),
  signer("etcd-ca"),
  signer("front-proxy-ca"),
  {
    kind: "leaf",
    name: "machine-config-server",
    signer: "root-ca",
    subject: { commonName: "system:machine-config-server" },
    usages: ["server"],
    validity: TEN_YEARS,
    sans: ["api-int", "api-vips"],
  },
  client("admin-kubeconfig-client", "kube-ca", "system:admin", "system:masters"),
  client("kube-controller-manager-client", "kube-ca", "system:kube-controller-manager"),
  client("kube-scheduler-client", "kube-ca", "system:kube-scheduler"),
  client("kube-proxy-client", "kube-ca", "system:kube-proxy"),
  client("kubelet-bootstrap-client", "kube-ca", COMPUTE_BOOTSTRAP_USER, "system:bootstrappers"),
  // What the machine controller may do is granted to this name in the cluster, where that creates its machines itself.
  client("machine-controller-client", "kube-ca", MACHINE_CONTROLLER_USER),
  client("kube-apiserver-kubelet-client", "kube-ca", "kube-apiserver-kubelet-client", "system:masters"),
  client("kube-apiserver-etcd-client", "etcd-ca", "kube-apiserver-etcd-client"),
  client("etcd-client", "etcd-ca", "etcd-client"),
  client("front-proxy-client", "front-proxy-ca", "front-proxy-client"),
  { kind: "key-pair", name: "service-account", format: "rsa" },
  { kind: "key-pair", name: "bootstrap-ssh", format: "ssh" },
  // Signs the tokens by which machines get their configs. It stays with the installer.
  { kind: "key-pair", name: "machine-token", format: "ed25519" },
];
