import type { V1CertificateSigningRequest, V1Node } from "@kubernetes/client-node";
import ipaddr from "ipaddr.js";
import { bootstrapUserOf } from "../../config/index.ts";
import { parseCertificateRequest, type CertificateRequest } from "./csr-request.ts";
import type { ClusterMachine } from "./machine.ts";
import { isReady, readySince } from "./nodes.ts";

export type CsrVerdict =
  | { readonly verdict: "approve"; readonly machine: ClusterMachine; readonly kind: "client" | "serving" }
  | { readonly verdict: "ignore"; readonly reason: string };

/** What a certificate request is judged by. */
export interface CsrPolicy {
  /** All machines that this installer made; the bootstrap machine may be among them, and gets no node's certificate. */
  readonly machines: readonly ClusterMachine[];
  /** `<name>.<baseDomain>`: names in serving certificates are below it. */
  readonly clusterDomain: string;
  /** CIDRs that node addresses must be in. */
  readonly machineNetwork: readonly string[];
  /** VIPs, gateways and DNS servers: no node may have them in its certificate. */
  readonly reserved?: readonly string[];
  /** By machine, where no address is planned: the one that the platform found when it made the machine. */
  readonly found?: ReadonlyMap<string, string>;
  /** Machines that we have created again since they were nodes. */
  readonly remade?: ReadonlySet<string>;
}

export const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
export const SERVING_SIGNER = "kubernetes.io/kubelet-serving";

/** True while nobody has decided. */
export function isPending(csr: V1CertificateSigningRequest): boolean {
  return !(csr.status?.conditions ?? []).some(({ type }) => type === "Approved" || type === "Denied" || type === "Failed");
}

/**
 * Whether a request is exactly what the kubelet of one of our machines asks for: its first client certificate with the machine's
 * bootstrap credential, or a serving certificate with its own. Everything else is left to others, never denied.
 * Rules of the signers: kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests, "Kubernetes signers".
 * @param all every request there is, since two may ask to be the same machine
 */
export async function judgeCsr(
  csr: V1CertificateSigningRequest,
  policy: CsrPolicy,
  nodes: readonly V1Node[],
  all: readonly V1CertificateSigningRequest[] = [],
): Promise<CsrVerdict> {
  const { signerName } = csr.spec;
  if (signerName !== CLIENT_SIGNER && signerName !== SERVING_SIGNER) return ignore(`signer ${signerName} is not for nodes`);
  const request = await parseCertificateRequest(csr.spec.request);
  if (request === undefined) return ignore("it holds no valid certificate request");
  const name = nodeNameOf(request);
  if (name === undefined) return ignore(`its subject is not that of a node: ${subjectText(request)}`);
  const machine = policy.machines.find((each) => each.name === name && each.role !== "bootstrap");
  if (machine === undefined) return ignore(`${name} is no machine of this cluster`);
  if (request.oddities.length > 0) return ignore(`it asks for more than a kubelet does: ${request.oddities.join(", ")}`);
  return signerName === CLIENT_SIGNER ? await judgeClient(csr, request, machine, policy, nodes, all) : judgeServing(csr, request, machine, policy);
}

async function judgeClient(
  csr: V1CertificateSigningRequest,
  request: CertificateRequest,
  machine: ClusterMachine,
  policy: CsrPolicy,
  nodes: readonly V1Node[],
  all: readonly V1CertificateSigningRequest[],
): Promise<CsrVerdict> {
  const { groups = [], usages = [], username } = csr.spec;
  const { name } = machine;
  const user = bootstrapUserOf(machine);
  if (!groups.includes("system:bootstrappers")) return ignore(`user ${username ?? ""} is not in group system:bootstrappers`);
  if (username !== user) return ignore(`user ${username ?? ""} is not ${user}, who alone asks to be ${name}`);
  if (!hasUsages(usages, "client auth")) return ignore(`its usages are not those of a kubelet client: ${usages.join(", ")}`);
  if (request.dnsNames.length + request.ipAddresses.length > 0) return ignore("a client certificate has no subject alternative names");
  // Compute machines share their bootstrap credential: it must not give out the identity of one that is a node already, alive or not.
  const node = nodes.find((each) => each.metadata?.name === name);
  if (node !== undefined && policy.remade?.has(name) !== true)
    return ignore(`there is a node ${name} already. If the machine was created again, remove the old node: kubectl delete node ${name}`);
  if (node !== undefined && isReady(node)) return ignore(`node ${name} is still Ready from before the machine was created again`);
  for (const rival of await rivalsOf(csr, request, user, all)) {
    const approvedAt = timeOf(rival.status?.conditions?.find(({ type }) => type === "Approved")?.lastUpdateTime);
    const remedy = `remove the other request: kubectl delete certificatesigningrequest ${rival.metadata?.name ?? ""}`;
    if (isPending(rival))
      return ignore(`${rival.metadata?.name ?? ""} asks to be ${name} as well. Find out which one the machine created, and ${remedy}`);
    // What was approved before the node was lost made that node.
    if (node === undefined || approvedAt >= (readySince(node)?.getTime() ?? 0))
      return ignore(`${rival.metadata?.name ?? ""} was approved for ${name} already. If the machine was created again since, ${remedy}`);
  }
  return { verdict: "approve", machine, kind: "client" };
}

/** Other requests, pending or approved, by which somebody with the same bootstrap credential and another key asks to be the same machine. */
async function rivalsOf(
  csr: V1CertificateSigningRequest,
  request: CertificateRequest,
  user: string,
  all: readonly V1CertificateSigningRequest[],
): Promise<readonly V1CertificateSigningRequest[]> {
  const rivals: V1CertificateSigningRequest[] = [];
  for (const other of all) {
    if (other.metadata?.name === csr.metadata?.name || other.spec.signerName !== CLIENT_SIGNER || other.spec.username !== user) continue;
    if (other.status?.conditions?.some(({ type }) => type === "Denied" || type === "Failed") === true) continue;
    const asked = await parseCertificateRequest(other.spec.request);
    if (asked !== undefined && nodeNameOf(asked) === nodeNameOf(request) && asked.publicKey !== request.publicKey) rivals.push(other);
  }
  return rivals;
}

function judgeServing(csr: V1CertificateSigningRequest, request: CertificateRequest, machine: ClusterMachine, policy: CsrPolicy): CsrVerdict {
  const { groups = [], usages = [], username } = csr.spec;
  if (username !== `system:node:${machine.name}` || !groups.includes("system:nodes"))
    return ignore(`user ${username ?? ""} is not node ${machine.name}`);
  if (!hasUsages(usages, "server auth")) return ignore(`its usages are not those of a kubelet server: ${usages.join(", ")}`);
  if (request.dnsNames.length + request.ipAddresses.length === 0) return ignore("a serving certificate needs a subject alternative name");
  const names = new Set([machine.name, `${machine.name}.${policy.clusterDomain}`]);
  const foreignName = request.dnsNames.find((name) => !names.has(name));
  if (foreignName !== undefined) return ignore(`${foreignName} is no name of ${machine.name}`);
  const addresses = allowedAddresses(machine, policy);
  const foreignAddress = request.ipAddresses.find((address) => !addresses.has(normal(address)));
  if (foreignAddress !== undefined) return ignore(`${foreignAddress} is no known address of ${machine.name}`);
  return { verdict: "approve", machine, kind: "serving" };
}

/**
 * The address we decided if there is one; else the one that the platform found, if it is in the machine network. Never what the node
 * reports of itself, nor an address that is somebody else's.
 */
function allowedAddresses(machine: ClusterMachine, policy: CsrPolicy): ReadonlySet<string> {
  const others = policy.machines.filter((each) => each.name !== machine.name);
  const taken = new Set([...(policy.reserved ?? []), ...others.flatMap((each) => addressesOf(each, policy))].map(normal));
  return new Set(
    addressesOf(machine, policy)
      .map(normal)
      .filter((address) => !taken.has(address)),
  );
}

function addressesOf(machine: ClusterMachine, { found, machineNetwork }: CsrPolicy): readonly string[] {
  if (machine.address !== undefined) return [machine.address];
  const address = found?.get(machine.name);
  if (address === undefined) return [];
  return machineNetwork.some((cidr) => contains(cidr, address)) ? [address] : [];
}

/** The name in `O=system:nodes, CN=system:node:<name>`, if the subject is exactly that. */
function nodeNameOf(request: CertificateRequest): string | undefined {
  const { subject } = request;
  const [commonName = "", ...others] = subject.get("CN") ?? [];
  const organizations = subject.get("O") ?? [];
  if (subject.size !== 2 || others.length > 0 || organizations.length !== 1 || organizations[0] !== "system:nodes") return undefined;
  return commonName.startsWith("system:node:") ? commonName.slice("system:node:".length) : undefined;
}

/** kubelet asks for digital signature, key encipherment (RSA keys only) and one of client auth and server auth. */
function hasUsages(usages: readonly string[], auth: "client auth" | "server auth"): boolean {
  const wanted = new Set(usages);
  wanted.delete("key encipherment");
  return wanted.size === 2 && wanted.has("digital signature") && wanted.has(auth);
}

const normal = (address: string): string => (ipaddr.isValid(address) ? ipaddr.process(address).toString() : address);

function contains(cidr: string, address: string): boolean {
  if (!ipaddr.isValidCIDR(cidr) || !ipaddr.isValid(address)) return false;
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const parsed = ipaddr.process(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

const timeOf = (time: Date | string | undefined): number => (time === undefined ? 0 : new Date(time).getTime());
const ignore = (reason: string): CsrVerdict => ({ verdict: "ignore", reason });
const subjectText = ({ subject }: CertificateRequest): string =>
  [...subject].flatMap(([key, values]) => values.map((value) => `${key}=${JSON.stringify(value)}`)).join(", ");
