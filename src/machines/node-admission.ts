import type { Manifest } from "../pulumi/kubernetes/index.ts";

const NAME = "virt-ipi-machine-nodes";

/**
 * What the Node of a Machine may say of its addresses, beside what `manifests/node-admission.yaml` knows by the plan: those of its Machine, and never
 * those of another. They come from whoever made the machine. For after the definition of Machines, since a policy whose parameters have no kind
 * refuses everything.
 *
 * Each rule is tried with each Machine: none may be broken. A Node without a Machine has no more than the plan gives it.
 * Source: kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy, "Parameter resources"
 * @param planned names of the installer's machines, whose addresses the plan knows
 */
export function machineNodeAdmission(namespace: string, planned: readonly string[]): readonly Manifest[] {
  return [policy(planned), binding(namespace)];
}

const policy = (planned: readonly string[]): Manifest => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    failurePolicy: "Fail",
    paramKind: { apiVersion: "machine.openshift.io/v1beta1", kind: "Machine" },
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["nodes", "nodes/status"] }],
    },
    matchConditions: [{ name: "by-a-node", expression: "request.userInfo.groups.exists(group, group == 'system:nodes')" }],
    variables: [
      { name: "planned", expression: JSON.stringify(planned) },
      { name: "isOwn", expression: "params.metadata.name == object.metadata.name" },
      { name: "reported", expression: "has(object.status) && has(object.status.addresses) ? object.status.addresses : []" },
      // What stays as it was is not the node's doing.
      { name: "kept", expression: "oldObject != null && has(oldObject.status) && has(oldObject.status.addresses) ? oldObject.status.addresses : []" },
      {
        name: "added",
        expression:
          "variables.reported.filter(each, isIP(each.address) && !variables.kept.exists(old, old.type == each.type && old.address == each.address))",
      },
      {
        name: "ofMachine",
        expression: "has(params.status) && has(params.status.addresses) ? params.status.addresses.filter(each, isIP(each.address)) : []",
      },
    ],
    validations: [
      {
        expression: `variables.isOwn || !variables.added.exists(each, ${IS_OF_MACHINE})`,
        message: "a node may not report the address of another Machine",
      },
      {
        // As long as none is known, as on a bridge whose addresses others give, only the plan's rules hold.
        expression: `!variables.isOwn || object.metadata.name in variables.planned || size(variables.ofMachine) == 0 || variables.added.all(each, ${IS_OF_MACHINE})`,
        message: "the node of a Machine may report only the Machine's addresses",
      },
    ],
  },
});

/** Addresses are compared as such: the same one can be written in several ways. */
const IS_OF_MACHINE = "variables.ofMachine.exists(own, ip(own.address) == ip(each.address))";

const binding = (namespace: string): Manifest => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, paramRef: { namespace, selector: {}, parameterNotFoundAction: "Allow" }, validationActions: ["Deny"] },
});
