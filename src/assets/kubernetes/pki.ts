import type { FileInput } from "../ignition/index.ts";
import { tlsPart, type Tls, type TlsMaterial } from "../tls/material.ts";

const PKI_DIR = "/etc/kubernetes/pki";

/** Authorities whose keys the machines of the control plane need: they issue their own serving certificates, and sign kubelets'. */
const CONTROL_PLANE_AUTHORITIES = ["kube-ca", "etcd-ca"] as const;
const CONTROL_PLANE_LEAVES = [
  "admin-kubeconfig-client",
  "kube-apiserver-kubelet-client",
  "kube-apiserver-etcd-client",
  "etcd-client",
  "front-proxy-client",
  "machine-config-server",
] as const;

/** `/etc/kubernetes/pki` of every node: whom it trusts. */
export function nodePki(tls: Tls): readonly FileInput[] {
  return [cert(tls, "kube-ca"), cert(tls, "root-ca")];
}

/** `/etc/kubernetes/pki` of a control-plane machine, beyond `nodePki`. */
export function controlPlanePki(tls: Tls): readonly FileInput[] {
  return [
    ...CONTROL_PLANE_AUTHORITIES.map((name) => file(tls, name, "key", "key")),
    cert(tls, "etcd-ca"),
    cert(tls, "front-proxy-ca"),
    ...CONTROL_PLANE_LEAVES.flatMap((name) => [cert(tls, name), file(tls, name, "key", "key")]),
    file(tls, "service-account", "key", "key"),
    file(tls, "service-account", "publicKey", "pub"),
    // The machine-config server knows tokens by it, and can make none.
    file(tls, "machine-token", "publicKey", "pub"),
  ];
}

const cert = (tls: Tls, name: string): FileInput => file(tls, name, "cert", "crt");

function file(tls: Tls, name: string, part: keyof TlsMaterial, extension: string): FileInput {
  return { path: `${PKI_DIR}/${name}.${extension}`, contents: tlsPart(tls, name, part), mode: part === "key" ? 0o600 : 0o644 };
}
