import type { V1CertificateSigningRequest, V1Node } from "@kubernetes/client-node";
import ipaddr from "ipaddr.js";
import type { MachinePlan } from "../config/index.ts";
import { parseCertificateRequest, type CertificateRequest } from "./csr-request.ts";
import { addressesOf, isReady } from "./nodes.ts";

export type CsrVerdict =
  | { readonly verdict: "approve"; readonly machine: MachinePlan; readonly kind: "client" | "serving" }
  | { readonly verdict: "ignore"; readonly reason: string };

/** What a certificate request is judged by. */
export interface CsrPolicy {
  /** Machines that this installer made; the bootstrap machine is none that gets a node's certificate. */
  readonly machines: readonly MachinePlan[];
  readonly clusterDomain: string;
  /** CIDRs */
  readonly machineNetwork: readonly string[];
  /** Addresses that belong to no single node. */
  readonly vips?: readonly string[];
}

export const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
export const SERVING_SIGNER = "kubernetes.io/kubelet-serving";

/** True while nobody has decided. */
export function isPending(csr: V1CertificateSigningRequest): boolean {
  return !(csr.status?.conditions ?? []).some(({ type }) => type === "Approved" || type === "Denied" || type === "Failed");
}

/**
 * Whether a request is exactly what the kubelet of one of our machines asks for: a client certificate with the
 * bootstrap credential, or a serving certificate with its own. Everything else is left to others, never denied.
 * Rules of the signers: kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests, "Kubernetes signers".
 */
export async function judgeCsr(csr: V1CertificateSigningRequest, policy: CsrPolicy, nodes: readonly V1Node[]): Promise<CsrVerdict> {
  const { signerName } = csr.spec;
  if (signerName !== CLIENT_SIGNER && signerName !== SERVING_SIGNER) return ignore(`signer ${signerName} is not for nodes`);
  const request = await parseCertificateRequest(csr.spec.request);
  if (request === undefined) return ignore("it holds no valid certificate request");
  const name = nodeNameOf(request);
  if (name === undefined) return ignore(`its subject is not that of a node: ${subjectText(request)}`);
  const machine = policy.machines.find((each) => each.name === name && each.role !== "bootstrap");
  if (machine === undefined) return ignore(`${name} is no machine of this cluster`);
  if (request.oddities.length > 0) return ignore(`it asks for more than a kubelet does: ${request.oddities.join(", ")}`);
  return signerName === CLIENT_SIGNER ? judgeClient(csr, request, machine, nodes) : judgeServing(csr, request, machine, policy, nodes);
}

function judgeClient(csr: V1CertificateSigningRequest, request: CertificateRequest, machine: MachinePlan, nodes: readonly V1Node[]): CsrVerdict {
  const { groups = [], usages = [], username } = csr.spec;
  if (!groups.includes("system:bootstrappers")) return ignore(`user ${username ?? ""} is not in group system:bootstrappers`);
  if (!hasUsages(usages, "client auth")) return ignore(`its usages are not those of a kubelet client: ${usages.join(", ")}`);
  if (request.dnsNames.length + request.ipAddresses.length > 0) return ignore("a client certificate has no subject alternative names");
  // The bootstrap credential is on every machine: it must not give out the identity of a node that is alive.
  const node = nodes.find((each) => each.metadata?.name === machine.name);
  if (node !== undefined && isReady(node)) return ignore(`node ${machine.name} is Ready already and renews its certificate itself`);
  return { verdict: "approve", machine, kind: "client" };
}

function judgeServing(
  csr: V1CertificateSigningRequest,
  request: CertificateRequest,
  machine: MachinePlan,
  policy: CsrPolicy,
  nodes: readonly V1Node[],
): CsrVerdict {
  const { groups = [], usages = [], username } = csr.spec;
  if (username !== `system:node:${machine.name}` || !groups.includes("system:nodes"))
    return ignore(`user ${username ?? ""} is not node ${machine.name}`);
  if (!hasUsages(usages, "server auth")) return ignore(`its usages are not those of a kubelet server: ${usages.join(", ")}`);
  if (request.dnsNames.length + request.ipAddresses.length === 0) return ignore("a serving certificate needs a subject alternative name");
  const names = new Set([machine.name, `${machine.name}.${policy.clusterDomain}`]);
  const foreignName = request.dnsNames.find((name) => !names.has(name));
  if (foreignName !== undefined) return ignore(`${foreignName} is no name of ${machine.name}`);
  const addresses = allowedAddresses(machine, policy, nodes);
  const foreignAddress = request.ipAddresses.find((address) => !addresses.has(normal(address)));
  if (foreignAddress !== undefined) return ignore(`${foreignAddress} is no known address of ${machine.name}`);
  return { verdict: "approve", machine, kind: "serving" };
}

/**
 * The addresses we decided if there are any; else those that the node reports of itself, as far as they are in the
 * machine network and nobody else's: a node could report anything.
 */
function allowedAddresses(machine: MachinePlan, policy: CsrPolicy, nodes: readonly V1Node[]): ReadonlySet<string> {
  const planned = plannedAddresses(machine);
  if (planned.length > 0) return new Set(planned);
  const taken = new Set([
    ...(policy.vips ?? []).map(normal),
    ...policy.machines.filter((each) => each.name !== machine.name).flatMap(plannedAddresses),
    ...nodes
      .filter((node) => node.metadata?.name !== machine.name)
      .flatMap(addressesOf)
      .map(normal),
  ]);
  const reported = nodes
    .filter((node) => node.metadata?.name === machine.name)
    .flatMap(addressesOf)
    .map(normal);
  return new Set(reported.filter((address) => !taken.has(address) && policy.machineNetwork.some((cidr) => contains(cidr, address))));
}

function plannedAddresses(machine: MachinePlan): readonly string[] {
  const fixed = (machine.staticHost?.ipAddrs ?? []).map((address) => address.split("/")[0] ?? address);
  return [...(machine.ipAddress === undefined ? [] : [machine.ipAddress]), ...fixed].map(normal);
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

const ignore = (reason: string): CsrVerdict => ({ verdict: "ignore", reason });
const subjectText = ({ subject }: CertificateRequest): string =>
  [...subject].flatMap(([key, values]) => values.map((value) => `${key}=${JSON.stringify(value)}`)).join(", ");
