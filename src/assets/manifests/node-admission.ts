import { type ClusterSpec, type MachinePlan, plannedAddresses, reservedAddresses } from "../../config/index.ts";
import type { KubernetesObject, Manifest } from "./manifest.ts";

const NAME = "virt-ipi-nodes";

/**
 * What a node may not say of itself, beyond what NodeRestriction keeps from it: its pod network and whatever else of its spec is for others
 * to decide, and an address that is another's. API servers, routes and certificates go by these.
 * Source: kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy
 */
export function nodeAdmission(spec: ClusterSpec, machines: readonly MachinePlan[]): Manifest {
  return { path: "manifests/node-admission.yaml", objects: [policy(spec, machines), binding()] };
}

const policy = (spec: ClusterSpec, machines: readonly MachinePlan[]): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["nodes", "nodes/status"] }],
    },
    matchConditions: [{ name: "by-a-node", expression: "request.userInfo.groups.exists(group, group == 'system:nodes')" }],
    variables: [
      { name: "machineNetwork", expression: list(spec.networking.machineNetwork) },
      { name: "reserved", expression: list(reservedAddresses(spec)) },
      { name: "planned", expression: addressMap(machines) },
      { name: "name", expression: "object.metadata.name" },
      { name: "reported", expression: "has(object.status) && has(object.status.addresses) ? object.status.addresses : []" },
      // What stays as it was is not the node's doing: whoever else set it may.
      { name: "kept", expression: "oldObject != null && has(oldObject.status) && has(oldObject.status.addresses) ? oldObject.status.addresses : []" },
    ],
    validations: [
      {
        expression: "request.operation != 'CREATE' || !(has(object.spec.podCIDR) || has(object.spec.podCIDRs) || has(object.spec.providerID))",
        message: "a node does not choose its own podCIDR or providerID",
      },
      { expression: "request.operation != 'UPDATE' || object.spec == oldObject.spec", message: "a node does not change its own spec" },
      {
        expression: `variables.reported.all(each, variables.kept.exists(old, old.type == each.type && old.address == each.address) || ${ALLOWED})`,
        message: "a node may report only its own name, and an address that its machine may have",
      },
    ],
  },
});

/** Addresses are compared as such: the same one can be written in several ways. A machine whose address is planned has no other. */
const ALLOWED = `(
  each.type == 'Hostname' ? each.address == variables.name :
  each.type == 'InternalIP' && isIP(each.address) && (variables.name in variables.planned ?
    variables.planned[variables.name].exists(own, ip(own) == ip(each.address)) :
    variables.machineNetwork.exists(network, cidr(network).containsIP(ip(each.address))) &&
      !variables.reserved.exists(other, ip(other) == ip(each.address)) &&
      !variables.planned.exists(name, variables.planned[name].exists(other, ip(other) == ip(each.address)))))`.replaceAll(/\s*\n\s*/g, " ");

const binding = (): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, validationActions: ["Deny"] },
});

function addressMap(machines: readonly MachinePlan[]): string {
  const planned = machines.filter((machine) => plannedAddresses(machine).length > 0);
  return `{${planned.map((machine) => `${literal(machine.name)}: ${list(plannedAddresses(machine))}`).join(", ")}}`;
}

const list = (values: readonly string[]): string => `[${values.map(literal).join(", ")}]`;
/** A CEL string: JSON's are among them. */
const literal = (value: string): string => JSON.stringify(value);
